"""Text that wants to do harm, in every field that the public reads, through every machine's door.

The report formats have tests of their own, with the readers of those formats (tests/exporters,
tests/test_report.py). Here are the others: pages, feeds, calendars, pictures, frames, what search
engines and link previews read, the API and the archive.
"""

import csv
import io
import json
import re
import zipfile
from html.parser import HTMLParser
from xml.etree import ElementTree

from django.db import models
from django.test import TestCase

from commitments.models import (
    Agency,
    Commitment,
    Indicator,
    Milestone,
    Observation,
    Plan,
    SourceDocument,
    Target,
    Theme,
    Update,
)
from commitments.views.archive import HELD
from tests.factories import (
    make_commitment,
    make_milestone,
    make_observation,
    make_target,
    make_update,
)

TEXTS = {
    "formula": "=1+1;@SUM(A1)",
    "markup": "</script></title><script>alert(1)</script><img src=x onerror=alert(1)>\"'`",
    "line ends": "a\r\nBEGIN:VEVENT\nX-EVIL:1\u2028b\u2029c\x85d\te",
    "right to left": "\u202egnp.exe\u202c \u2066x\u2069 \u200f",
    "emoji": "👩‍👩‍👧‍👦🇨🇳 𠀀㵲",
    "controls": "a\x01b\x0bc\x1bd\x7fe\ufffe",
    "long": "长" * 10_000,
    "template": "{{ settings.SECRET_KEY }}{% debug %}%(x)s{0}$",
    "closing": "]]>--><!--&amp;&lt;&#0;",
}
KEPT = {"code", "quote", "text", "standard", "item", "files_sha256", "sha256", "return_note"}
KEPT |= {"withdrawn_document_zh", "withdrawn_document_en", "definition_zh"}
MODELS = (
    Agency,
    Theme,
    Plan,
    SourceDocument,
    Indicator,
    Commitment,
    Target,
    Milestone,
    Observation,
    Update,
)
LIVE = ("=", "+", "@", "\t", "\r")
SCRIPTS = re.compile(r"<script(?![^>]*(?:src=|application/ld\+json))", re.IGNORECASE)


class Strict(HTMLParser):
    """Notes what would run, and whether what was opened is closed."""

    def __init__(self):
        super().__init__()
        self.found, self.opened = [], []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "script" and "src" not in given and given.get("type") != "application/ld+json":
            self.found.append(tag)
        self.found += [name for name in given if name.startswith("on")]
        for name in ("href", "src", "action"):
            if (given.get(name) or "").strip().lower().startswith(("javascript:", "data:")):
                self.found.append(given[name])
        if tag in ("main", "article", "section", "table"):
            self.opened.append(tag)

    def handle_endtag(self, tag):
        if tag in ("main", "article", "section", "table"):
            assert self.opened.pop() == tag


