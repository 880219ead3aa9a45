"""Plain records for tests: valid by default, never random, any field can be given.

What is made is public unless `published=False` is passed. A fact is published here on the day its
source is, and what depends on it is assessed at once. Nothing reads the clock.
"""

import datetime as dt
from decimal import Decimal
from unittest import mock

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.utils import timezone

from commitments import issuing
from commitments.actions.assessing import reassess
from commitments.actions.publishing import publish
from commitments.actions.sheet_importing import upload
from commitments.domain.periods import Period
from commitments.models import (
    Agency,
    Amendment,
    Appointment,
    Commitment,
    ErrorReport,
    Evidence,
    Indicator,
    IssuedReport,
    Milestone,
    Observation,
    Plan,
    SecondFactor,
    SourceDocument,
    Target,
    Theme,
    UntrackedPassage,
    Update,
)
from commitments.models.source_document import sha256_of
from commitments.models.workflow import State

OPENED_ON = dt.date(2021, 11, 5)
QUOTE = "到2025年,市级以上农业龙头企业达到350家以上"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
TEXT = f"市农业农村局负责人介绍:{QUOTE}。"


def moment(day):
    """Nine in the morning of a day, in the register's time zone."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time(9)))


def make_user(username="editor", **fields):
    found = get_user_model().objects.filter(username=username).first()
    return found or get_user_model().objects.create_user(username, **fields)


def make_staff(role, *agencies, covers="lead", username=None, **fields):
    """A person with a role; the agencies are an editor's."""
    user = make_user(username or role, **fields)
    user.is_staff = True
    user.save()
    appointment = Appointment.objects.create(user=user, role=role, covers=covers)
    appointment.agencies.set(agencies)
    return user


def make_factor(user, **fields):
    """A second log-in step that the person has set up."""
    at = timezone.now()
    defaults = {"seed": "0" * 32, "set_up_at": at, "codes_made_at": at, "last_step": 0}
    return SecondFactor.objects.create(user=user, **defaults | fields)


def next_code(model, prefix):
    return f"{prefix}-{model.objects.count() + 1:03d}"


def first_or_made(model, make):
    """What a record hangs on when the test does not say: the first there is, else a new one."""
    return model.objects.order_by("pk").first() or make()


def make_plan(**fields):
    code = fields.pop("code", None) or next_code(Plan, "plan")
    defaults = {
        "title_zh": "株洲市规划",
        "title_en": "Zhuzhou plan",
        "issuer_zh": "株洲市",
        "issuer_en": "City of Zhuzhou",
        "adopted_on": OPENED_ON,
        "period_start": 2021,
        "period_end": 2026,
        "opened_on": OPENED_ON,
    }
    return Plan.objects.create(code=code, **(defaults | fields))


def make_source(plan=None, **fields):
    defaults = {
        "code": next_code(SourceDocument, "source"),
        "title_zh": "新闻发布会报道",
        "title_en": "Report of the press conference",
        "publisher_zh": "株洲日报",
        "publisher_en": "Zhuzhou Daily",
        "published_on": OPENED_ON,
        "url": "https://example.org/report",
        "text": TEXT,
    }
    values = defaults | fields
    values.setdefault("sha256", sha256_of(values["text"]))
    return SourceDocument.objects.create(plan=plan or first_or_made(Plan, make_plan), **values)


def make_passage(source, quote, **fields):
    """Words of a source that are left out, because they look back unless told otherwise."""
    defaults = {
        "code": next_code(UntrackedPassage, "passage"),
        "quote_start": source.text.index(quote),
        "reason": UntrackedPassage.Reason.LOOKS_BACK,
    }
    made = UntrackedPassage(source=source, quote=quote, **(defaults | fields))
    made.full_clean()
    made.save()
    return made


def make_agency(**fields):
    defaults = {
        "code": next_code(Agency, "agency"),
        "name_zh": "市农业农村局",
        "name_en": "Agriculture and Rural Affairs Bureau",
    }
    return Agency.objects.create(**(defaults | fields))


def make_theme(**fields):
    defaults = {"code": next_code(Theme, "theme"), "name_zh": "农业农村", "name_en": "Countryside"}
    return Theme.objects.create(**(defaults | fields))


def make_indicator(**fields):
    defaults = {
        "code": next_code(Indicator, "indicator"),
        "name_zh": "市级以上农业龙头企业数",
        "name_en": "Leading agricultural enterprises",
        "unit_zh": "家",
        "unit_en": "enterprises",
        "direction": Indicator.Direction.UP,
        "reporting_unit": 1,
    }
    return Indicator.objects.create(**(defaults | fields))


