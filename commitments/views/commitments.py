from django.core.paginator import EmptyPage, Paginator
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commitments import formats
from commitments.filters import Keys, agencies_of, asked, elsewhere, ways_out
from commitments.portrait import named_agencies
from commitments.templatetags.register import page_address
from commitments.views import errors
from commitments.views.lines import lines_of

PAGE_SIZE = 25
FILE_KINDS = ("csv", "xlsx", "json")


@require_safe
def commitment_list(request):
    """The commitments that a filter finds, a page at a time."""
    found, day = asked(request)
    if found.problems:
        return refused(request, found)
    if found.chosen_plan is None:
        return render(request, "commitments/home_empty.html")
    paginator = Paginator(Keys(found), PAGE_SIZE)
    wanted = request.GET.get("page", "1")
    number = page_number(wanted)
    if number is None:
        return errors.bad_request(
            request, message=_("“%(page)s” is not the number of a page.") % {"page": wanted[:40]}
        )
    try:
        page = paginator.page(number)
    except EmptyPage:
        return no_such_page(request, found, paginator)
    lines = lines_of(page.object_list, found, day)
    return render(
        request,
        "commitments/list.html",
        context_of(found)
        | {
            "day": day,
            "page": page,
            "pages": paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
            "lines": lines,
            "total": found.counts.total,
            "chips": found.chips(),
            "ways": [] if lines else ways_out(found),
            "elsewhere": [] if lines else elsewhere(found),
            "agencies": [] if lines else agencies_found(found),
            "files": FILE_KINDS,
        },
    )


def agencies_found(found):
    """Agencies that the words name, though no promise does: their pages may say why."""
    return agencies_of(found.terms, named_agencies()) if found.terms else []


def context_of(found):
    return {
        "filter": found,
        "plan": found.chosen_plan,
        "is_past": found.is_past,
        "scope": found.scope,
    }


def refused(request, found):
    """The form as it was typed, what is wrong with it, and no results."""
    return render(
        request,
        "commitments/list.html",
        context_of(found) | {"problems": found.problems},
        status=400,
    )


def page_number(text):
    """The number, or None. A huge one is cut, still far beyond any list, to be read at no cost."""
    return (int(text[:20]) or None) if text.isascii() and text.isdigit() else None


def no_such_page(request, found, paginator):
    last = paginator.num_pages
    ways = [(page_address(found, 1), _("To its first page"))]
    if last > 1:
        ways.append((page_address(found, last), _("To its last page")))
    return errors.not_found(
        request,
        message=_("This list ends at page %(last)s.") % {"last": formats.number(last)},
        ways=ways,
    )