class Hostile(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.commitment = make_commitment(due_year=2030)
        target = make_target(
            cls.commitment, due_period="2030", baseline_period=2020, baseline_value=1
        )
        make_observation(target.indicator, 2023, 300)
        make_milestone(cls.commitment)
        make_update(cls.commitment)
        code, plan = cls.commitment.code, cls.commitment.plan.code
        cls.pages = (
            "/",
            "/commitments/",
            f"/commitments/{code}/",
            f"/plans/{plan}/",
            f"/agencies/{cls.commitment.lead_agency.code}/",
            f"/themes/{cls.commitment.theme.code}/",
            "/changes/",
            "/report/",
            f"/embed/commitments/{code}/",
            f"/embed/plans/{plan}/",
        )

    def fill(self, text):
        """Put a text into every field of every record that the public reads."""
        # The revision rises at the end of a transaction, to which a test does not come.
        HELD.mark = None
        for model in MODELS:
            values = {}
            for field in model._meta.concrete_fields:
                is_text = isinstance(field, models.CharField | models.TextField)
                is_other = isinstance(field, models.URLField) or field.choices or field.is_relation
                if not is_text or is_other or field.name in KEPT:
                    continue
                if type(field).__name__ == "PeriodField":
                    continue
                values[field.name] = text[: field.max_length or len(text)]
            model.objects.update(**values)

    def through(self, addresses):
        """What each address answers in both languages with each of the texts."""
        for name, text in TEXTS.items():
            self.fill(text)
            for address in addresses:
                for prefix in ("", "/en"):
                    answer = self.client.get(prefix + address)
                    assert answer.status_code == 200, (name, prefix + address)
                    body = b"".join(answer) if answer.streaming else answer.content
                    yield text, body

    def test_pages_and_frames_run_nothing_of_it(self):
        for _text, body in self.through(self.pages):
            page = body.decode()
            reader = Strict()
            reader.feed(page)
            reader.close()
            assert not reader.found
            assert not reader.opened
            assert not SCRIPTS.search(page)
            assert "SECRET_KEY }}" in page or "settings.SECRET_KEY" not in page

    def test_what_search_engines_read_is_still_json(self):
        for _text, body in self.through([f"/commitments/{self.commitment.code}/"]):
            held = re.findall(
                r'<script type="application/ld\+json"[^>]*>(.*?)</script>', body.decode(), re.DOTALL
            )
            assert held
            for each in held:
                json.loads(each)

    def test_feeds_are_still_xml(self):
        for _text, body in self.through(["/feed.atom", "/commitments/feed.atom"]):
            feed = ElementTree.fromstring(body)
            assert feed.tag == "{http://www.w3.org/2005/Atom}feed"
            for entry in feed.iter("{http://www.w3.org/2005/Atom}content"):
                reader = Strict()
                reader.feed(entry.text or "")
                assert not reader.found

    def test_calendars_have_no_event_more_and_no_line_too_long(self):
        plain = self.client.get("/calendar.ics")
        events = b"".join(plain).count(b"BEGIN:VEVENT")
        assert events
        for _text, body in self.through(["/calendar.ics"]):
            lines = body.decode().split("\r\n")
            assert lines[-1] == ""
            assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == events
            for line in lines:
                assert len(line.encode()) <= 75
                assert not re.search(r"[\x00-\x08\x0a-\x1f\x7f]", line)
                assert re.match(r"[A-Z-]+[;:]|[ \t]|\Z", line), line

    def test_pictures_are_still_pictures(self):
        for _text, body in self.through([f"/commitments/{self.commitment.code}/card.png"]):
            assert body.startswith(b"\x89PNG\r\n\x1a\n")
            assert body.endswith(b"IEND\xaeB`\x82")

    def test_sitemaps_are_still_xml(self):
        for text in TEXTS.values():
            self.fill(text)
            for address in ("/sitemap.xml", "/sitemap-pages.xml", "/sitemap-1.xml"):
                answer = self.client.get(address)
                body = b"".join(answer) if answer.streaming else answer.content
                ElementTree.fromstring(body)

    def test_the_api_gives_it_back_whole(self):
        for text, body in self.through(["/api/v1/commitments/"]):
            [row] = json.loads(body)["results"]
            assert row["title_zh"] == text[:200]

    def test_the_archive_gives_it_back_whole_and_its_tables_run_nothing(self):
        for text, body in self.through(["/data/commitments-register.zip"]):
            with zipfile.ZipFile(io.BytesIO(body)) as book:
                assert book.testzip() is None
                [row] = json.loads(book.read("data/commitments.json"))
                assert row["title_zh"] == text[:200]
                for name in book.namelist():
                    if not name.endswith(".csv"):
                        continue
                    sheet = book.read(name).decode("utf-8-sig")
                    widths = set()
                    for cells in csv.reader(io.StringIO(sheet, newline="")):
                        widths.add(len(cells))
                        assert not any(
                            cell.startswith(("=", "+", "@", "\t", "\r")) for cell in cells
                        )
                    assert len(widths) == 1, name
