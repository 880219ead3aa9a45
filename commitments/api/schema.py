"""OpenAPI 3.1, made of the same tables and forms that answer, so that it cannot say otherwise."""

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from commitments.api.answers import CHANGE_FIELDS, NAMES, PARTS, known_fields
from commitments.api.asking import OnlyFields, Paging, form_of
from commitments.api.problems import CONTENT_TYPE, TITLES
from commitments.changes import WHAT
from commitments.domain.freshness import Freshness
from commitments.domain.kinds import Kind
from commitments.domain.status import Group, Status
from commitments.filters import CommitmentFilter
from commitments.models.bilingual import CODE
from commitments.open_data import TABLES

TYPES = {
    "text": {"type": "string"},
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "list": {"type": "array", "items": {"type": "string"}},
    "object": {},
}
TEXT, DAY = TYPES["text"], TYPES["date"]
ENVELOPE = ("plan", "as_of", "count", "page", "pages", "next", "previous", "results")
# What every query string is refused for.
MISTAKES = ("400", "404", "406", "429")


def document(request):
    """The OpenAPI document, in the language of the address."""
    root = request.build_absolute_uri(reverse("api_root"))
    paths = {}
    for name in NAMES:
        paths[f"/{name}/"] = {"get": list_operation(name)}
        if name in TABLES and TABLES[name].key != "id":
            key = TABLES[name].key
            paths[f"/{name}/{{{key}}}/"] = {"get": one_operation(name, key)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _("Public Register of Commitments"),
            "version": "1",
            "description": _(
                "What was promised, how it stands and why. Read only, without a key. Texts of the "
                "register come in both languages; words made for a reader, such as a sentence or "
                "an error, in that of the address: /api/v1/ Chinese, /en/api/v1/ English."
            ),
            "license": {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"},
        },
        "servers": [{"url": root.rstrip("/")}],
        "paths": paths,
        "components": {
            "schemas": {name: row_schema(name) for name in NAMES}
            | {"commitment": one_commitment_schema(), "problem": problem_schema()},
            "responses": {code: problem_response(code) for code in MISTAKES},
        },
    }


# --- Operations -----------------------------------------------------------------------------------


def list_operation(name):
    return {
        "operationId": f"list_{name}",
        "summary": title(name),
        "parameters": parameters(name),
        "responses": answers_with(
            {
                "type": "object",
                "required": [*ENVELOPE],
                "properties": {
                    "plan": described_as(or_null(TEXT), _("code of the plan")),
                    "as_of": described_as(DAY, _("the day that is shown")),
                    "count": described_as({"type": "integer"}, _("rows on all pages")),
                    "page": {"type": "integer"},
                    "pages": {"type": "integer"},
                    "next": described_as(or_null(TEXT), _("address of the next page")),
                    "previous": described_as(or_null(TEXT), _("address of the page before")),
                    "results": {"type": "array", "items": reference(name)},
                },
            }
        ),
    }


def one_operation(name, key):
    known = known_fields(name)
    if name == "commitments":
        known = (*known, *PARTS, "assessments")
    own = [parameter("fields", OnlyFields.base_fields["fields"], known)]
    if name == "commitments":
        own = [parameter("as_of", CommitmentFilter.base_filters["as_of"].field), *own]
    schema = reference("commitment" if name == "commitments" else name)
    return {
        "operationId": f"get_{name}",
        "summary": _("%(table)s: one of them") % {"table": title(name)},
        "parameters": [
            {
                "name": key,
                "in": "path",
                "required": True,
                "schema": {"type": "string", "pattern": f"^{CODE}$"},
            },
            *own,
        ],
        "responses": answers_with(schema),
    }


def answers_with(schema):
    return {
        "200": {
            "description": _("what was asked for"),
            "headers": {"ETag": {"schema": TEXT}},
            "content": {"application/json": {"schema": schema}},
        },
        "304": {"description": _("nothing has changed since the ETag was given")},
        **{code: {"$ref": f"#/components/responses/{code}"} for code in MISTAKES},
    }


def problem_response(code):
    found = {
        "description": str(TITLES[int(code)]),
        "content": {CONTENT_TYPE: {"schema": reference("problem")}},
    }
    if code == "429":
        found["headers"] = {"Retry-After": {"schema": {"type": "string"}}}
    return found


# --- Parameters -----------------------------------------------------------------------------------


def parameters(name):
    if name != "commitments":
        fields = form_of(name).base_fields
        return [parameter(each, fields[each], known_fields(name)) for each in fields]
    of_filter = CommitmentFilter.base_filters
    return [parameter(each, of_filter[each].field) for each in of_filter] + [
        parameter(each, Paging.base_fields[each], known_fields(name)) for each in Paging.base_fields
    ]


