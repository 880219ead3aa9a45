"""Nothing that is not published shows anywhere: every public address is walked, twice.

The first walk is of a register where all is public. Then come drafts, what waits for review, what
was returned, amendments and corrections of public facts that nobody published, a plan that is not
open, error reports: with a marker in every text and the same strange number in every number. The
second walk must find the same answers, byte for byte: not a count, a choice in a filter or a pixel
of a picture may differ. The markers then only say what it was that leaked.
"""

import datetime as dt
import re
import zipfile
from io import BytesIO
from itertools import count

from django.apps import apps
from django.db import models
from django.test import TestCase
from django.urls import URLResolver, get_resolver, reverse
from django.utils import translation

from commitments.api.answers import NAMES
from commitments.models import (
    Amendment,
    Commitment,
    Entry,
    Evidence,
    IssuedReport,
    Milestone,
    Observation,
    Plan,
    SendingCount,
    Target,
    UntrackedPassage,
    Update,
)
from commitments.models.workflow import Publishable, State
from commitments.views.archive import HELD
from tests.factories import (
    PDF,
    make_agency,
    make_amendment,
    make_commitment,
    make_error_report,
    make_evidence,
    make_indicator,
    make_issued_report,
    make_milestone,
    make_observation,
    make_plan,
    make_source,
    make_target,
    make_theme,
    make_update,
    make_user,
    moment,
)

MARKER = re.compile(r"zqleak-\d+", re.IGNORECASE)
NUMBER, YEAR = "73519.46", 2063
STRANGE = re.compile(r"73519|7\.35|\b2063\b")

ADOPTED, OPENED = dt.date(2021, 11, 5), dt.date(2022, 1, 10)
# One that is rebuilt from the sources' dates, and two on which the site was read.
REBUILT, EARLIER, DAY_BEFORE = dt.date(2021, 12, 1), dt.date(2023, 6, 30), dt.date(2024, 5, 31)
LATER = dt.date(2024, 6, 1)
# A text in every field means a withdrawal and a baseline too.
WITHDRAWN = {"withdrawn_on": dt.date(YEAR, 1, 1), "withdrawn_document_zh": "x"}
TEST = {"due_period": YEAR, "baseline_period": 2020, "baseline_value": 1}
DAYS = ("", *(f"?as_of={day}" for day in (REBUILT, EARLIER, DAY_BEFORE)))
FILTERED = (
    *DAYS,
    "?q=zqleak",
    f"?q={NUMBER}",
    f"?q={YEAR}",
    f"?due_year={YEAR}",
    "?sort=severity&page=2",
    "?status=unknown&agency=unknown&theme=unknown&due_year=unknown&as_of=unknown",
    f"?plan=unopened&as_of={EARLIER}",
)
# Of the one file that is public.
KEY = "0123456789abcdef" * 2
ONE = {"commitment": "ZZ-001", "plan": "open", "agency": "ours", "theme": "land"}

