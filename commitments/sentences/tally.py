"""An every-year test's count: "5年中4年", with the years that failed or lack a figure."""

from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from commitments.domain.periods import Period
from commitments.formats import listed, short_period


class Tally:
    """The stored tally of a test of every period, in words."""

    def __init__(self, details):
        self.total = details["total"]
        self.met, self.failed, self.missing = (
            [Period.parse(text) for text in details[name]] for name in ("met", "failed", "missing")
        )

    def __str__(self):
        return self.count + self.remarks

    @property
    def remarks(self):
        """In brackets, the periods that failed and those that lack a figure; or nothing."""
        found = []
        if self.failed:
            found.append(_("not in %(periods)s") % {"periods": named(self.failed)})
        if self.missing:
            found.append(_("no figure for %(periods)s") % {"periods": named(self.missing)})
        if not found:
            return ""
        joined = pgettext("between remarks", "; ").join(found)
        return pgettext("remarks", " (%(remarks)s)") % {"remarks": joined}

    @property
    def is_empty(self):
        """Whether no period could be judged."""
        return not self.met and not self.failed

    @property
    def count(self):
        words = {"met": len(self.met), "total": self.total}
        if self.is_of_years:
            return _("%(met)s of %(total)s years") % words
        return _("%(met)s of %(total)s periods") % words

    @cached_property
    def is_of_years(self):
        return all(period.parts == 1 for period in (*self.met, *self.failed, *self.missing))


def named(periods):
    """Periods in a row; three or more years that follow each other as 2021–2025."""
    if any(period.parts != 1 for period in periods):
        return listed(short_period(period) for period in periods)
    years = listed(run_of_years(run) for run in runs([period.year for period in periods]))
    return pgettext("years in a row", "%(years)s") % {"years": years}


def runs(years):
    found = []
    for year in years:
        if found and found[-1][-1] == year - 1:
            found[-1].append(year)
        else:
            found.append([year])
    return found


def run_of_years(run):
    if len(run) > 2:
        return f"{run[0]}–{run[-1]}"
    return listed(str(year) for year in run)
