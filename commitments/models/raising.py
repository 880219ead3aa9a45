"""The database raises the revision number whenever something public changes.

Every table of the register counts as public unless it is named here: one that is forgotten costs
a few pages made anew, not a page that is out of date. Of records that wait to be published only
the published ones count.

SQLite has one writer at a time, so its triggers raise the number at once. PostgreSQL has many,
and each would wait for the first to end, with locks of its own in hand: the number is raised
last of all, in the moment of the commit. A change notes its transaction in a table; a trigger put
off to the commit touches that note; another one, put off by this, comes after all that is
checked at a commit, and raises the number.

Installed after every `migrate`, for the reason told in `append_only.py`; SQLite will not change a
table while a trigger names one that is just being made anew, so there they are removed before. A
trigger that is there is left alone: give it another name when its condition changes.
"""

from django.apps import apps
from django.db import connections

from commitments.models.revision import ONLY, Revision
from commitments.models.workflow import Publishable, State

PRIVATE = {
    "Appointment",
    "Appointment_agencies",
    "Entry",
    "ErrorReport",
    "LogInRule",
    "LongFile",
    "Reminder",
    "Revision",
    "SecondFactor",
    "SendingCount",
    "SentForm",
    "SheetImport",
}
NUMBER = Revision._meta.db_table
NOTES = f"{NUMBER}_due"
RAISED = f"UPDATE {NUMBER} SET number = number + 1 WHERE id = {ONLY}"
# Which rows of a trigger say whether what changed was public.
SEEN = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}

ON_POSTGRESQL = f"""
CREATE TABLE IF NOT EXISTS {NOTES} (xact xid8 PRIMARY KEY, is_last boolean NOT NULL DEFAULT false);
CREATE OR REPLACE FUNCTION {NUMBER}_note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO {NOTES} (xact) VALUES (pg_current_xact_id()) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION {NUMBER}_put_last() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE {NOTES} SET is_last = true WHERE xact = NEW.xact;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION {NUMBER}_raise() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    DELETE FROM {NOTES} WHERE xact = NEW.xact;
    {RAISED};
    RETURN NULL;
END $$;
"""


def public_models():
    """The models of all tables of which a change may show, the ones between two others too."""
    found = apps.get_app_config("commitments").get_models(include_auto_created=True)
    return [model for model in found if model.__name__ not in PRIVATE]


def keep_the_revision(sender, using, **kwargs):
    """Put row and triggers where they are missing; called after `migrate` and `flush`.

    The number rises with every call: what was migrated may have changed while a trigger was gone.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        if NUMBER not in connection.introspection.table_names(cursor):
            return
        for statement in missing_triggers(connection.vendor, cursor):
            cursor.execute(statement)
        cursor.execute(
            f"INSERT INTO {NUMBER} (id, number) VALUES ({ONLY}, 1)"
            f" ON CONFLICT (id) DO UPDATE SET number = {NUMBER}.number + 1"
        )


def make_way(sender, using, plan, **kwargs):
    """Remove the triggers before what they would be in the way of; called before `migrate`."""
    connection = connections[using]
    is_backwards = any(backwards for _migration, backwards in plan)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite" and plan:
            for name in held_triggers("sqlite", cursor) & dict(triggers("sqlite")).keys():
                cursor.execute(f"DROP TRIGGER {name}")
        elif connection.vendor == "postgresql" and is_backwards:
            cursor.execute(f"DROP FUNCTION IF EXISTS {NUMBER}_note CASCADE")
            cursor.execute(f"DROP TABLE IF EXISTS {NOTES}")


def missing_triggers(vendor, cursor):
    held = held_triggers(vendor, cursor)
    return [statement for name, statement in triggers(vendor) if name not in held]


def held_triggers(vendor, cursor):
    if vendor == "sqlite":
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    else:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND pg_table_is_visible(tgrelid)"
        )
    return {name for (name,) in cursor.fetchall()}


def triggers(vendor):
    """Pairs (name, statement): what the triggers need, and then each of them."""
    make = _sqlite_trigger
    if vendor == "postgresql":
        make = _postgresql_trigger
        yield NOTES, ON_POSTGRESQL
        yield from _at_the_commit()
    for model in public_models():
        for verb in SEEN:
            name = f"{model._meta.db_table}_revised_by_{verb.lower()}"
            yield name, make(name, model, verb)


def _sqlite_trigger(name, model, verb):
    when = _when(model, verb)
    return (
        f"CREATE TRIGGER {name} AFTER {verb} ON {model._meta.db_table} {when} BEGIN {RAISED}; END"
    )


def _postgresql_trigger(name, model, verb):
    when = _when(model, verb)
    # Without a condition once for a statement of any number of rows.
    each = f"FOR EACH ROW {when}" if when else "FOR EACH STATEMENT"
    return (
        f"CREATE TRIGGER {name} AFTER {verb} ON {model._meta.db_table}"
        f" {each} EXECUTE FUNCTION {NUMBER}_note()"
    )


def _when(model, verb):
    if not issubclass(model, Publishable):
        return ""
    seen = (f"{row}.state = '{State.PUBLISHED.value}'" for row in SEEN[verb])
    return f"WHEN ({' OR '.join(seen)})"


def _at_the_commit():
    for name, verb, function in (("first", "INSERT", "put_last"), ("last", "UPDATE", "raise")):
        yield (
            f"{NOTES}_{name}",
            f"CREATE CONSTRAINT TRIGGER {NOTES}_{name} AFTER {verb} ON {NOTES} DEFERRABLE"
            f" INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {NUMBER}_{function}()",
        )
