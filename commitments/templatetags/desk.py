"""What waits for a staff member, on the first page of the staff area."""

from django import template

from commitments.models import ErrorReport

register = template.Library()


@register.simple_tag(takes_context=True)
def new_error_reports(context):
    """How many error reports nobody has handled; 0 for whoever may not see them."""
    if not context["request"].user.has_perm("commitments.view_errorreport"):
        return 0
    return ErrorReport.objects.new().count()
