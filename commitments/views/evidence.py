"""Files that bear out what is public; the others are as if they were not there."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from commitments.models import Evidence
from commitments.sending import file_answer
from commitments.views.errors import not_found


def public(key):
    return Evidence.objects.public_on(timezone.localdate()).filter(key=key)


def etag(request, key):
    found = public(key).values_list("sha256", flat=True).first()
    return f'"{found}"' if found else None


@require_safe
@condition(etag_func=etag)
def evidence(request, key):
    found = get_object_or_404(public(key))
    answer = file_answer(found)
    if answer is None:
        return not_found(
            request,
            message=_(
                "The file “%(name)s” belongs here but cannot be read at the moment. Please report "
                "it, and name this page."
            )
            % {"name": found.name},
        )
    # Asked again each time: it is the same file, but it may have been shown by mistake.
    answer["Cache-Control"] = "no-cache"
    return answer