def parameter(name, field, known=()):
    found = {
        "name": name,
        "in": "query",
        "required": False,
        "description": str(field.label or name),
        "schema": parameter_schema(field),
    }
    if found["schema"].get("type") == "array":
        found |= {"style": "form", "explode": True}
    if name == "fields":
        found["schema"] = {"type": "array", "items": {"type": "string", "enum": [*known]}}
        found |= {"style": "form", "explode": False}
    return found


def parameter_schema(field):
    if isinstance(field, forms.IntegerField):
        return {"type": "integer", "minimum": field.min_value, "maximum": field.max_value}
    if isinstance(field, forms.DateField):
        return DAY
    if isinstance(field, forms.MultipleChoiceField):
        codes = [str(code) for code, _word in field.choices]
        items = {"type": "string", "enum": codes} if codes else TEXT
        return {"type": "array", "items": items}
    if isinstance(field, forms.ChoiceField) and (codes := [str(c) for c, _w in field.choices if c]):
        return {"type": "string", "enum": codes}
    return TEXT


# --- Rows -----------------------------------------------------------------------------------------


def row_schema(name):
    if name == "changes":
        properties = change_properties()
    else:
        properties = {column.key: column_schema(column) for column in TABLES[name].columns}
        if name == "commitments":
            properties |= standing_properties()
        if name == "reports":
            properties |= {"files": files_schema(), "url": described_as(TEXT, _("address"))}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def column_schema(column):
    schema = dict(TYPES[column.type])
    if column.choices:
        schema["enum"] = [*column.choices]
    if column.may_lack and column.type != "list":
        schema = or_null(schema)
    label = str(column.label)
    return described_as(schema, f"{label} → {column.refers_to}" if column.refers_to else label)


def standing_properties():
    return {
        "status": described_as(one_of(Status), _("status on the day, as a code")),
        "status_word": described_as(TEXT, _("status in words")),
        "group": described_as(one_of(Group), _("group of the status")),
        "kind": described_as(one_of(Kind), _("kind of test")),
        "freshness": described_as(one_of(Freshness), _("how fresh the figures are")),
        "sentence": described_as(TEXT, _("the status and why, in one sentence")),
        "url": described_as(TEXT, _("address of its page")),
    }


def change_properties():
    found = dict.fromkeys(CHANGE_FIELDS, TEXT)
    return found | {
        "day": DAY,
        "kind": {"type": "string", "enum": [what.value for what in WHAT]},
        "observations": {"type": "array", "items": {"type": "integer"}},
        "is_rebuilt": {"type": "boolean"},
    }


def files_schema():
    return {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "language": TEXT,
                "format": TEXT,
                "size": {"type": "integer"},
                "sha256": TEXT,
                "url": TEXT,
            },
        },
    }


def one_commitment_schema():
    parts = {name: {"type": "array", "items": reference(name)} for name in (*PARTS, "assessments")}
    row = row_schema("commitments")
    return row | {"properties": row["properties"] | parts}


def problem_schema():
    return {
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": TEXT,
            "title": TEXT,
            "status": {"type": "integer"},
            "detail": TEXT,
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["parameter", "message"],
                    "properties": {"parameter": TEXT, "message": TEXT},
                },
            },
        },
    }


def one_of(codes):
    return {"type": "string", "enum": [each.value for each in codes]}


def or_null(schema):
    if "enum" in schema:
        return schema | {"type": [schema["type"], "null"], "enum": [*schema["enum"], None]}
    return schema | {"type": [schema["type"], "null"]} if "type" in schema else schema


def described_as(schema, words):
    return schema | {"description": str(words)}


def reference(name):
    return {"$ref": f"#/components/schemas/{name}"}


def title(name):
    return pgettext("table", "changes") if name == "changes" else str(TABLES[name].title)


# --- For people -----------------------------------------------------------------------------------


def described(document):
    """What a page says of each list: (title, path, parameters, columns)."""
    found = []
    for name in NAMES:
        operation = document["paths"][f"/{name}/"]["get"]
        rows = document["components"]["schemas"][name]["properties"]
        one = next((p for p in document["paths"] if p.startswith(f"/{name}/{{")), "")
        found.append(
            {
                "name": name,
                "title": operation["summary"],
                "one": one,
                "parameters": [
                    (each["name"], each["description"], values_of(each["schema"]))
                    for each in operation["parameters"]
                ],
                "columns": [
                    (key, schema.get("description", ""), type_of(schema), values_of(schema))
                    for key, schema in rows.items()
                ],
            }
        )
    return found


def values_of(schema):
    codes = schema.get("enum") or schema.get("items", {}).get("enum") or []
    return [code for code in codes if code is not None]


def type_of(schema):
    found = schema.get("type", "object")
    return found[0] if isinstance(found, list) else found
