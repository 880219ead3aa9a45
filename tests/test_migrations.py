"""A release only adds to the database, so that the version before still runs: docs/deploy.md."""

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.models import F, Q
from django.db.models.fields import NOT_PROVIDED
from django.db.models.functions import Now

APP = "commitments"
# The last one from before this was held.
BASELINE = "0019_worst_of_several_tests"
# Migration and operation, as this test names them, and why it is safe all the same: it is the
# second of two steps, a constraint that only allows more, a longer text.
FOUND_SAFE: dict[tuple[str, str], str] = {}
ADVICE = """After this the version before would fail, and it still runs (docs/deploy.md).
In two releases:
- a column that must be filled: add it nullable or with a db_default; in the next ask for it;
- what is no longer used: take it out of the models alone (SeparateDatabaseAndState), a column
  once it is nullable or has a db_default; in the next remove it;
- another name: add and fill, then remove;
- a rule for what is there already: keep to it in code, then add the constraint.
If it is the second step, or safe for a reason that no program sees: FOUND_SAFE."""

# What RunPython does to rows is for people to judge; RunSQL may do anything to tables.
ADDS = (
    migrations.CreateModel,
    migrations.AddIndex,
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
    migrations.RunPython,
)


def refused(operations, before):
    """The operations that the version before would not survive; `before` is the state it knows."""
    new_fields = set()
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from refused(operation.database_operations, before)
        elif not isinstance(operation, ADDS) and not only_adds(operation, before, new_fields):
            yield operation
        if isinstance(operation, migrations.AddField):
            new_fields.add((operation.model_name_lower, operation.name))


def only_adds(operation, before, new_fields):
    table = getattr(operation, "model_name_lower", None)
    if table is None:
        return False
    if (APP, table) not in before.models:
        return True  # Nobody knows the table yet.
    match operation:
        case migrations.AddField(field=field):
            is_filled = field.null or field.generated or field.db_default is not NOT_PROVIDED
            return field.many_to_many or is_filled
        case migrations.AlterField(field=field, name=name):
            known = before.models[APP, table].fields.get(name)
            return known is not None and of_column(known) == of_column(field)
        case migrations.AddConstraint(constraint=constraint):
            named = {(table, name) for name in fields_of(constraint)}
            return bool(named) and named <= new_fields
    return False


def of_column(field):
    """What the database knows of a field: neither its words nor its choices."""
    _name, path, positional, named = field.deconstruct()
    kept = {key: value for key, value in named.items() if key not in field.non_db_attrs}
    return path, positional, kept


def fields_of(constraint):
    condition = constraint.condition
    return {*getattr(constraint, "fields", ())} | (
        condition.referenced_base_fields if condition else set()
    )


@pytest.fixture(scope="module")
def loader():
    return MigrationLoader(None)


@pytest.fixture(scope="module")
def before(loader):
    return loader.project_state((APP, BASELINE))


def refused_after(baseline, loader):
    (last,) = loader.graph.leaf_nodes(APP)
    names = [name for app, name in loader.graph.forwards_plan(last) if app == APP]
    for name in names[names.index(baseline) + 1 :]:
        state = loader.project_state((APP, name), at_end=False)
        for operation in refused(loader.graph.nodes[APP, name].operations, state):
            yield name, operation.describe()


def test_every_migration_only_adds(loader):
    found = {*refused_after(BASELINE, loader)}
    assert not found - FOUND_SAFE.keys(), ADVICE
    assert not FOUND_SAFE.keys() - found, "FOUND_SAFE names what is not there."


def test_sees_what_older_migrations_did(loader):
    """A constraint made anew; the choices changed with it are no column's."""
    assert [*refused_after("0017_second_factor", loader)][:2] == [
        ("0018_locked_log_ins", "Remove constraint entry_by_someone from model entry"),
        ("0018_locked_log_ins", "Create constraint entry_by_someone on model entry"),
    ]


def added(name, field):
    return migrations.AddField("Theme", name, field)


def checked(condition, table="theme"):
    constraint = models.CheckConstraint(condition=condition, name="a_rule")
    return migrations.AddConstraint(table, constraint)


REMOVED = migrations.RemoveField("Theme", "name_en")
NEW_TABLE = migrations.CreateModel("Fresh", [("number", models.IntegerField())])


@pytest.mark.parametrize(
    "operations",
    [
        [REMOVED],
        [migrations.SeparateDatabaseAndState(database_operations=[REMOVED])],
        [migrations.DeleteModel("Theme")],
        [migrations.RenameField("Theme", "name_en", "english")],
        [migrations.RenameModel("Theme", "Area")],
        [migrations.AlterModelTable("Theme", "area")],
        [migrations.AlterField("Theme", "name_en", models.CharField(max_length=3))],
        [migrations.RunSQL("DROP TABLE commitments_theme")],
        # Django gives its default to the rows that are there, and takes it back.
        [added("rank", models.IntegerField(default=0))],
        [added("rank", models.IntegerField())],
        [checked(~Q(name_en=""))],
        [
            added("rank", models.IntegerField(null=True)),
            migrations.AlterField("Theme", "rank", models.IntegerField()),
        ],
        [added("rank", models.IntegerField(null=True)), checked(Q(rank=1) | ~Q(name_en=""))],
    ],
    ids=lambda operations: operations[-1].__class__.__name__,
)
def test_refuses_what_the_version_before_would_not_survive(operations, before):
    assert len([*refused(operations, before)]) == 1


@pytest.mark.parametrize(
    "operations",
    [
        [NEW_TABLE, checked(Q(number__gt=0), "fresh")],
        [added("rank", models.IntegerField(null=True))],
        [added("seen_at", models.DateTimeField(db_default=Now()))],
        [added("near", models.ManyToManyField(f"{APP}.Theme"))],
        [
            added("from_day", models.DateField(null=True)),
            added("to_day", models.DateField(null=True)),
            checked(Q(to_day__gt=F("from_day"))),
        ],
        [migrations.SeparateDatabaseAndState(state_operations=[REMOVED])],
        [migrations.AddIndex("Theme", models.Index(fields=["name_en"], name="theme_by_name"))],
        [migrations.RunPython(migrations.RunPython.noop)],
    ],
    ids=lambda operations: operations[-1].__class__.__name__,
)
def test_lets_through_what_only_adds(operations, before):
    assert [*refused(operations, before)] == []
