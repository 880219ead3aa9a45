"""A promise that was amended: both versions stay, and a past day shows the words it had."""

import datetime as dt

import pytest
from django.utils import translation

from commitments.changes import Changes, What
from commitments.models import Assessment
from tests.factories import (
    make_agency,
    make_amendment,
    make_commitment,
    make_target,
    make_theme,
    moment,
)

pytestmark = pytest.mark.django_db

AMENDED = dt.date(2024, 6, 1)


@pytest.fixture
def commitment():
    return make_target(make_commitment(title_en="As promised")).commitment


def page(client, commitment, day=None):
    query = f"?as_of={day}" if day else ""
    return client.get(f"/en/commitments/{commitment.code}/{query}").content.decode()


def test_the_page_shows_both_versions_with_document_and_reason(client, commitment):
    make_amendment(
        commitment,
        published=True,
        at=moment(AMENDED),
        document_en="Notice No. 1",
        document_url="https://a.example/1",
        reason_en="Adjusted half-way",
    )
    shown = page(client, commitment)
    assert "Promise amended" in shown
    assert "<del>2025</del>" in shown
    assert 'href="https://a.example/1"' in shown
    assert "Notice No. 1" in shown
    assert "Adjusted half-way" in shown


def test_a_draft_of_one_is_shown_to_nobody(client, commitment):
    make_amendment(commitment, document_en="Notice No. 1")
    assert "Notice No. 1" not in page(client, commitment)


def test_a_past_day_has_the_words_of_that_day(client, commitment):
    agency, theme = make_agency(name_en="Another bureau"), make_theme(name_en="Another field")
    make_amendment(
        commitment,
        published=True,
        at=moment(AMENDED),
        changes={
            "title_en": ["As promised", "As amended"],
            "theme": [commitment.theme.code, theme.code],
            "supporting_agencies": [[], [agency.code]],
        },
    )
    now, then = page(client, commitment), page(client, commitment, "2024-05-31")
    for word in ("As amended", "Another bureau", "Another field"):
        assert word in now
        assert word not in then
    assert "As promised" in then
    assert "As amended" in page(client, commitment, "2024-06-01")


def test_a_past_list_and_its_file_have_the_words_of_that_day_too(client, commitment):
    agency = make_agency(name_en="Another bureau")
    make_amendment(
        commitment,
        published=True,
        at=moment(AMENDED),
        changes={
            "title_en": ["As promised", "As amended"],
            "supporting_agencies": [[], [agency.code]],
        },
    )
    for address in ("/en/commitments/", "/en/commitments.csv"):
        then = client.get(f"{address}?as_of=2024-05-31")
        told = b"".join(then).decode()
        assert "As promised" in told
        assert "As amended" not in told
        assert "As amended" in b"".join(client.get(address)).decode()


def test_on_a_past_day_it_is_found_where_it_stood_then(client, commitment):
    agency, theme = make_agency(name_en="Another bureau"), make_theme(name_en="Another field")
    before = commitment.lead_agency, commitment.theme
    make_amendment(
        commitment,
        published=True,
        at=moment(AMENDED),
        changes={
            "title_en": ["As promised", "As amended"],
            "lead_agency": [before[0].code, agency.code],
            "theme": [before[1].code, theme.code],
            "due_year": [2025, 2026],
            "binding": ["not_said", "binding"],
        },
    )
    then, now = "2024-05-31", "2024-06-01"
    for day, (owed_by, field), year, binding, title in (
        (then, before, 2025, "not_said", "As promised"),
        (now, (agency, theme), 2026, "binding", "As amended"),
    ):
        for asked, other in (
            (f"agency={owed_by.code}", f"agency={(agency if day == then else before[0]).code}"),
            (f"theme={field.code}", f"theme={(theme if day == then else before[1]).code}"),
            (f"due_year={year}", f"due_year={4051 - year}"),
            (f"binding={binding}", f"binding={'binding' if day == then else 'not_said'}"),
            ("q=" + owed_by.name_en.replace(" ", "+"), "q=nobody"),
        ):
            found = client.get(f"/en/commitments/?as_of={day}&{asked}").content.decode()
            assert title in found, (day, asked)
            found = client.get(f"/en/commitments/?as_of={day}&{other}").content.decode()
            assert title not in found, (day, other)
        for address in (f"/en/agencies/{owed_by.code}/", f"/en/themes/{field.code}/"):
            told = client.get(f"{address}?as_of={day}").content.decode()
            assert title in told, (day, address)
        home = client.get(f"/en/?as_of={day}").content.decode()
        assert f"agency={owed_by.code}" in home


def test_what_is_due_is_named_in_the_words_of_that_day(client, commitment):
    make_amendment(
        commitment,
        published=True,
        at=moment(dt.date(2026, 6, 1)),
        changes={"title_en": ["As promised", "As amended"]},
    )
    assert "As promised" in client.get("/en/?as_of=2026-05-31").content.decode()
    assert "As amended" in client.get("/en/?as_of=2026-06-01").content.decode()


def test_a_withdrawal_is_known_from_the_day_it_was_published_here(client, commitment):
    make_amendment(
        commitment,
        published=True,
        at=moment(AMENDED),
        changes={
            "withdrawn_on": [None, "2024-01-01"],
            "withdrawn_document_zh": ["", "市政府文件"],
        },
    )

    def status(day):
        return Assessment.objects.get(
            commitment=commitment, starts_on__lte=day, ends_on__gt=day
        ).status

    assert status(AMENDED) == "withdrawn"
    assert status(AMENDED - dt.timedelta(days=1)) == "no_data"
    assert "Promise withdrawn" not in page(client, commitment, "2024-05-31")


def test_the_log_of_changes_tells_it_once_and_a_withdrawal_as_such(client, commitment):
    make_amendment(commitment, published=True, at=moment(AMENDED), reason_en="Adjusted half-way")
    withdrawal = {
        "withdrawn_on": [None, "2024-01-01"],
        "withdrawn_document_zh": ["", "市政府文件"],
    }
    later = AMENDED + dt.timedelta(days=30)
    make_amendment(commitment, published=True, at=moment(later), changes=withdrawal)
    with translation.override("en"):
        told = Changes(commitment.plan, later)[:]
    assert [change.what for change in told] == [What.WITHDRAWAL, What.REWORDED]
    reworded = told[1]
    assert (reworded.before, reworded.after) == ("Due year: 2025", "Due year: 2026")
    assert reworded.why == "Adjusted half-way"
    assert "Due year: 2026" in client.get("/en/changes/").content.decode()
