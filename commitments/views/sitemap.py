"""What search engines may read: /sitemap.xml, its parts, and /robots.txt."""

from xml.sax.saxutils import escape

from django.conf import settings
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from commitments.models import Commitment, IssuedReport, Plan
from commitments.portrait import named_agencies, named_themes

# The protocol lets a file have 50,000 addresses; every page has one in each language.
MOST_ADDRESSES = 50_000
PAGES_A_FILE = MOST_ADDRESSES // len(settings.LANGUAGES)
XML = "application/xml; charset=utf-8"
HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
XHTML = 'xmlns:xhtml="http://www.w3.org/1999/xhtml"'
# Pages that are there whatever is in the register.
STANDING_PAGES = (
    "home",
    "commitments",
    "agencies",
    "themes",
    "changes",
    "corrections",
    "method",
    "about",
    "accessibility",
    "data",
    "api",
    "issued_reports",
    "check_file",
)


def promises():
    shown = Commitment.objects.shown_on(timezone.localdate())
    return shown.order_by("code").values_list("code", "standing__starts_on")


@require_safe
def sitemap_index(request):
    parts = -(-promises().count() // PAGES_A_FILE)
    names = [reverse("sitemap_pages")]
    names += [reverse("sitemap_part", args=[number]) for number in range(1, parts + 1)]
    rows = [f"<sitemap><loc>{absolute(request, name)}</loc></sitemap>" for name in names]
    text = f"{HEAD}<sitemapindex {SITEMAP}>\n" + "\n".join(rows) + "\n</sitemapindex>\n"
    return HttpResponse(text, content_type=XML)


@require_safe
def sitemap_pages(request):
    """All pages but those of promises, which may be too many for one file."""
    found = [(name, [], None) for name in STANDING_PAGES]
    for name, records in (
        ("plan", Plan.objects.open()),
        ("agency", named_agencies().order_by("code")),
        ("theme", named_themes().order_by("code")),
    ):
        found += [(name, [code], None) for code in records.values_list("code", flat=True)]
    found += [
        ("issued_report", [each.number], timezone.localdate(each.issued_at))
        for each in IssuedReport.objects.issued()
    ]
    return StreamingHttpResponse(urlset(request, found), content_type=XML)


@require_safe
def sitemap_part(request, number):
    if number == 0:
        raise Http404
    first = (number - 1) * PAGES_A_FILE
    found = [("commitment", [code], day) for code, day in promises()[first : first + PAGES_A_FILE]]
    if not found:
        raise Http404
    return StreamingHttpResponse(urlset(request, found), content_type=XML)


def urlset(request, pages):
    """Triples (url name, arguments, day of the last change) as addresses in every language."""
    yield f"{HEAD}<urlset {SITEMAP} {XHTML}>\n"
    for name, args, day in pages:
        found = {}
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                found[code] = absolute(request, reverse(name, args=args))
        alternates = "".join(
            f'<xhtml:link rel="alternate" hreflang="{code}" href="{address}"/>'
            for code, address in [*found.items(), ("x-default", found[settings.LANGUAGE_CODE])]
        )
        changed = f"<lastmod>{day.isoformat()}</lastmod>" if day else ""
        for address in found.values():
            yield f"<url><loc>{address}</loc>{changed}{alternates}</url>\n"
    yield "</urlset>\n"


def absolute(request, address):
    return escape(request.build_absolute_uri(address), {'"': "&quot;"})


@require_safe
def robots(request):
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /en/admin/",
        # Asking for one makes it.
        "Disallow: /long-files/",
        "Disallow: /en/long-files/",
        # Past days of every page, without end; what they show is on today's page too.
        "Disallow: /*?*as_of=",
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
