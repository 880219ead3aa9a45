"""What waits for a staff member, on the first page of the staff area."""

from django import template

from commitments.access import ENTERED, Access
from commitments.models import ErrorReport

register = template.Library()


@register.simple_tag(takes_context=True)
def new_error_reports(context):
    """How many error reports nobody has handled; 0 for whoever may not see them."""
    if not context["request"].user.has_perm("commitments.view_errorreport"):
        return 0
    return ErrorReport.objects.new().count()


@register.simple_tag(takes_context=True)
def waiting_for_review(context):
    """How many records wait for a reviewer; 0 for whoever is none."""
    if not Access.of(context["request"].user).is_reviewer:
        return 0
    return sum(model.objects.in_review().count() for model in ENTERED)
