"""What is only added to: the database refuses to change or remove a line of it.

Installed after every `migrate` rather than by one migration, because SQLite changes a table by
making it anew, and drops the triggers of the old one without a word.
"""

from dataclasses import dataclass

from django.db import connections


@dataclass(frozen=True)
class Guard:
    """A table of which rows are kept as they are; `fixed` says which may not be changed: all, or
    those that meet a condition on the old row.
    """

    table: str
    refusal: str
    fixed: str = ""


GUARDS = (
    Guard("commitments_entry", "The history is never changed or removed."),
    Guard("commitments_issuedfile", "The files of a report are never changed or removed."),
    Guard(
        "commitments_issuedreport",
        "An issued report is never changed or removed.",
        fixed="OLD.state = 'issued'",
    ),
)
VERBS = ("update", "delete")


def guard_what_is_kept(sender, using, **kwargs):
    """Put the triggers back where they are missing; called after `migrate` and `flush`."""
    connection = connections[using]
    with connection.cursor() as cursor:
        there = connection.introspection.table_names(cursor)
        for guard in GUARDS:
            if guard.table in there:
                for statement in missing_triggers(guard, connection.vendor, cursor):
                    cursor.execute(statement)


def missing_triggers(guard, vendor, cursor):
    if vendor == "sqlite":
        return [sqlite_trigger(guard, verb) for verb in VERBS]
    cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass", [guard.table])
    held = {name for (name,) in cursor.fetchall()}
    missing = [verb for verb in (*VERBS, "truncate") if f"{guard.table}_no_{verb}" not in held]
    found = [postgresql_trigger(guard, verb) for verb in missing]
    return [postgresql_function(guard), *found] if found else []


def sqlite_trigger(guard, verb):
    when = f" WHEN {guard.fixed}" if verb == "update" and guard.fixed else ""
    return (
        f"CREATE TRIGGER IF NOT EXISTS {guard.table}_no_{verb} BEFORE {verb.upper()}"
        f" ON {guard.table}{when} BEGIN SELECT RAISE(ABORT, '{guard.refusal}'); END"
    )


def postgresql_function(guard):
    return (
        f"CREATE OR REPLACE FUNCTION {guard.table}_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{guard.refusal}'"
        " USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )


def postgresql_trigger(guard, verb):
    rows = "FOR EACH STATEMENT"
    if verb == "update" and guard.fixed:
        rows = f"FOR EACH ROW WHEN ({guard.fixed})"
    return (
        f"CREATE TRIGGER {guard.table}_no_{verb} BEFORE {verb.upper()} ON {guard.table}"
        f" {rows} EXECUTE FUNCTION {guard.table}_refuse()"
    )


def removal(vendor):
    """What takes the guards away, for a database that is to be emptied: a test's."""
    return [
        f"DROP TRIGGER IF EXISTS {guard.table}_no_{verb}"
        + ("" if vendor == "sqlite" else f" ON {guard.table}")
        for guard in GUARDS
        for verb in (*VERBS, "truncate")
    ]
