"""How the commitments of a report stand: counts with their full denominator."""

from collections import Counter, defaultdict

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from commitments import formats
from commitments.domain.status import Group, Status
from commitments.exporters import report
from commitments.labels import STATUS
from commitments.models import Agency, Commitment, Theme
from commitments.overview import Tally, clauses


class Summary:
    """The counts of some commitments from `shown_on`, in the active language."""

    def __init__(self, commitments):
        self.by_status, self.tally = Counter(), Tally()
        self.by_agency, self.by_theme = defaultdict(Tally), defaultdict(Tally)
        found = (
            commitments.order_by()
            .values_list("standing__lead_agency", "standing__theme", "standing__status")
            .annotate(count=Count("pk"))
        )
        for agency, theme, status, count in found:
            self.by_status[status] += count
            for tally in (self.tally, self.by_agency[agency], self.by_theme[theme]):
                tally.add(status, count)

    @property
    def total(self):
        return self.tally.total

    @property
    def counts(self):
        """How many commitments have each status, those with none included."""
        return tuple(
            report.Count(status.value, str(STATUS[status]), self.by_status[status.value])
            for status in Status
        )

    @property
    def breakdowns(self):
        return (
            report.Breakdown(
                "agency",
                _("By lead agency"),
                pgettext("column", "Lead agency"),
                shares(Agency, self.by_agency),
            ),
            report.Breakdown(
                "theme",
                _("By theme"),
                pgettext("column", "Policy area"),
                shares(Theme, self.by_theme),
            ),
        )

    def lead(self, plans, day):
        """The counts in a sentence; where a filter narrows them, with what there is in all."""
        words = ngettext(
            "As of %(day)s, this report covers %(total)s promise%(of_all)s: ",
            "As of %(day)s, this report covers %(total)s promises%(of_all)s: ",
            self.total,
        ) % {
            "day": formats.day(day),
            "total": formats.number(self.total),
            "of_all": self.of_all(plans, day),
        }
        told = "".join(f"{clause.before}{clause.text}" for clause in clauses(self.tally))
        end = pgettext("end of a sentence", ".")
        if not told:
            return words.rstrip(" :：") + end
        return f"{words}{told}{end}".replace("\N{NO-BREAK SPACE}", " ")

    def of_all(self, plans, day):
        whole = Commitment.objects.shown_on(day).filter(plan__in=plans).count()
        if whole == self.total:
            return ""
        return _(" out of the %(whole)s in the plan") % {"whole": formats.number(whole)}


def shares(model, tallies):
    """Each agency or theme with its counts, most commitments first."""
    found = [
        report.Share(record.name, tuple(tally.counts[group] for group in Group))
        for record, tally in (
            (record, tallies[record.pk]) for record in model.objects.filter(pk__in=tallies)
        )
    ]
    return tuple(sorted(found, key=lambda share: -share.total))
