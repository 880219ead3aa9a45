"""Whether a given file is one that was issued: by its SHA-256, which changes with every byte."""

import hashlib
import re

from django import forms
from django.conf import settings
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from commitments.models import IssuedFile, IssuedReport
from commitments.uploads import was_cut

SHA256 = re.compile(r"[0-9a-f]{64}")


class CheckForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("The file"), required=False, allow_empty_file=True)
    sha256 = forms.CharField(
        label=gettext_lazy("Or its SHA-256"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "size": 64}),
    )

    def __init__(self, *args, is_cut=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_cut = is_cut

    def clean_sha256(self):
        text = "".join(self.cleaned_data["sha256"].split()).lower()
        if text and not SHA256.fullmatch(text):
            raise forms.ValidationError(
                _("A SHA-256 has 64 signs, of 0 to 9 and a to f."), code="not_one"
            )
        return text

    def clean(self):
        given = super().clean()
        if self.is_cut:
            self.add_error(
                "file",
                _(
                    "The file has more than %(most)d MB. Work out its SHA-256 on your computer and "
                    "paste it below; the page says how."
                )
                % {"most": settings.UPLOAD_MAX_BYTES // 1_000_000},
            )
        elif not self.errors and not given.get("file") and not given.get("sha256"):
            raise forms.ValidationError(
                _("Choose a file, or paste a SHA-256."), code="nothing_given"
            )
        return given

    def checksum(self):
        file = self.cleaned_data["file"]
        if file is None:
            return self.cleaned_data["sha256"]
        found = hashlib.sha256()
        for chunk in file.chunks():
            found.update(chunk)
        return found.hexdigest()


# It changes nothing and says nothing of the visitor, so another site may send it as well.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def check_file(request):
    context = {"form": CheckForm(), "status": 200}
    if request.method == "POST":
        context = checked(CheckForm(request.POST, request.FILES, is_cut=was_cut(request)))
    elif "sha256" in request.GET:
        context = checked(CheckForm(request.GET))
    return render(request, "commitments/check_file.html", context, status=context["status"])


def checked(form):
    if not form.is_valid():
        return {"form": form, "status": 400}
    sha256 = form.checksum()
    found = IssuedFile.objects.filter(
        sha256=sha256, report__in=IssuedReport.objects.issued().order_by()
    )
    files = [*found.defer("content").select_related("report__plan").order_by("report__number")]
    return {
        "form": CheckForm(),
        "status": 200,
        "sha256": sha256,
        "file_name": form.cleaned_data["file"].name if form.cleaned_data["file"] else "",
        "found": [(file, file.report.successor) for file in files],
        "is_checked": True,
    }
