"""How much a page weighs with all it loads, compressed; and that all of it is the site's own."""

import gzip
import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import TestCase

from tests.page_kinds import (
    DETAILS,
    ERRORS,
    HOMES,
    LISTS,
    OTHERS,
    SEEDS,
    in_english,
    in_large_text,
)

# In bytes. A detail page has charts and tables; every other kind keeps to what a list may weigh.
BUDGETS = {
    30_000: (*HOMES, *LISTS, *OTHERS, *ERRORS),
    40_000: DETAILS,
}
LOADED = {"img": "src", "script": "src", "iframe": "src", "source": "srcset", "use": "href"}
LOADED_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "manifest", "apple-touch-icon"}


class Loads(HTMLParser):
    """The addresses that a browser asks for by itself when it shows a page."""

    def __init__(self, text):
        super().__init__()
        self.found = set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag in LOADED and attributes.get(LOADED[tag]):
            self.add(attributes[LOADED[tag]])
        if tag == "link" and LOADED_LINKS & set(attributes["rel"].split()):
            self.add(attributes["href"])

    handle_startendtag = handle_starttag

    def add(self, address):
        if not address.startswith("#"):
            self.found.add(address.partition("#")[0])


def asked_by_sheet(text):
    return set(re.findall(r"""(?:@import\s+|url\()\s*["']?([^"')\s]+)""", text))


def loaded(page):
    """Address to bytes of all that comes with a page: sheets, what they ask for, pictures."""
    found, waiting = {}, list(Loads(page).found)
    while waiting:
        address = waiting.pop()
        if address in found or address.startswith("data:"):
            continue
        path = urlsplit(address)
        assert not path.netloc, f"{address} is on another host"
        assert path.path.startswith(settings.STATIC_URL), f"{address} is not a file of the site"
        with open(finders.find(path.path.removeprefix(settings.STATIC_URL)), "rb") as file:
            found[address] = file.read()
        if path.path.endswith(".css"):
            waiting += [urljoin(address, each) for each in asked_by_sheet(found[address].decode())]
    return found


def asks_for_a_face(name, body):
    return name.endswith((".woff", ".woff2", ".ttf", ".otf")) or b"@font-face" in body


def weight(body):
    # whitenoise compresses at gzip's highest level too.
    return len(gzip.compress(body, 9))


class TestWeights(TestCase):
    @classmethod
    def setUpTestData(cls):
        for folder in SEEDS:
            call_command("load_plan", str(settings.SEED_DIR / folder), verbosity=0)

    def test_every_page_is_within_its_budget_and_brings_no_face(self):
        heavy = []
        for most, addresses in BUDGETS.items():
            for address in addresses:
                for each in (address, in_english(address), in_large_text(address)):
                    page = self.client.get(each)
                    assert page.status_code == ERRORS.get(address, 200), each
                    bodies = {each: page.content} | loaded(page.content.decode())
                    assert len(bodies) >= 3
                    assert not any(asks_for_a_face(*each) for each in bodies.items())
                    weights = {name: weight(body) for name, body in bodies.items()}
                    if sum(weights.values()) > most:
                        heavy.append((sum(weights.values()), most, weights))
        assert heavy == []
