"""Questions that the documentation gives as examples. A test asks each of them."""

from django.urls import reverse
from django.utils.translation import gettext as _

from commitments.models import Commitment, Plan


def all():
    """Pairs (what it asks, path below the API), of what the register has today."""
    plan = Plan.objects.open().first()
    found = [(_("All plans that are open"), "plans/")]
    if plan is None:
        return found
    code = Commitment.objects.published().filter(plan=plan).order_by("code").first().code
    return [
        *found,
        (_("Promises that were missed"), f"commitments/?plan={plan.code}&status=missed"),
        (
            _("Code, status and sentence of all promises, as they stood when the plan was adopted"),
            f"commitments/?plan={plan.code}&as_of={plan.adopted_on}&fields=code,status,sentence",
        ),
        (_("One promise, with its tests and every status it had"), f"commitments/{code}/"),
        (_("The figures, newest version of each"), f"observations/?plan={plan.code}&limit=20"),
        (_("What changed lately"), f"changes/?plan={plan.code}&limit=10"),
        (_("Issued reports with the checksums of their files"), f"reports/?plan={plan.code}"),
    ]


def address(request, path):
    return request.build_absolute_uri(reverse("api_root") + path)
