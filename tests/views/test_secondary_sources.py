import re
from html import unescape
from io import BytesIO
from zipfile import ZipFile

from django.test import TestCase

from tests.factories import make_commitment, make_observation, make_target

COPY = "http://copies.example/543.html"

# How a link is written inside of each kind of file; an address of text is not.
LINKS = {
    "xlsx": r'Type="[^"]*/hyperlink" Target="([^"]*)"',
    "ods": r'xlink:href="([^"]*)"',
    "docx": r'Type="[^"]*/hyperlink" Target="([^"]*)"',
    "pdf": r"/URI ?\(([^)]*)\)",
}


def links_in(file, extension):
    """The addresses that a file links to."""
    if extension == "pdf":
        texts = [file.decode("latin-1")]
    else:
        with ZipFile(BytesIO(file)) as parts:
            texts = [parts.read(name).decode(errors="replace") for name in parts.namelist()]
    return {address for text in texts for address in re.findall(LINKS[extension], text)}


class TestSecondarySources(TestCase):
    """A copy on somebody else's site can be anything by tomorrow: it is named, never linked."""

    @classmethod
    def setUpTestData(cls):
        indicator = make_target(make_commitment(code="ZZ-001")).indicator
        make_observation(indicator, 2022, 280, source_url=COPY, source_kind="secondary")
        # And a correction of it.
        make_observation(indicator, 2022, 281, source_url=COPY, source_kind="secondary")
        make_observation(indicator, 2023, 310, source_url="https://official.example/")

    def test_an_address_is_told_but_no_link(self):
        told = 0
        for address in (
            "/en/",
            "/en/commitments/",
            "/en/commitments/ZZ-001/",
            "/en/changes/",
            "/en/changes/corrections/",
            "/en/feed.atom",
            "/en/commitments/ZZ-001/feed.atom",
        ):
            html = unescape(self.client.get(address).content.decode())
            told += COPY in html
            assert f'href="{COPY}' not in html, address
        assert told >= 4
        for address in ("/en/commitments/ZZ-001/", "/en/changes/", "/en/feed.atom"):
            html = unescape(self.client.get(address).content.decode())
            assert 'href="https://official.example/"' in html, address

    def test_files_keep_the_address(self):
        for extension in ("csv", "json"):
            file = self.client.get(f"/en/commitments.{extension}?as_of=2023-04-01")
            assert COPY.encode() in b"".join(file)

    def test_files_link_to_what_pages_link_to(self):
        for extension in LINKS:
            for day, address in (("2023-04-01", COPY), ("2024-06-01", "https://official.example/")):
                with self.subTest(extension=extension, day=day):
                    response = self.client.get(f"/en/commitments.{extension}?as_of={day}")
                    found = links_in(b"".join(response), extension)
                    assert (address in found) is (address != COPY), found