# Every name of the URLconf: what stands for its parameters, and the queries that mean something.
ADDRESSES = {
    "home": ([{}], FILTERED),
    "feed": ([{}], FILTERED),
    "calendar": ([{}], FILTERED),
    "commitments": ([{}], FILTERED),
    "commitments_feed": ([{}], FILTERED),
    "commitments_calendar": ([{}], FILTERED),
    "commitments_file": ([{"ext": ext} for ext in ("csv", "json", "xlsx")], FILTERED),
    "commitment": ([{"code": ONE["commitment"]}], DAYS),
    "commitment_feed": ([{"code": ONE["commitment"]}], DAYS),
    "commitment_calendar": ([{"code": ONE["commitment"]}], DAYS),
    "commitment_card": ([{"code": ONE["commitment"]}], [""]),
    "commitment_embed": ([{"code": ONE["commitment"]}], DAYS),
    "plan": ([{"code": ONE["plan"]}], DAYS),
    "plan_embed": ([{"code": ONE["plan"]}], DAYS),
    "agencies": ([{}], DAYS),
    "agency": ([{"code": ONE["agency"]}], DAYS),
    "agency_feed": ([{"code": ONE["agency"]}], DAYS),
    "agency_calendar": ([{"code": ONE["agency"]}], DAYS),
    "themes": ([{}], DAYS),
    "theme": ([{"code": ONE["theme"]}], DAYS),
    "theme_feed": ([{"code": ONE["theme"]}], DAYS),
    "theme_calendar": ([{"code": ONE["theme"]}], DAYS),
    "changes": ([{}], FILTERED),
    "corrections": ([{}], FILTERED),
    "report": ([{}], FILTERED),
    "archive": ([{}], [""]),
    "catalogue": ([{}], [""]),
    "api": ([{}], [""]),
    "api_root": ([{}], [""]),
    "api_schema": ([{}], [""]),
    "api_list": (
        [{"table": name} for name in NAMES],
        ["", "?limit=1000", f"?as_of={REBUILT}", f"?as_of={EARLIER}", "?plan=unopened", "?limit=0"],
    ),
    "api_one": (
        [
            {"table": "commitments", "key": ONE["commitment"]},
            {"table": "plans", "key": ONE["plan"]},
            {"table": "agencies", "key": ONE["agency"]},
            {"table": "themes", "key": ONE["theme"]},
            {"table": "reports", "key": "open-2024-01"},
        ],
        DAYS,
    ),
    "api_nothing": ([{"rest": "nowhere/at/all"}], [""]),
    "issued_reports": ([{}], [""]),
    "check_file": ([{}], ["", "?sha256=" + "0" * 64, "?sha256=x"]),
    "issued_report": ([{"number": number} for number in ("open-2024-01", "open-2024-03")], [""]),
    "issued_file": (
        [
            {"number": number, "language": "en", "ext": ext}
            for number in ("open-2024-01", "open-2024-03")
            for ext in ("json", "csv")
        ],
        [""],
    ),
    "report_difference": (
        [{"number": "open-2024-02", "since": since} for since in ("open-2024-01", "open-2024-03")],
        [""],
    ),
    "report_difference_file": ([{"number": "open-2024-02", "since": "open-2024-01"}], [""]),
    "method": ([{}], DAYS),
    "about": ([{}], DAYS),
    "accessibility": ([{}], DAYS),
    "data": ([{}], DAYS),
    "evidence": ([{"key": KEY}], [""]),
    # As short a register as this has no long file.
    "long_files": ([{}], ["", "?ext=xlsx"]),
    "long_file": ([{"key": KEY}], [""]),
    "long_file_content": ([{"key": KEY}], [""]),
    "report_error": ([{}], [*DAYS, "?about=ZZ-001"]),
    "report_thanks": ([{"reference": "2345-6789"}], [""]),
    "favicon": ([{}], [""]),
    "robots": ([{}], [""]),
    "security_txt": ([{}], [""]),
    "sitemap": ([{}], [""]),
    "sitemap_pages": ([{}], [""]),
    "sitemap_part": ([{"number": number} for number in (1, 2)], [""]),
}
URLCONFS = ("tracker.urls", "tracker.large_urls")
LANGUAGES = ("zh-hans", "en")

# Tables without a workflow: what the public sees of them hangs on a published promise or an open
# plan; and those of which it sees nothing.
REFERRED_TO = {"plan", "sourcedocument", "agency", "theme", "indicator", "assessment"}
REFERRED_TO |= {"untrackedpassage", "evidence"}
# With a workflow of their own: some that are issued, some that are not.
ISSUED = {"issuedreport", "issuedfile"}
PRIVATE = {"errorreport", "sendingcount", "appointment", "entry", "sheetimport", "sentform"}
PRIVATE |= {"revision", "reminder", "longfile", "secondfactor", "loginrule"}


def names(patterns):
    for pattern in patterns:
        if not isinstance(pattern, URLResolver):
            yield pattern.name
        elif pattern.namespace != "admin":
            yield from names(pattern.url_patterns)


def at(name, query="", **parameters):
    """The addresses of a name in both languages and sizes; a file has one size."""
    found = {}
    for urlconf in URLCONFS:
        for language in LANGUAGES:
            with translation.override(language):
                found[reverse(name, urlconf=urlconf, kwargs=parameters) + query] = True
    return [*found]


def walk(client):
    """What every public address answers: {address: (status, headers, {part: bytes})}.

    Large text is walked without a query only: the views are the same.
    """
    # The revision rises at the end of a transaction, to which a test does not come.
    HELD.mark = None
    return {
        address: answer(client, address)
        for name, (each, queries) in ADDRESSES.items()
        for parameters in each
        for query in queries
        for address in at(name, query, **parameters)
        if not (query and "/large/" in address)
    }


