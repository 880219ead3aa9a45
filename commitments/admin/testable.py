from django.contrib import messages
from django.utils.translation import gettext as _

from commitments.formats import listed


class TestableAdmin:
    """Tells whoever enters a promise, or one test of it, what it lacks to be testable."""

    __test__ = False  # Not a test case, whatever its name.

    def testables(self, obj):
        """The `Testable`s of a saved record."""
        raise NotImplementedError

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["testables"] = self.testables(obj) if obj is not None else []
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_add(self, request, obj, post_url_continue=None):
        self.tell_missing(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        self.tell_missing(request, obj)
        return super().response_change(request, obj)

    def tell_missing(self, request, obj):
        """Say of each test just saved what it lacks: the public will read the same."""
        for each in self.testables(obj):
            if each.missing:
                words = {"test": each.test or obj, "missing": listed(each.missing)}
                said = _("%(test)s. Missing for a test: %(missing)s.") % words
                self.message_user(request, said, messages.WARNING)
