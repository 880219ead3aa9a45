"""The public tables: what the API answers with and the archive holds."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from commitments.facts import NEVER, day_of
from commitments.models import (
    Agency,
    Amendment,
    Assessment,
    Commitment,
    Indicator,
    IssuedReport,
    Milestone,
    Observation,
    Plan,
    SourceDocument,
    Target,
    Theme,
    UntrackedPassage,
    Update,
)
from commitments.open_data.columns import (
    Column,
    columns,
    number,
    replaced_by,
    shown_from,
    shown_until,
)
from commitments.open_data.rows import (
    agencies_of,
    commitments_of,
    documents_of,
    done_step,
    end_of,
    indicators_of,
    known,
    observations_of,
    of_commitments,
    of_the_day,
    open_plans,
    shown,
    themes_of,
    whatever_day,
)


@dataclass(frozen=True)
class Table:
    """`rows(plan)` gives everything public of a plan, or of all open ones for None; `on(rows, day,
    plan)` narrows that to what was known on a day. `key` names a row.
    """

    name: str
    title: str
    key: str
    columns: tuple
    rows: Callable
    on: Callable

    def cells(self, row):
        return {column.key: column.value(row) for column in self.columns}


PLANS = Table(
    "plans",
    _("plans"),
    "code",
    columns(
        Plan,
        "code",
        "title_zh",
        "title_en",
        "issuer_zh",
        "issuer_en",
        "summary_zh",
        "summary_en",
        "adopted_on",
        "period_start",
        "period_end",
        "opened_on",
        "is_fictional",
    ),
    open_plans,
    whatever_day,
)
DOCUMENTS = Table(
    "documents",
    _("source documents"),
    "code",
    columns(
        SourceDocument,
        "code",
        "plan",
        "title_zh",
        "title_en",
        "publisher_zh",
        "publisher_en",
        "published_on",
        "url",
        "note_zh",
        "note_en",
        "sha256",
        plan="plans.code",
    ),
    lambda plan: documents_of(plan).select_related("plan").order_by("code"),
    lambda rows, day, plan: SourceDocument.objects.shown_on(day).filter(pk__in=rows.values("pk")),
)
AGENCIES = Table(
    "agencies",
    _("agencies"),
    "code",
    columns(Agency, "code", "name_zh", "name_en", "note_zh", "note_en"),
    lambda plan: agencies_of(plan).order_by("code"),
    whatever_day,
)
THEMES = Table(
    "themes",
    _("themes"),
    "code",
    columns(Theme, "code", "name_zh", "name_en"),
    lambda plan: themes_of(plan).order_by("code"),
    whatever_day,
)
INDICATORS = Table(
    "indicators",
    _("indicators"),
    "code",
    columns(
        Indicator,
        "code",
        "name_zh",
        "name_en",
        "definition_zh",
        "definition_en",
        "unit_zh",
        "unit_en",
        "frequency",
        "measure",
        "direction",
        "scale",
        "reporting_unit",
        "floor",
        "ceiling",
        "data_source_zh",
        "data_source_en",
    ),
    lambda plan: indicators_of(plan).order_by("code"),
    whatever_day,
)
COMMITMENTS = Table(
    "commitments",
    _("commitments"),
    "code",
    (
        *columns(
            Commitment,
            "code",
            "plan",
            "title_zh",
            "title_en",
            "source",
            "quote",
            "quote_start",
            "lead_agency",
            "supporting_agencies",
            "theme",
            "due_year",
            "due_basis",
            "due_note_zh",
            "due_note_en",
            "binding",
            "editor_note_zh",
            "editor_note_en",
            "context_indicators",
            "withdrawn_on",
            "withdrawn_document_zh",
            "withdrawn_document_en",
            "withdrawn_url",
            plan="plans.code",
            source="documents.code",
            lead_agency="agencies.code",
            supporting_agencies="agencies.code",
            theme="themes.code",
            context_indicators="indicators.code",
        ),
        shown_from(),
    ),
    lambda plan: (
        commitments_of(plan)
        .select_related("plan", "source", "lead_agency", "theme")
        .prefetch_related("supporting_agencies", "context_indicators")
        .defer("source__text")
        .order_by("code")
    ),
    shown,
)
TARGETS = Table(
    "targets",
    _("targets"),
    "id",
    (
        number(),
        *columns(
            Target,
            "code",
            "commitment",
            "indicator",
            "kind",
            "value",
            "standard",
            "comparator_indicator",
            "baseline_period",
            "baseline_value",
            "first_period",
            "due_period",
            "due_basis",
            "interim",
            "document",
            "amends",
            "reason_zh",
            "reason_en",
            "valid_from",
            "valid_until",
            "note_zh",
            "note_en",
            commitment="commitments.code",
            indicator="indicators.code",
            comparator_indicator="indicators.code",
            document="documents.code",
        ),
        shown_from(),
        shown_until(),
        replaced_by("targets"),
    ),
    lambda plan: (
        of_commitments(Target)(plan)
        .select_related("commitment", "indicator", "comparator_indicator", "document")
        .defer("document__text")
        .order_by("code", "pk")
    ),
    known(lambda prefix: F(f"{prefix}document__published_on")),
)
MILESTONES = Table(
    "milestones",
    _("milestones"),
    "id",
    (
        number(),
        *columns(
            Milestone,
            "code",
            "commitment",
            "title_zh",
            "title_en",
            "due_on",
            "done_on",
            "done_published_on",
            "source_zh",
            "source_en",
            "source_url",
            commitment="commitments.code",
        ),
        shown_from(),
        shown_until(),
        replaced_by("milestones"),
    ),
    lambda plan: (
        of_commitments(Milestone)(plan).select_related("commitment").order_by("code", "pk")
    ),
    known(done_step),
)
OBSERVATIONS = Table(
    "observations",
    _("observations"),
    "id",
    (
        number(),
        *columns(
            Observation,
            "indicator",
            "item",
            "period",
            "value",
            "stated_zh",
            "stated_en",
            "published_on",
            "source_zh",
            "source_en",
            "source_url",
            "source_kind",
            "is_provisional",
            "definition_zh",
            "definition_en",
            "quote",
            "note_zh",
            "note_en",
            indicator="indicators.code",
        ),
        shown_from(),
        shown_until(),
        replaced_by("observations"),
    ),
    lambda plan: (
        observations_of(plan)
        .select_related("indicator")
        .order_by("indicator__code", "period", "item", "pk")
    ),
    known(lambda prefix: F(f"{prefix}published_on")),
)
UPDATES = Table(
    "updates",
    _("updates"),
    "code",
    (
        *columns(
            Update,
            "code",
            "commitment",
            "agency",
            "dated_on",
            "text_zh",
            "text_en",
            "source_url",
            commitment="commitments.code",
            agency="agencies.code",
        ),
        shown_from(),
    ),
    lambda plan: (
        of_commitments(Update)(plan).select_related("commitment", "agency").order_by("code")
    ),
    known(lambda prefix: F(f"{prefix}dated_on")),
)
AMENDMENTS = Table(
    "amendments",
    _("amendments"),
    "id",
    (
        number(),
        *columns(
            Amendment,
            "commitment",
            "changes",
            "document_zh",
            "document_en",
            "document_url",
            "reason_zh",
            "reason_en",
            commitment="commitments.code",
        ),
        shown_from(),
    ),
    lambda plan: (
        of_commitments(Amendment)(plan)
        .select_related("commitment")
        .order_by("commitment__code", "pk")
    ),
    lambda rows, day, plan: rows.filter(published_at__lt=end_of(day)),
)
UNTRACKED = Table(
    "untracked",
    _("untracked passages"),
    "code",
    columns(
        UntrackedPassage,
        "code",
        "source",
        "quote",
        "quote_start",
        "covers",
        "reason",
        "note_zh",
        "note_en",
        source="documents.code",
    ),
    lambda plan: (
        UntrackedPassage.objects.filter(source__in=documents_of(plan).values("pk"))
        .select_related("source")
        .defer("source__text")
        .order_by("code")
    ),
    whatever_day,
)
ASSESSMENTS = Table(
    "assessments",
    _("assessments"),
    "id",
    (
        Column(
            "id",
            _("number of the row"),
            "text",
            lambda row: f"{row.commitment.code}@{row.starts_on}",
        ),
        *columns(Assessment, "commitment", "starts_on", commitment="commitments.code"),
        Column(
            "ends_on",
            _("before"),
            "date",
            lambda row: None if row.ends_on == NEVER else row.ends_on,
            may_lack=True,
        ),
        *columns(Assessment, "status", "kind", "reason", "flags"),
        Column(
            "target",
            _("deciding target"),
            "integer",
            lambda row: row.target_id,
            may_lack=True,
            refers_to="targets.id",
        ),
        Column(
            "observation",
            _("figure judged"),
            "integer",
            lambda row: row.observation_id,
            may_lack=True,
            refers_to="observations.id",
        ),
        *columns(
            Assessment,
            "details",
            "lead_agency",
            "theme",
            "due_year",
            "binding",
            "is_figure_expected",
            "newer_due_on",
            "rule_version",
            lead_agency="agencies.code",
            theme="themes.code",
        ),
    ),
    lambda plan: (
        Assessment.objects.filter(commitment__in=commitments_of(plan).values("pk"))
        .select_related("commitment", "lead_agency", "theme")
        .order_by("commitment__code", "starts_on")
    ),
    of_the_day,
)
REPORTS = Table(
    "reports",
    _("issued reports"),
    "number",
    (
        *columns(IssuedReport, "number", "plan", "kind", "day", "rule_version", plan="plans.code"),
        Column("issued_on", _("issued on"), "date", lambda row: day_of(row.issued_at)),
        Column(
            "supersedes",
            _("supersedes"),
            "text",
            lambda row: row.supersedes.number if row.supersedes else None,
            may_lack=True,
            refers_to="reports.number",
        ),
        *columns(IssuedReport, "reason_zh", "reason_en"),
    ),
    lambda plan: (
        IssuedReport.objects.issued()
        .filter(plan__in=open_plans(plan).order_by().values("pk"))
        .select_related("plan", "supersedes")
        .order_by("number")
    ),
    lambda rows, day, plan: rows.filter(issued_at__lt=end_of(day)),
)
TABLES = {
    table.name: table
    for table in (
        PLANS,
        DOCUMENTS,
        AGENCIES,
        THEMES,
        INDICATORS,
        COMMITMENTS,
        TARGETS,
        MILESTONES,
        OBSERVATIONS,
        UPDATES,
        AMENDMENTS,
        UNTRACKED,
        ASSESSMENTS,
        REPORTS,
    )
}