def answer(client, address):
    response = client.get(address)
    body = b"".join(response) if response.streaming else response.content
    # A form's key is another one each time, and so is when a page that is not kept went stale.
    body = re.sub(rb'name="key" value="[^"]*"', b"", body)
    parts = {"": body}
    if body.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(body)) as book:
            parts = {name: book.read(name) for name in book.namelist()}
    headers = sorted(item for item in response.headers.items() if item[0] != "Expires")
    return response.status_code, headers, parts


def leaks(answers):
    """What of the hidden is in the answers, each with its address."""
    found = {}
    for address, (_status, headers, parts) in answers.items():
        texts = [str(headers), *(part.decode(errors="ignore") for part in parts.values())]
        # Whoever searches for the strange number reads it in the search field, and no more.
        seen = {mark for text in texts for mark in MARKER.findall(text)}
        if "q=" not in address and "due_year=" not in address and not address.endswith(".png"):
            seen |= {mark for text in texts for mark in STRANGE.findall(text.replace(",", ""))}
        if seen:
            found[address] = sorted(seen)
    return found


class Marks:
    """Fills whatever a record can say with what must not be read."""

    def __init__(self):
        self.numbers = count(1)

    def __call__(self, record, *kept):
        values = {
            field.name: self.value(field)
            for field in record._meta.concrete_fields
            if not (field.primary_key or field.is_relation or field.choices or field.name in kept)
        }
        values = {name: value for name, value in values.items() if value is not None}
        type(record).objects.filter(pk=record.pk).update(**values)
        record.refresh_from_db()
        return record

    def value(self, field):
        marker = f"ZQLEAK-{next(self.numbers)}"
        if isinstance(field, models.URLField):
            return f"https://{marker}.example/"
        if isinstance(field, models.EmailField):
            return f"{marker}@example.org"
        if isinstance(field, models.CharField | models.TextField):
            return marker if (field.max_length or 99) >= len("ZQLEAK-9999") else None
        return NUMBER if isinstance(field, models.DecimalField) else None


def in_state(record, state):
    """Move a draft to a state of the workflow, with what the state asks for."""
    when, who = moment(EARLIER), make_user("writer")
    values = {"state": state, "submitted_at": when, "submitted_by": who}
    if state == State.RETURNED:
        values |= {"returned_at": when, "returned_by": make_user("reviewer")}
        values["return_note"] = "ZQLEAK-0"
    if state != State.DRAFT:
        type(record).objects.filter(pk=record.pk).update(**values)


def make_public(opened_on=OPENED):
    """One open plan: a promise with its test, figures, a correction, steps and words, and another
    without."""
    staff = make_user("ZQLEAK-1", first_name="ZQLEAK-2", email="ZQLEAK-3@example.org")
    plan = make_plan(code="open", adopted_on=ADOPTED, opened_on=opened_on)
    source = make_source(plan)
    agency, theme = make_agency(code="ours"), make_theme(code="land")
    common = {"source": source, "lead_agency": agency, "theme": theme, "by": staff}
    commitment = make_commitment(code="ZZ-001", **common)
    make_commitment(code="ZZ-002", due_year=None, **common)
    target = make_target(commitment, by=staff, baseline_period=2020, baseline_value=200)
    for period, value in ((2021, 240), (2022, 280), (2022, 282), (2023, 310)):
        figure = make_observation(target.indicator, period, value, by=staff)
    make_evidence(figure, key=KEY)
    make_milestone(commitment, by=staff, done_on=dt.date(2023, 5, 5))
    make_update(commitment, by=staff)
    make_error_report(commitment, reference="2345-6789")
    for day in (EARLIER, DAY_BEFORE):
        make_issued_report(plan, day, at=moment(LATER))
    return commitment


