"""Filters of the list of commitments by how each stands today, on each of its axes."""

from django.contrib import admin
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commitments.desk import Reporting, Waits, conditions, reporting
from commitments.labels import STATUS, choices
from commitments.models import Assessment, Commitment

WAITS = {
    Waits.OVERDUE: _("due and not reported"),
    Waits.STALE: _("figures out of date"),
    Waits.THIS_YEAR: _("due this year, no figure yet"),
}
REPORTING = {
    Reporting.COMPLETE: _("complete"),
    Reporting.LATE: _("late"),
    Reporting.NEVER: _("never"),
    Reporting.NOTHING: _("no figure expected"),
}


def todays_assessments():
    today = timezone.localdate()
    return Assessment.objects.filter(starts_on__lte=today, ends_on__gt=today)


# Of all that is public today, however it is reported.
ANY = "any"


class TodayFilter(admin.SimpleListFilter):
    """Of what the public can read today; `condition` is asked of its `standing`."""

    words = {}

    def lookups(self, request, model_admin):
        return choices(self.words)

    def queryset(self, request, queryset):
        today = timezone.localdate()
        if self.value() not in dict(self.lookup_choices):
            return queryset
        found = Commitment.objects.shown_on(today).filter(self.condition(self.value(), today))
        return queryset.filter(pk__in=found.values("pk"))


class StandingFilter(TodayFilter):
    title = _("status today")
    parameter_name = "status"
    words = STATUS

    def condition(self, value, today):
        return Q(standing__status=value)


class WaitsFilter(TodayFilter):
    title = _("what it waits for")
    parameter_name = "waits"
    words = WAITS

    def condition(self, value, today):
        return conditions(today)[Waits(value)]


class ReportingFilter(TodayFilter):
    title = _("reporting")
    parameter_name = "reporting"
    words = REPORTING

    def lookups(self, request, model_admin):
        return [(ANY, _("public today")), *super().lookups(request, model_admin)]

    def condition(self, value, today):
        return Q() if value == ANY else reporting(today)[Reporting(value)]