def make_commitment(
    *, published=True, plan=None, source=None, supporting=(), at=None, by=None, **fields
):
    """A promise; `supporting` are agencies, `at` the moment it was published here."""
    plan = plan or (source.plan if source else first_or_made(Plan, make_plan))
    source = source or plan.sources.order_by("pk").first() or make_source(plan)
    defaults = {
        "code": next_code(Commitment, "ZZ"),
        "title_zh": "市级以上农业龙头企业达到350家",
        "title_en": "Raise the number of leading agricultural enterprises to 350",
        "quote": QUOTE,
        "due_year": 2025,
        "due_basis": Commitment.DueBasis.STATED,
    }
    values = defaults | fields
    if values["due_year"] is None and "due_basis" not in fields:
        values["due_basis"] = Commitment.DueBasis.NONE
    values.setdefault("quote_start", max(0, source.text.find(values["quote"])))
    values.setdefault("lead_agency", None)
    values["lead_agency"] = values["lead_agency"] or first_or_made(Agency, make_agency)
    values.setdefault("theme", None)
    values["theme"] = values["theme"] or first_or_made(Theme, make_theme)
    made = saved(Commitment(plan=plan, source=source, **values), plan.adopted_on, by)
    made.supporting_agencies.set(supporting)
    if published:
        at = at or moment(plan.opened_on or plan.adopted_on)
        publish(made, by=by or make_user(), at=at)
    return made


def make_target(commitment=None, *, published=None, indicator=None, at=None, by=None, **fields):
    """A test, at least 350 by 2025 unless told otherwise; public when its commitment is."""
    commitment = commitment or make_commitment()
    count = Target.objects.filter(commitment=commitment).values("code").distinct().count()
    defaults = {
        "code": f"{commitment.code}.{count + 1}",
        "indicator": indicator or make_indicator(),
        "kind": "at_least",
        "due_period": Period(2025),
        "document": commitment.source,
    }
    values = defaults | periods(fields)
    if values["kind"] == "at_least":
        values.setdefault("value", Decimal(350))
    made = saved(Target(commitment=commitment, **values), values["document"].published_on, by)
    return shown(made, commitment.is_published if published is None else published, by, at)


def make_observation(
    indicator, period=2023, value=300, *, published=True, at=None, by=None, **fields
):
    """A figure, published in the March after its period. A second one of a period corrects it."""
    period = Period.parse(str(period))
    defaults = {
        "published_on": dt.date(period.ends_on.year + 1, 3, 1),
        "source_zh": "株洲市统计局《统计公报》",
        "source_en": "Zhuzhou Municipal Statistics Bureau, communiqué",
        "source_url": f"https://example.org/communique/{period}",
    }
    values = defaults | fields
    made = Observation(indicator=indicator, period=period, value=Decimal(str(value)), **values)
    return shown(saved(made, values["published_on"], by), published, by, at)


def make_milestone(commitment=None, *, published=None, at=None, by=None, **fields):
    """A step due at the end of 2023; with `done_on` it has its source, and the day of the news."""
    commitment = commitment or make_commitment()
    count = Milestone.objects.filter(commitment=commitment).values("code").distinct().count()
    defaults = {
        "code": f"{commitment.code}.m{count + 1}",
        "title_zh": "开工建设",
        "title_en": "Construction begins",
        "due_on": dt.date(2023, 12, 31),
    }
    values = defaults | fields
    if values.get("done_on"):
        values.setdefault("done_published_on", values["done_on"])
        values.setdefault("source_zh", "株洲市人民政府公告")
        values.setdefault("source_en", "Notice of the city government")
    day = values.get("done_published_on") or commitment.source.published_on
    made = saved(Milestone(commitment=commitment, **values), day, by)
    return shown(made, commitment.is_published if published is None else published, by, at)


def make_update(commitment=None, *, published=None, at=None, by=None, **fields):
    commitment = commitment or make_commitment()
    defaults = {
        "code": next_code(Update, "update"),
        "agency": commitment.lead_agency,
        "dated_on": dt.date(2023, 6, 30),
        "text_zh": "上半年新增龙头企业12家。",
        "text_en": "Twelve enterprises were added in the first half of the year.",
    }
    values = defaults | fields
    made = saved(Update(commitment=commitment, **values), values["dated_on"], by)
    return shown(made, commitment.is_published if published is None else published, by, at)


def make_error_report(commitment=None, **fields):
    """What a reader sent; new, and never public."""
    defaults = {
        "form_key": f"{ErrorReport.objects.count() + 1:064d}",
        "sent_at": moment(dt.date(2024, 4, 2)),
        "language": "zh-hans",
        "text": "2023年的数字不对。",
    }
    return ErrorReport.objects.create(commitment=commitment, **(defaults | fields))


