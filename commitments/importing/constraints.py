"""A table's own check constraints, asked of a record in memory.

Django asks the database, a query for each constraint and record; a sheet has thousands of both.
"""

from operator import ge, gt, le, lt

from django.db.models import F, Q

COMPARED = {"gt": gt, "gte": ge, "lt": lt, "lte": le}


def broken(record, names):
    """Those of the named constraints that the record breaks, with their messages."""
    for constraint in record._meta.constraints:
        if constraint.name in names and holds(constraint.condition, record) is False:
            yield constraint.name, str(constraint.get_violation_error_message())


def holds(condition, record):
    """True, False, or None where SQL does not know; a constraint is kept unless it is False."""
    answers = [
        holds(part, record) if isinstance(part, Q) else compared(*part, record)
        for part in condition.children
    ]
    answer = JOINED[condition.connector](answers)
    if not condition.negated or answer is None:
        return answer
    return not answer


def every(answers):
    return False if False in answers else None if None in answers else True


def some(answers):
    return True if True in answers else None if None in answers else False


def odd(answers):
    return None if None in answers else answers.count(True) % 2 == 1


JOINED = {Q.AND: every, Q.OR: some, Q.XOR: odd}


def compared(lookup, wanted, record):
    name, _separator, how = lookup.partition("__")
    held = value_of(record, name)
    if isinstance(wanted, F):
        wanted = value_of(record, wanted.name)
    if how == "isnull":
        return (held is None) == wanted
    if not how and wanted is None:
        return held is None
    if held is None or wanted is None:
        return None
    if how == "in":
        return held in wanted
    return COMPARED[how](held, wanted) if how else held == wanted


def value_of(record, name):
    return getattr(record, record._meta.get_field(name).attname)
