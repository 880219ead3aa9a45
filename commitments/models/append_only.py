"""The history is only added to: the database refuses to change or remove a line of it.

Installed after every `migrate` rather than by one migration, because SQLite changes a table by
making it anew, and drops the triggers of the old one without a word.
"""

from django.db import connections

TABLE = "commitments_entry"
REFUSAL = "The history is never changed or removed."
VERBS = ("update", "delete")

FUNCTION = f"""
CREATE OR REPLACE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def guard_the_history(sender, using, **kwargs):
    """Put the triggers back where they are missing; called after `migrate` and `flush`."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if TABLE not in connection.introspection.table_names(cursor):
            return
        for statement in missing_triggers(connection.vendor, cursor):
            cursor.execute(statement)


def missing_triggers(vendor, cursor):
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS {TABLE}_no_{verb} BEFORE {verb.upper()} ON {TABLE}"
            f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            for verb in VERBS
        ]
    cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass", [TABLE])
    held = {name for (name,) in cursor.fetchall()}
    missing = [verb for verb in (*VERBS, "truncate") if f"{TABLE}_no_{verb}" not in held]
    return [FUNCTION] * bool(missing) + [
        f"CREATE TRIGGER {TABLE}_no_{verb} BEFORE {verb.upper()} ON {TABLE}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_refuse()"
        for verb in missing
    ]


def removal(vendor):
    """What takes the guard away, for a database that is to be emptied: a test's."""
    table = "" if vendor == "sqlite" else f" ON {TABLE}"
    return [f"DROP TRIGGER IF EXISTS {TABLE}_no_{v}{table}" for v in (*VERBS, "truncate")]
