"""What each address of the API answers, as plain values."""

from django.core.paginator import EmptyPage, Paginator
from django.urls import reverse
from django.utils.translation import gettext as _

from commitments.api.asking import OfCommitments, OfIndicators, form_of, read, read_commitments
from commitments.api.problems import not_there, wrong
from commitments.changes import Changes
from commitments.domain.status import Status
from commitments.filters import Keys, with_query
from commitments.labels import STATUS
from commitments.models import Commitment
from commitments.open_data import TABLES, as_json
from commitments.sentences import sentence
from commitments.wording import put_all_back

CHANGE_FIELDS = (
    "key",
    "day",
    "kind",
    "commitment",
    "before",
    "after",
    "why",
    "observations",
    "url",
    "is_rebuilt",
)
# What a commitment says beside its own columns: how it stands on the day asked for.
STANDING_FIELDS = ("status", "status_word", "group", "kind", "freshness", "sentence", "url")
# What is told of one commitment at its own address, each as a list of rows of that table.
PARTS = ("targets", "milestones", "updates", "amendments")
NAMES = (*TABLES, "changes")


def known_fields(name):
    if name == "changes":
        return CHANGE_FIELDS
    keys = tuple(column.key for column in TABLES[name].columns)
    if name == "commitments":
        return (*keys, *STANDING_FIELDS)
    if name == "reports":
        return (*keys, "files", "url")
    return keys


# --- Lists ----------------------------------------------------------------------------------------


def listed(name, data):
    """One page of a table, and how to get to the others. Raises `Problem`."""
    if name == "commitments":
        question, found = read_commitments(data, known_fields(name))
        return page_of(name, data, question, Keys(found), commitment_cells)
    question = read(name, data, known_fields(name))
    if name == "changes":
        return page_of(name, data, question, changes(question), change_cells)
    return page_of(name, data, question, rows_asked(name, question), cells_of(name))


def promises(keys, day):
    """The promises of some keys, in their order and in the words of a day."""
    rows = Commitment.objects.shown_on(day).with_standing().select_related("source")
    rows = rows.prefetch_related("supporting_agencies", "context_indicators")
    found = rows.defer("source__text").in_order_of(keys)
    put_all_back(found, day)
    return found


def rows_asked(name, question):
    table = TABLES[name]
    if question.plan is None:
        # The plans themselves are of no plan; of anything else there is nothing without one.
        return table.rows(None) if name == "plans" else table.rows(None).none()
    rows = table.on(table.rows(question.plan), question.day, question.plan)
    form = form_of(name)
    if form is OfCommitments and question.values["commitment"]:
        rows = rows.filter(commitment__code=question.values["commitment"])
    if form is OfIndicators and question.values["indicator"]:
        rows = rows.filter(indicator__code=question.values["indicator"])
    return rows


def changes(question):
    if question.plan is None:
        return []
    since = question.values["since"]
    return Changes(
        question.plan,
        question.day,
        kinds=question.values["kind"],
        **({"since": since} if since else {}),
    )


def page_of(name, data, question, rows, cells):
    pages = Paginator(rows, question.limit)
    try:
        page = pages.page(question.page)
    except EmptyPage:
        raise not_there(_("There are %(count)d pages.") % {"count": pages.num_pages}) from None
    found = [*page.object_list]
    if name == "commitments":
        found = promises(found, question.day)
    address = reverse("api_list", args=[name])
    return {
        "plan": question.plan.code if question.plan else None,
        "as_of": question.day.isoformat(),
        "count": pages.count,
        "page": question.page,
        "pages": pages.num_pages,
        "next": turned(address, data, question.page + 1) if page.has_next() else None,
        "previous": turned(address, data, question.page - 1) if page.has_previous() else None,
        "results": [thinned(cells(row, question.day), question.fields) for row in found],
    }


def turned(address, data, page):
    query = data.copy()
    query["page"] = str(page)
    return with_query(address, query.urlencode())


def thinned(cells, fields):
    return {name: cells[name] for name in fields} if fields else cells


# --- Rows -----------------------------------------------------------------------------------------


def cells_of(name):
    table = TABLES[name]

    def cells(row, day):
        found = told_on(day, table.cells(row))
        if name == "reports":
            found |= {"files": files_of(row), "url": row.get_absolute_url()}
        return found

    return cells


def told_on(day, cells):
    """Cells as JSON takes them, without what came later: a successor, the end of a run."""
    for ending, others in (("shown_until", ["replaced_by"]), ("ends_on", [])):
        until = cells.get(ending)
        if until is not None and until > day:
            cells |= dict.fromkeys((ending, *others))
    return {key: as_json(value) for key, value in cells.items()}


def files_of(report):
    return [
        {
            "language": file.language,
            "format": file.ext,
            "size": file.size,
            "sha256": file.sha256,
            "url": reverse("issued_file", args=[report.number, file.language, file.ext]),
        }
        for file in report.files.defer("content").order_by("language", "ext")
    ]


def commitment_cells(row, day):
    standing = row.standing
    outcome = Status(standing.status)
    return told_on(day, TABLES["commitments"].cells(row)) | {
        "status": outcome.value,
        "status_word": str(STATUS[outcome]),
        "group": outcome.group.value,
        "kind": standing.kind,
        "freshness": standing.freshness(day).value,
        "sentence": str(sentence(standing)),
        "url": row.get_absolute_url(),
    }


def change_cells(change, day):
    return {
        "key": change.key,
        "day": change.day.isoformat(),
        "kind": change.what.value,
        "commitment": change.commitment.code,
        "before": str(change.before),
        "after": str(change.after),
        "why": str(change.why),
        "observations": [figure.row.pk for figure in change.figures],
        "url": change.url,
        "is_rebuilt": change.is_rebuilt,
    }


# --- One row --------------------------------------------------------------------------------------


def one(name, key, data):
    """The row of a table that has a key of its own. Raises `Problem`."""
    if name == "commitments":
        return one_commitment(key, data)
    table = TABLES.get(name)
    if table is None or table.key == "id":
        raise not_there()
    question = read("", data, known_fields(name))
    row = table.rows(None).filter(**{table.key: key}).first()
    if row is None:
        raise not_there()
    return thinned(cells_of(name)(row, question.day), question.fields)


def one_commitment(code, data):
    """A promise with its tests, steps, words and every run of days that it was judged on."""
    row = Commitment.objects.published().filter(code=code, plan__opened_on__isnull=False)
    plan = row.values_list("plan__code", flat=True).first()
    if plan is None:
        raise not_there()
    kept = data.copy()
    kept.setdefault("plan", plan)
    extra = sorted({*data} - {"as_of", "fields"})
    if extra:
        raise wrong(*((name, _("A single promise takes as_of and fields.")) for name in extra))
    question, found = read_commitments(kept, (*known_fields("commitments"), *PARTS, "assessments"))
    shown = found.qs.filter(code=code).select_related("source").defer("source__text")
    row = shown.first()
    if row is None:
        raise not_there(_("This promise was not shown yet on that day."))
    put_all_back([row], question.day)
    cells = commitment_cells(row, question.day)
    for name in PARTS:
        table = TABLES[name]
        rows = table.rows(question.plan).filter(commitment=row)
        rows = table.on(rows, question.day, question.plan)
        cells[name] = [cells_of(name)(each, question.day) for each in rows]
    runs = TABLES["assessments"].rows(question.plan).filter(commitment=row)
    cells["assessments"] = [
        cells_of("assessments")(each, question.day)
        for each in runs.filter(starts_on__lte=question.day)
    ]
    return thinned(cells, question.fields)