def make_sheet_import(by, data=b"indicator"):
    """An uploaded sheet of figures, checked and not applied."""
    return upload("figures.csv", data, subject="figures", by=by, at=moment(OPENED_ON))


def make_amendment(commitment, *, published=False, at=None, by=None, **fields):
    """A change of a promise's due year to 2026; a draft unless told otherwise."""
    defaults = {
        "changes": {"due_year": [commitment.due_year, 2026]},
        "document_zh": "市政府文件",
        "reason_zh": "规划中期调整",
    }
    values = defaults | fields
    day = commitment.plan.adopted_on
    return shown(saved(Amendment(commitment=commitment, **values), day, by), published, by, at)


def make_evidence(record, name="统计表.pdf", content=PDF, *, by=None, **fields):
    """A file of an observation or an update."""
    found = Evidence(added_by=by or make_user(), **{record._meta.model_name: record}, **fields)
    found.take(ContentFile(content, name))
    found.save()
    return found


def make_commitments(count, **fields):
    """Many public promises in few queries, each with one target and its figure for 2023."""
    one = make_commitment(**fields)
    first = Commitment.objects.count()
    by, at = make_user(), one.published_at
    public = {"created_at": at, "created_by": by, "state": State.PUBLISHED}
    public |= {"published_at": at, "published_by": by}
    made = [one, *copies(one, range(first + 1, first + count))]
    Commitment.objects.bulk_create(made[1:])
    indicators = Indicator.objects.bulk_create(
        [
            Indicator(
                code=f"{each.code}-indicator",
                name_zh="农业龙头企业数",
                name_en="Leading enterprises",
                unit_zh="家",
                unit_en="enterprises",
                direction=Indicator.Direction.UP,
                reporting_unit=1,
            )
            for each in made
        ]
    )
    pairs = list(zip(made, indicators, strict=True))
    Target.objects.bulk_create(
        [
            Target(
                commitment=each,
                code=f"{each.code}.1",
                indicator=indicator,
                kind="at_least",
                value=350,
                baseline_period=Period(2020),
                baseline_value=200,
                due_period=Period(2025),
                document=each.source,
                **public,
            )
            for each, indicator in pairs
        ]
    )
    seen_on = dt.date(2024, 3, 1)
    Observation.objects.bulk_create(
        [
            Observation(
                indicator=indicator,
                period=Period(2023),
                value=270,
                published_on=seen_on,
                source_zh="统计公报",
                source_en="Communiqué",
                source_url="https://example.org/communique",
                **(public | {"published_at": moment(seen_on)}),
            )
            for _each, indicator in pairs
        ]
    )
    reassess(Commitment.objects.filter(pk__in=[each.pk for each in made]))
    return made


def copies(one, numbers):
    names = [f.attname for f in Commitment._meta.concrete_fields if not f.primary_key]
    values = {name: getattr(one, name) for name in names}
    return [Commitment(**(values | {"code": f"ZZ-{number:03d}"})) for number in numbers]


def periods(fields):
    """Periods may be given as 2025 or "2025-Q3"."""
    names = ("due_period", "first_period", "baseline_period")
    given = {name: fields[name] for name in names if fields.get(name) is not None}
    return fields | {name: Period.parse(str(value)) for name, value in given.items()}


def saved(record, day, by):
    record.created_at, record.created_by = moment(day), by or make_user()
    record.save()
    return record


def shown(record, published, by, at):
    if published:
        publish(record, by=by or make_user(), at=at or record.created_at)
    return record


def make_issued_report(plan, day, *, state="issued", by=None, issuer=None, at=None, **fields):
    """A report prepared by one reviewer and decided on by another; its files are CSV and JSON."""
    by = by or make_staff_once("reviewer", "preparer")
    issuer = issuer or make_staff_once("reviewer", "issuer")
    at = at or moment(day + dt.timedelta(days=2))
    report = IssuedReport(plan=plan, kind="quarterly", day=day, **fields)
    quick = {ext: kind for ext, kind in issuing.KINDS.items() if ext in ("csv", "json")}
    with mock.patch.object(issuing, "KINDS", quick):
        for _made in issuing.preparing(report, by=by, at=at):
            pass
    if state == "issued":
        return issuing.issue(report, by=issuer, at=at)
    if state == "returned":
        return issuing.send_back(report, "ZQLEAK-0: wrong day", by=issuer, at=at)
    return report


def make_staff_once(role, username):
    found = get_user_model().objects.filter(username=username).first()
    return found or make_staff(role, username=username)