def make_parts(commitment, indicator, marks, **how):
    """What a promise can have: new, due in the strange year, known on the days rebuilt."""
    target = make_target(commitment, indicator=indicator, **TEST, **how)
    milestone = make_milestone(commitment, due_on=dt.date(YEAR, 1, 1), **how)
    figures = [
        make_observation(indicator, period, 1, published_on=day, **how)
        for period, day in ((2020, ADOPTED), (2023, dt.date(2024, 2, 1)))
    ]
    update = make_update(commitment, dated_on=ADOPTED, **how)
    for part in (*figures, update):
        make_evidence(part, "ZQLEAK-0.pdf", PDF + b"ZQLEAK-0")
    parts = [target, milestone, update, *figures]
    # A stranger's figure for this very year would be no draft of this fact.
    return [marks(part, "definition_zh", "standard") for part in parts]


def make_hidden(public, marks):
    """Everything there can be beside it; returns the codes of what a stranger might ask for."""
    codes = {"commitment": set()}
    agency, theme = marks(make_agency()), marks(make_theme())
    target = public.targets.get()
    step = public.milestones.get()
    figure = target.indicator.observations.live().get(period="2023")
    hidden = {"published": False}
    for state in (State.DRAFT, State.IN_REVIEW, State.RETURNED):
        promise = make_commitment(
            lead_agency=agency, theme=theme, due_year=YEAR, **WITHDRAWN, **hidden
        )
        promise.supporting_agencies.add(public.lead_agency)
        marks(promise, "quote")
        ours = make_parts(promise, marks(make_indicator()), marks, **hidden)
        theirs = make_parts(public, target.indicator, marks, **hidden)
        test = TEST | {"indicator": target.indicator} | hidden
        changed = [
            marks(make_target(public, code=target.code, **test), "code", "standard"),
            marks(make_target(public, amends=target, reason_zh="x", **test), "standard"),
            marks(make_milestone(public, code=step.code, **hidden), "code"),
            marks(
                make_observation(
                    target.indicator, 2023, 1, published_on=figure.published_on, **hidden
                ),
                "definition_zh",
            ),
        ]
        # Only one of a promise can be undecided.
        amended = public.plan.commitments.filter(amendments=None).order_by("code").first()
        changed.append(marks(make_amendment(amended)))
        for record in (promise, *ours, *theirs, *changed):
            in_state(record, state)
        codes["commitment"].add(promise.code)
    public.supporting_agencies.through.objects.filter(agency=agency).delete()
    for state in ("returned", "in_review"):
        make_issued_report(
            public.plan,
            REBUILT,
            state=state,
            at=moment(LATER),
            supersedes=IssuedReport.objects.get(number="open-2024-01"),
            reason_zh="ZQLEAK-0",
            reason_en="ZQLEAK-0",
        )
    plan = make_unopened(agency, theme, marks)
    marks(make_error_report(public, email="who@example.org", source_url="https://example.org/"))
    Entry.objects.create(
        by=make_user(), at=moment(LATER), action="changed", name="ZQLEAK-0", why="ZQLEAK-0"
    )
    SendingCount.objects.create(hour=moment(EARLIER), sender="beef", count=7)
    return codes | {"plan": {plan.code}, "agency": {agency.code}, "theme": {theme.code}}


def make_unopened(agency, theme, marks):
    """A plan in which all is published, and which was open once and is no more."""
    plan = marks(make_plan(adopted_on=ADOPTED, opened_on=OPENED))
    source = make_source(plan)
    promise = make_commitment(
        source=source, lead_agency=agency, theme=theme, due_year=YEAR, **WITHDRAWN
    )
    for part in make_parts(promise, marks(make_indicator()), marks, published=True):
        part.refresh_from_db()
    passage = {"code": "unopened", "quote": "x", "quote_start": 0, "reason": "explains"}
    marks(UntrackedPassage.objects.create(source=source, **passage))
    marks(source, "text")
    marks(promise, "quote")
    Plan.objects.filter(pk=plan.pk).update(opened_on=None)
    return plan


