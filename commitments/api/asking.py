"""The parameters of a question, each checked, and every mistake named at once."""

import datetime as dt
from dataclasses import dataclass, field

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.api.problems import wrong
from commitments.changes import WHAT
from commitments.filters import CommitmentFilter, DayField
from commitments.models import Plan
from commitments.models.bilingual import CODE

USUAL_LIMIT, MOST = 100, 1_000
# Changes are told in words, one by one.
MOST_CHANGES = 100


class Fields(forms.CharField):
    """Names of columns, separated by commas."""

    known = ()

    def clean(self, value):
        names = [each.strip() for each in super().clean(value).split(",") if each.strip()]
        unknown = [name for name in names if name not in self.known]
        if unknown:
            raise forms.ValidationError(
                _("There is no field “%(name)s”. There are: %(known)s."),
                params={"name": unknown[0], "known": ", ".join(self.known)},
            )
        return names


class OnlyFields(forms.Form):
    """What a single row takes."""

    fields = Fields(label=gettext_lazy("the fields wanted, with commas between"), required=False)


class Paging(OnlyFields):
    """What every list takes."""

    page = forms.IntegerField(
        label=gettext_lazy("the page, from 1"), required=False, min_value=1, max_value=10**6
    )
    limit = forms.IntegerField(
        label=gettext_lazy("rows on a page"), required=False, min_value=1, max_value=MOST
    )


class OfPlan(Paging):
    """What a list of one plan's rows takes, where they have no days of their own."""

    plan = forms.ChoiceField(
        label=gettext_lazy("code of the plan; usually the first that is open"), required=False
    )


class OfPlanOnDay(OfPlan):
    """What a list takes whose rows are known from one day to another."""

    as_of = DayField(
        label=gettext_lazy("the day to show, as 2026-01-31; usually today"), required=False
    )


class OfCommitments(OfPlanOnDay):
    commitment = forms.RegexField(
        rf"\A{CODE}\Z", label=gettext_lazy("code of a commitment"), required=False
    )


class OfIndicators(OfPlanOnDay):
    indicator = forms.RegexField(
        rf"\A{CODE}\Z", label=gettext_lazy("code of an indicator"), required=False
    )


class OfChanges(OfPlanOnDay):
    limit = forms.IntegerField(
        label=gettext_lazy("rows on a page"), required=False, min_value=1, max_value=MOST_CHANGES
    )
    kind = forms.MultipleChoiceField(
        label=gettext_lazy("kind of change, any number of times"),
        required=False,
        choices=[(what.value, word) for what, word in WHAT.items()],
    )
    since = DayField(label=gettext_lazy("the first day wanted"), required=False)


FORMS = {
    "": OnlyFields,
    "plans": Paging,
    "targets": OfCommitments,
    "milestones": OfCommitments,
    "updates": OfCommitments,
    "amendments": OfCommitments,
    "assessments": OfCommitments,
    "observations": OfIndicators,
    "changes": OfChanges,
    "documents": OfPlanOnDay,
    "reports": OfPlanOnDay,
}
# Parameters that may be given any number of times.
MANY = {"kind"}


def form_of(name):
    """The form of a list's own parameters; that of the commitments has those of the filter too."""
    return FORMS.get(name, OfPlan)


@dataclass
class Question:
    """What is asked for, ready to be answered."""

    plan: Plan | None
    day: dt.date
    page: int = 1
    limit: int = USUAL_LIMIT
    fields: list = field(default_factory=list)
    values: dict = field(default_factory=dict)


def read(name, data, known):
    """The `Question` of a list's query string, or without a name of a single row's.

    Raises `Problem` with every mistake.
    """
    form = form_of(name)(data)
    plans = [*Plan.objects.open()] if "plan" in form.fields else []
    today = timezone.localdate()
    form.fields["fields"].known = known
    if "plan" in form.fields:
        form.fields["plan"].choices = [(plan.code, plan.code) for plan in plans]
    for each in ("as_of", "since"):
        if each in form.fields:
            form.fields[each].latest = today
    mistakes = [*unknown(data, form.fields), *twice(data)]
    mistakes += [
        (field, readable(message)) for field, found in form.errors.items() for message in found
    ]
    if mistakes:
        raise wrong(*mistakes)
    given = form.cleaned_data
    plan = next((each for each in plans if given.get("plan") in ("", each.code)), None)
    return Question(
        plan=plan,
        day=given.get("as_of") or today,
        page=given.get("page") or 1,
        limit=given.get("limit") or USUAL_LIMIT,
        fields=given["fields"],
        values=given,
    )


def read_commitments(data, known):
    """The `Question` about commitments, and the pages' own filter of them."""
    own = {name: data.getlist(name) for name in Paging.base_fields if name in data}
    kept = data.copy()
    for name in own:
        del kept[name]
    found = CommitmentFilter(kept, today=timezone.localdate())
    mistakes = [*unknown(kept, CommitmentFilter.base_filters)]
    mistakes += [(field.name, readable(message)) for field, message in found.problems]
    form = Paging({name: values[-1] for name, values in own.items()})
    form.fields["fields"].known = known
    mistakes += twice(data, Paging.base_fields)
    mistakes += [
        (field, readable(message)) for field, got in form.errors.items() for message in got
    ]
    if mistakes:
        raise wrong(*mistakes)
    given = form.cleaned_data
    question = Question(
        plan=found.chosen_plan,
        day=found.day,
        page=given["page"] or 1,
        limit=given["limit"] or USUAL_LIMIT,
        fields=given["fields"],
    )
    return question, found


def unknown(data, known):
    for name in data:
        if name not in known:
            yield (
                readable(name)[:100],
                _("There is no such parameter. There are: %(known)s.")
                % {"known": ", ".join(known)},
            )


def twice(data, among=None):
    names = data if among is None else [name for name in data if name in among]
    return [
        (name, _("Given more than once."))
        for name in names
        if name not in MANY and len(data.getlist(name)) > 1
    ]


def readable(text):
    return str(text).replace("\0", "\N{REPLACEMENT CHARACTER}")
