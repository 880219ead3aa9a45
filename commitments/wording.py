"""A promise in the words it had on a day, before it was amended."""

import datetime as dt
from collections import defaultdict

from django.utils import timezone

from commitments.actions.amending import change
from commitments.models import Amendment


def put_back(dossier, day):
    """Give a promise, in memory, the words it had on a day."""
    undo(dossier.commitment, dossier.amended_since(day))


def put_all_back(commitments, day):
    """The same for the rows of a list, in one query and a few for each that was amended since."""
    if day >= timezone.localdate():
        return
    after = timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))
    found = defaultdict(list)
    amendments = Amendment.objects.published().filter(
        commitment__in=[each.pk for each in commitments], published_at__gte=after
    )
    for amendment in amendments.order_by("-published_at", "-pk"):
        found[amendment.commitment_id].append(amendment)
    for commitment in commitments:
        undo(commitment, found[commitment.pk])


def undo(commitment, amendments):
    """Take amendments back, the newest first."""
    for amendment in amendments:
        many = change(commitment, {name: old for name, (old, _new) in amendment.changes.items()})
        commitment.__dict__.setdefault("_prefetched_objects_cache", {}).update(many)