class TestLeaks(TestCase):
    @classmethod
    def setUpTestData(cls):
        public = make_public()
        cls.before = walk(cls.client_class())
        cls.codes = make_hidden(public, Marks())
        cls.after = walk(cls.client_class())

    def test_every_address_is_walked(self):
        for urlconf in URLCONFS:
            assert {*names(get_resolver(urlconf).url_patterns)} == ADDRESSES.keys()

    def test_every_table_is_thought_of(self):
        hidden = {Amendment, Commitment, Target, Milestone, Observation, Update}
        for model in apps.get_app_config("commitments").get_models():
            if issubclass(model, Publishable):
                assert model in hidden
                states = {*model.objects.values_list("state", flat=True)}
                assert states >= {State.DRAFT, State.IN_REVIEW, State.RETURNED}
            elif not model._meta.auto_created:
                assert model._meta.model_name in REFERRED_TO | PRIVATE | ISSUED

    def test_the_walk_reads_what_is_public(self):
        found = {status for status, _headers, _parts in self.before.values()}
        assert found == {200, 302, 400, 404}
        for address in ("/", "/en/large/commitments/", "/commitments/ZZ-001/card.png"):
            assert self.before[address][0] == 200
        _status, _headers, parts = self.before["/commitments.xlsx"]
        assert b"ZZ-001" in b"".join(parts.values())

    def test_nothing_hidden_changes_any_answer(self):
        assert self.before.keys() == self.after.keys()
        assert [a for a in self.before if self.before[a] != self.after[a]] == []

    def test_nothing_hidden_is_read_anywhere(self):
        assert leaks(self.after) == {}

    def test_what_is_hidden_is_not_found_just_as_what_never_was(self):
        for name, (each, _queries) in ADDRESSES.items():
            if "code" in each[0]:
                for code in self.codes[name.partition("_")[0]]:
                    for address in at(name, code=code):
                        with self.subTest(address):
                            assert self.asked(address)[0] == 404
                            self.is_as_never(address, code)

    def test_the_files_of_what_is_hidden_are_not_there(self):
        hidden = Evidence.objects.exclude(key=KEY).values_list("key", flat=True)
        assert len(hidden) > 10
        for key in hidden:
            for address in at("evidence", key=key):
                with self.subTest(address):
                    assert self.asked(address)[0] == 404

    def test_a_filter_knows_no_more_of_it_than_of_what_never_was(self):
        for name, (each, queries) in ADDRESSES.items():
            if queries is FILTERED:
                for field, codes in self.codes.items():
                    field = "code" if field == "commitment" else field
                    address = at(name, f"?{field}={min(codes)}", **each[0])[0]
                    with self.subTest(address):
                        self.is_as_never(address, min(codes))

    def is_as_never(self, address, code):
        never = code.replace("ZQLEAK", "ZQNONE")
        status, said = self.asked(address.replace(code, never))
        # Compared first: a difference of whole pages takes minutes to print.
        is_same = self.asked(address) == (status, said.replace(never, code))
        assert is_same

    def asked(self, address):
        status, headers, parts = answer(self.client, address)
        return status, str((headers, parts))


class TestPastDays(TestCase):
    """A day shows what was public on it, not what came since."""

    @classmethod
    def setUpTestData(cls):
        # Nothing is rebuilt: what was published late would rightly be known on an earlier day.
        public = make_public(opened_on=ADOPTED)
        cls.before = cls.walk()
        marks = Marks()
        how = {"at": moment(LATER)}
        promise = make_commitment(
            lead_agency=marks(make_agency()), theme=marks(make_theme()), **WITHDRAWN, **how
        )
        marks(promise, "quote", "quote_start")
        for part in make_parts(promise, marks(make_indicator()), marks, **how):
            assert part.is_published
        make_parts(public, marks(make_indicator()), marks, **how)
        target = public.targets.get(code="ZZ-001.1")
        make_observation(target.indicator, 2023, 1, published_on=dt.date(2024, 3, 2), **how)
        cls.after = cls.walk()

    @classmethod
    def walk(cls):
        return {
            address: cls.shown(answer(cls.client_class(), address))
            for name, (each, queries) in ADDRESSES.items()
            # A frame shows today whatever it is asked.
            if (queries in (DAYS, FILTERED) or name == "api_list") and not name.endswith("_embed")
            for parameters in (each if name == "api_list" else each[:1])
            for address in at(name, f"?as_of={DAY_BEFORE}", **parameters)
        }

    @staticmethod
    def shown(answered):
        """Without what the list's filter offers, which is today's whatever the day."""
        _status, _headers, parts = answered
        return [re.sub(rb"<form.*?</form>", b"", part, flags=re.DOTALL) for part in parts.values()]

    def test_read_the_same_after_more_was_published(self):
        assert [a for a in self.before if self.before[a] != self.after[a]] == []

    def test_and_today_shows_it(self):
        assert "ZQLEAK" in self.client.get("/commitments/").content.decode()
