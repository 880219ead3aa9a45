import datetime as dt

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from commitments import issuing
from commitments.admin.record import RecordAdmin
from commitments.admin.running import Outcome, Step, running_page
from commitments.issuing import NotIssued
from commitments.labels import STATUS
from commitments.models import IssuedReport, Plan
from commitments.sending import kept_answer

LONGEST_NOTE = 2000


class PrepareForm(forms.ModelForm):
    class Meta:
        model = IssuedReport
        fields = ["plan", "kind", "day", "supersedes", "reason_zh", "reason_en"]
        widgets = {
            "day": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "kind": forms.RadioSelect,
            "reason_zh": forms.Textarea({"rows": 3}),
            "reason_en": forms.Textarea({"rows": 3}),
        }
        help_texts = {
            "day": gettext_lazy("The report shows what the site showed at the end of this day."),
            "supersedes": gettext_lazy(
                "Only to replace a report that is wrong. Both stay public, and say so."
            ),
        }

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["plan"].queryset = Plan.objects.open()
        self.fields["plan"].empty_label = None
        self.fields["kind"].choices = IssuedReport.Kind.choices
        self.fields["kind"].initial = IssuedReport.Kind.QUARTERLY
        self.fields["day"].initial = today - dt.timedelta(days=1)
        taken = IssuedReport.objects.exclude(state=IssuedReport.State.RETURNED)
        taken = taken.filter(supersedes__isnull=False).values("supersedes")
        self.fields["supersedes"].queryset = IssuedReport.objects.issued().exclude(pk__in=taken)
        self.fields["supersedes"].empty_label = _("none")

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day >= self.today:
            raise forms.ValidationError(_("Choose a day that is over."), code="not_over")
        return day

    def clean(self):
        given = super().clean()
        plan, day, old = (given.get(name) for name in ("plan", "day", "supersedes"))
        if plan and day and day < plan.adopted_on:
            self.add_error("day", _("The plan was not adopted yet on this day."))
        if plan and old and old.plan_id != plan.pk:
            self.add_error("supersedes", _("This report is of another plan."))
        if old and not given.get("reason_zh"):
            self.add_error("reason_zh", _("Say why the earlier report is superseded."))
        if not old and (given.get("reason_zh") or given.get("reason_en")):
            self.add_error("supersedes", _("Choose the report that the reason is about."))
        return given


@admin.register(IssuedReport)
class IssuedReportAdmin(RecordAdmin):
    """Reports are prepared and decided on here; their files are made once."""

    fixed_fields = ()
    list_display = ["number", "plan", "kind", "day", "state", "prepared_by", "issued_at"]
    list_filter = ["state", "kind", "plan"]
    list_select_related = ["plan", "prepared_by"]

    def has_change_permission(self, request, obj=None):
        return False

    def why_kept(self, obj):
        return _("A report is kept: its number is in the world.")

    def get_urls(self):
        name = "commitments_issuedreport"
        return [
            path(
                "<int:object_id>/decide/",
                self.admin_site.admin_view(self.decide_view),
                name=f"{name}_decide",
            ),
            path(
                "<int:object_id>/files/<slug:language>.<slug:ext>",
                self.admin_site.admin_view(self.file_view),
                name=f"{name}_file",
            ),
            *super().get_urls(),
        ]

    # --- Preparing -----------------------------------------------------------------------------

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        now = timezone.now()
        given = request.POST if request.method == "POST" else None
        form = PrepareForm(given, today=timezone.localdate(now))
        title = _("Prepare a report")
        if given is not None and form.is_valid():
            steps = told_preparing(form.save(commit=False), by=request.user, at=now)
            return running_page(request, steps, back=request.path, title=title, opts=self.opts)
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "form": form,
        }
        return TemplateResponse(request, "admin/commitments/issue_prepare.html", context)

    # --- Looking and deciding --------------------------------------------------------------------

    def change_view(self, request, object_id, form_url="", extra_context=None):
        report = self.get_object(request, unquote(object_id))
        if report is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, report):
            raise PermissionDenied
        return self.look(request, report)

    def look(self, request, report, note="", lacks=""):
        earlier = IssuedReport.objects.issued().filter(plan=report.plan, day__lt=report.day)
        earlier = earlier.order_by("-day", "-issued_at").first()
        language = get_language()
        changes = []
        if earlier is not None:
            changes = issuing.differences(
                *(issuing.frozen(each, language) for each in (earlier, report))
            )
        context = {
            **self.admin_site.each_context(request),
            "title": _("Report no. %(number)s") % {"number": report.number},
            "opts": self.opts,
            "report": report,
            "lead": report.told[language]["lead"],
            "counts": [(STATUS[code], count) for code, count in report.counts.items() if count],
            "files": report.files.defer("content").order_by("-language", "ext"),
            "earlier": earlier,
            "changes": changes,
            "may_decide": issuing.may_decide(request.user, report),
            "is_own": report.is_waiting and report.prepared_by_id == request.user.pk,
            "note": note,
            "lacks": lacks,
        }
        return TemplateResponse(request, "admin/commitments/issue_look.html", context)

    def decide_view(self, request, object_id):
        report = self.get_object(request, str(object_id))
        if report is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(object_id))
        if request.method != "POST":
            return HttpResponseRedirect(address(report))
        note = request.POST.get("note", "").replace("\0", "").strip()[:LONGEST_NOTE]
        wish = request.POST.get("decision")
        if wish == "issue" and "was_read" not in request.POST:
            return self.look(request, report, note, lacks="was_read")
        if wish == "return" and not note:
            return self.look(request, report, note, lacks="note")
        try:
            if wish == "issue":
                issuing.issue(report, by=request.user, at=timezone.now())
                said = _("Issued: report no. %(number)s is public from now on.")
            elif wish == "return":
                issuing.send_back(report, note, by=request.user, at=timezone.now())
                said = _("Returned: report no. %(number)s.")
            else:
                return HttpResponseRedirect(address(report))
        except NotIssued as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.message_user(request, said % {"number": report.number}, messages.SUCCESS)
        return HttpResponseRedirect(address(report))

    def file_view(self, request, object_id, language, ext):
        report = self.get_object(request, str(object_id))
        if report is None or not self.has_view_permission(request, report):
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(object_id))
        file = report.files.filter(language=language, ext=ext).first()
        if file is None:
            raise Http404
        return kept_answer(file)


def told_preparing(report, *, by, at):
    yield Step(_("Reading the plan as it stood on that day."))
    try:
        for made in issuing.preparing(report, by=by, at=at):
            yield Step(_("Making the files of the report."), made.done, made.total)
    except NotIssued as error:
        back = reverse("admin:commitments_issuedreport_add")
        yield Outcome(str(error), back, _("Back to the form"), is_done=False)
    else:
        said = _("Report no. %(number)s is ready, and waits for a second person to issue it.")
        yield Outcome(said % {"number": report.number}, address(report), _("Look at the report"))


def address(report):
    return reverse("admin:commitments_issuedreport_change", args=[report.pk])
