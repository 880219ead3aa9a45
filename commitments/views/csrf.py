"""A form refused for its token: an old page, or a login in another tab. Its text is not lost."""

from django.contrib import admin
from django.http import HttpResponseForbidden
from django.template.loader import get_template
from django.utils import translation

from commitments import kept
from commitments.places import Place


def csrf_failure(request, reason=""):
    """The page of the refusal; a staff form's text is kept for whoever had it open.

    Another site can send a form here, but none with a token made for the person who is logged in:
    only with it is anything kept, and it is saved only when that person does so.
    """
    form = kept.form_sent(request)
    address = ""
    if form is not None and not admin.site.has_permission(request):
        return admin.site.login_page(request, form)
    if form is not None and form.person == request.user.pk:
        address = kept.put_in_session(request.session, form)
    with translation.override(Place.of(request.path_info).language):
        context = {"request": request, "kept_address": address}
        return HttpResponseForbidden(get_template("403_csrf.html").render(context))
