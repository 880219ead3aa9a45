"""Promises that wait for something, as the desk and the reminders tell of them."""

import datetime as dt

from django.utils import timezone

from tests.factories import make_commitment, make_milestone, make_observation, make_target

TODAY = timezone.localdate()
YEAR = TODAY.year
LATELY = dt.date(YEAR - 1, 12, 31)
MIDSUMMER = dt.date(YEAR - 1, 6, 30)


def make_register(agency):
    """One promise for each thing that a desk tells of, and some that wait for nothing."""
    made = {}
    # Not TODAY: a run that began before midnight may get here after it.
    today = timezone.localdate()

    def promise(name, due, *periods, **fields):
        made[name] = make_commitment(lead_agency=agency, due_year=due, **fields)
        target = make_target(made[name], due_period=due)
        for period in periods:
            make_observation(target.indicator, period, 300, published_on=LATELY)

    # Its figures are out of date as well, and it is told of once.
    promise("awaited", YEAR - 1, YEAR - 4)
    promise("unreported", YEAR - 3)
    promise("stale", YEAR + 2, YEAR - 4)
    promise("this year", YEAR)
    promise("later", YEAR + 3)
    promise("fresh", YEAR + 2, YEAR - 1)
    promise("withdrawn", YEAR - 2, withdrawn_on=LATELY, withdrawn_document_zh="文件")
    made["words"] = make_commitment(lead_agency=agency, due_year=None)
    made["step"] = make_commitment(lead_agency=agency)
    make_milestone(made["step"], due_on=MIDSUMMER)
    make_milestone(made["step"], due_on=today + dt.timedelta(days=10))
    made["step to come"] = make_commitment(lead_agency=agency)
    make_milestone(made["step to come"], due_on=today)
    return made
