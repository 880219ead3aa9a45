import struct

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from commitments.cards import picture_of
from commitments.domain.status import Group
from commitments.exporters.look import shapes
from commitments.models import Commitment
from tests.factories import (
    OPENED_ON,
    make_commitment,
    make_commitments,
    make_observation,
    make_plan,
    make_source,
    make_target,
)

CARD = "/commitments/ZZ-001/card.png"


class TestCards(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.firms = make_commitment(code="ZZ-001", title_en="Firms")
        cls.counted = make_target(cls.firms).indicator

    def test_is_a_picture_of_the_size_previews_want(self):
        response = self.client.get(CARD)
        assert response["Content-Type"] == "image/png"
        assert response.content.startswith(b"\x89PNG\r\n\x1a\n")
        assert struct.unpack(">II", response.content[16:24]) == (1200, 630)
        assert len(response.content) < 300_000
        assert not response.cookies

    def test_differs_by_language_and_is_the_same_twice(self):
        zh, again, en = (self.client.get(a).content for a in (CARD, CARD, f"/en{CARD}"))
        assert zh == again
        assert zh != en

    def test_is_not_sent_again_while_the_facts_are_the_same(self):
        first = self.client.get(CARD)
        assert "max-age=" in first["Cache-Control"]
        known = {"If-None-Match": first["ETag"]}
        second = self.client.get(CARD, headers=known)
        assert second.status_code == 304
        assert second.content == b""
        assert second["ETag"] == first["ETag"]
        make_observation(self.counted, 2025, 360)
        third = self.client.get(CARD, headers=known)
        assert third.status_code == 200
        assert third["ETag"] != first["ETag"]

    def test_a_draft_has_no_picture_and_changes_none(self):
        first = self.client.get(CARD)
        make_observation(self.counted, 2025, 360, published=False)
        make_target(self.firms, published=False, value=1)
        assert self.client.get(CARD)["ETag"] == first["ETag"]
        make_commitment(code="ZZ-002", published=False)
        assert self.client.get("/commitments/ZZ-002/card.png").status_code == 404

    def test_says_what_the_page_says(self):
        make_observation(self.counted, 2025, 360)
        [found] = Commitment.objects.shown_on(OPENED_ON.replace(year=2026)).with_standing()
        card = picture_of(found, site="登记", figure="360 家")
        assert (card.kicker, card.title) == ("ZZ-001 · 市农业农村局", self.firms.title_zh)
        assert (card.status, card.test) == ("已实现", "≥ 350 家 · 2025")
        assert (card.figure, card.foot) == ("最新数据：360 家 · 2025年", "")

    def test_says_of_an_invented_plan_that_it_is(self):
        invented = make_plan(code="xulan", is_fictional=True)
        make_commitment(plan=invented, source=make_source(invented), code="XL-001")
        found = Commitment.objects.shown_on(OPENED_ON).with_standing().get(code="XL-001")
        assert picture_of(found, site="", figure="").foot == "虚构示例。"

    def test_a_title_is_words_and_never_markup(self):
        for code, title in (("ZZ-008", '#import "x"; $ * _ @a <b> \\'), ("ZZ-009", "很长" * 100)):
            make_commitment(code=code, title_zh=title)
            assert self.client.get(f"/commitments/{code}/card.png").status_code == 200

    def test_every_group_has_a_shape(self):
        assert set(shapes()) == {group.value for group in Group}

    def test_asks_the_same_however_many_promises_there_are(self):
        with CaptureQueriesContext(connection) as one:
            self.client.get(CARD)
        make_commitments(300)
        with self.assertNumQueries(len(one)):
            self.client.get(CARD)
