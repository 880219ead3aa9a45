"""A form that is sent twice is saved once."""

import datetime as dt
import hashlib
import json

from django.db import IntegrityError, transaction

from commitments.kept import TOKEN
from commitments.models import SentForm

# A button pressed twice is a matter of seconds, a page sent again when a tablet wakes of days.
REMEMBERED = dt.timedelta(days=15)


def key_of(request):
    """The same for the same form with the same words in it.

    Who goes back, changes something and saves sends another one: that text must not be dropped.
    """
    sent = [pair for pair in request.POST.lists() if pair[0] != "csrfmiddlewaretoken"]
    files = [[name, file.name, file.size] for name, each in request.FILES.lists() for file in each]
    text = json.dumps([request.POST[TOKEN], sorted(sent), files])
    return hashlib.sha256(text.encode()).hexdigest()


def claim(request, *, by, at):
    """Take the right to save the form: (claim, True), or the first one's claim and False.

    Of two at one moment the second waits here for the end of the first one's transaction.
    """
    key = key_of(request)
    SentForm.objects.filter(sent_at__lt=at - REMEMBERED).delete()
    try:
        with transaction.atomic():
            return SentForm.objects.create(key=key, sent_at=at, sent_by=by), True
    except IntegrityError:
        return SentForm.objects.get(key=key), False
