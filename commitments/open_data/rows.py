"""Rows of the public tables: what is published of open plans, and what of it was known on a day."""

import datetime as dt

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from commitments.models import Commitment, Indicator, Observation, Plan, SourceDocument, Target
from commitments.models.workflow import Superseding
from commitments.portrait import named_agencies, named_themes


def open_plans(plan):
    found = Plan.objects.open()
    return found if plan is None else found.filter(pk=plan.pk)


def commitments_of(plan):
    return Commitment.objects.published().filter(plan__in=open_plans(plan).order_by().values("pk"))


def of_commitments(model):
    def rows(plan):
        return model.objects.published().filter(commitment__in=commitments_of(plan).values("pk"))

    return rows


def indicators_of(plan):
    """What tests a public promise, or is shown beside one."""
    tests = of_commitments(Target)(plan)
    context = Commitment.context_indicators.through.objects.filter(
        commitment__in=commitments_of(plan).values("pk")
    )
    return Indicator.objects.filter(
        Q(pk__in=tests.values("indicator"))
        | Q(pk__in=tests.filter(comparator_indicator__isnull=False).values("comparator_indicator"))
        | Q(pk__in=context.values("indicator"))
    )


def observations_of(plan):
    return Observation.objects.published().filter(indicator__in=indicators_of(plan).values("pk"))


def documents_of(plan):
    shown = SourceDocument.objects.shown_on(timezone.localdate())
    return shown.filter(plan__in=open_plans(plan).order_by().values("pk")).defer("text")


def agencies_of(plan):
    found = named_agencies()
    if plan is None:
        return found
    leads = commitments_of(plan)
    return found.filter(
        Q(plans=plan)
        | Q(pk__in=leads.values("lead_agency"))
        | Q(pk__in=leads.values("supporting_agencies"))
    ).distinct()


def themes_of(plan):
    found = named_themes()
    return found if plan is None else found.filter(commitments__in=commitments_of(plan)).distinct()


def whatever_day(rows, day, plan):
    """For what has no days of its own."""
    return rows


def end_of(day):
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))


def known(told):
    """What was known on a day: shown here then, or told by its source where the plan was not open.

    `told` is the day its own source told it, as `facts.told_on` has it; of a row that was replaced,
    until its successor's was told.
    """

    def on(rows, day, plan):
        if day < plan.opened_on:
            rows = rows.annotate(told=told(""))
            ends = Q(replaced_by=None)
            if issubclass(rows.model, Superseding):
                rows = rows.annotate(told_after=told("replaced_by__"))
                ends |= Q(told_after__gt=day)
                return rows.filter(ends, told__lte=day)
            return rows.filter(told__lte=day)
        rows = rows.filter(published_at__lt=end_of(day))
        if issubclass(rows.model, Superseding):
            rows = rows.filter(Q(superseded_at=None) | Q(superseded_at__gte=end_of(day)))
        return rows

    return on


def shown(rows, day, plan):
    """Of promises, and what is theirs: those that the site showed on a day."""
    return rows.filter(pk__in=Commitment.objects.shown_on(day).values("pk"))


def of_the_day(rows, day, plan):
    return rows.filter(starts_on__lte=day, ends_on__gt=day)


def done_step(prefix):
    return Coalesce(F(f"{prefix}done_published_on"), F(f"{prefix}commitment__source__published_on"))
