"""Files that take long are made aside, once; a page says how far they are."""

import datetime as dt
import io
import signal
import sys
import time

import openpyxl
import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db.models import F
from django.http import QueryDict
from django.test import TestCase, override_settings
from django.utils import timezone

from commitments import long_files
from commitments.filters import CommitmentFilter
from commitments.models import LongFile, Plan, Revision
from commitments.models.long_file import LEASE, MOST_TRIES
from commitments.report import kinds
from commitments.report.asking import PartsForm, report_asked
from tests import factories as make
from tracker.standbys import reading

NOW = timezone.now()
ADDRESS = "/en/commitments.xlsx?theme=water"


def clock():
    return NOW


def tables_of(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [row[0].value for row in sheet] for sheet in book}


class Long(TestCase):
    """Every workbook is long here."""

    @classmethod
    def setUpTestData(cls):
        make.make_plan(code="zhuzhou-2021", issuer_en="City of Zhuzhou")
        cls.theme = make.make_theme(code="water")
        for code in ("ZZ-001", "ZZ-002"):
            commitment = make.make_commitment(code=code, theme=cls.theme)
            make.make_observation(make.make_target(commitment).indicator, 2023, 300)
        make.make_commitment(code="ZZ-003", theme=make.make_theme(code="air"))

    @pytest.fixture(autouse=True)
    def nothing_is_short(self, monkeypatch):
        monkeypatch.setattr(kinds, "MOST_AT_ONCE", 0)

    def ask(self, sender="beef", at=NOW, ext="ods", **asked):
        found = CommitmentFilter(asked)
        report = report_asked(found, PartsForm(found.data).parts)
        return long_files.ask(
            found, kinds.KINDS[ext], report, name=f"name.{ext}", sender=sender, at=at
        )

    def led_to(self, address=ADDRESS):
        """Where a reader ends who follows what the answers say."""
        response = self.client.get(address, follow=True)
        return response.redirect_chain[-1][0]

    def taken(self, address):
        response = self.client.get(address)
        assert response.status_code == 200
        return b"".join(response.streaming_content), response


class TestThePage(Long):
    def page(self, query=""):
        return self.client.get(self.led_to() + query)

    def test_a_reader_is_led_to_a_page_that_looks_again(self):
        response = self.page()
        self.assertContains(response, "The file is being made")
        self.assertContains(response, "0 other files come first")
        assert response["Refresh"] == "3"
        assert "no-store" in response["Cache-Control"]
        assert not response.cookies
        self.assertContains(response, "/en/commitments/?theme=water")
        assert "Refresh" not in self.page("?still")

    def test_it_says_how_far_the_file_is(self):
        address = self.led_to()
        LongFile.objects.update(beat_at=timezone.now(), maker="x", tries=1, done=2, total=8)
        self.assertContains(self.client.get(address), '<progress max="100" value="25"')

    def test_asked_twice_it_is_made_once(self):
        asked = [
            "/en/commitments.xlsx?sort=code&theme=water",
            ADDRESS + "&sort=code&page=7&agency=",
        ]
        first, second = [self.led_to(address) for address in asked]
        assert first == second
        assert LongFile.objects.count() == 1
        others = ["/commitments.xlsx?theme=water", "/en/commitments.ods?theme=water"]
        assert len({self.led_to(address) for address in (*others, ADDRESS)}) == 3

    def test_what_is_asked_is_told_in_one_way(self):
        asked = QueryDict("theme=b&q=x&agency=&theme=a&q=y%26&page=2&part=table")
        assert long_files.canonical(asked) == "part=table&q=y%26&theme=a&theme=b"

    def test_asked_for_its_head_alone_nothing_is_made(self):
        assert self.client.head(ADDRESS).status_code == 200
        assert not LongFile.objects.exists()

    def test_a_short_one_comes_at_once(self):
        kinds.MOST_AT_ONCE = 2
        response = self.client.get("/en/long-files/?ext=xlsx&theme=water")
        self.assertRedirects(response, ADDRESS, fetch_redirect_response=False)
        content, _response = self.taken(ADDRESS)
        assert not LongFile.objects.exists()
        assert tables_of(content)["Commitments"] == ["Code", "ZZ-001", "ZZ-002"]

    def test_what_cannot_be_read_is_said(self):
        for query, status in (("", 404), ("ext=exe", 404), ("ext=ods&as_of=never", 400)):
            assert self.client.get(f"/en/long-files/?{query}").status_code == status

    def test_one_that_is_not_kept_is_not_found(self):
        for place in ("", "file/"):
            assert self.client.get(f"/long-files/{'0' * 32}/{place}").status_code == 404

    def test_many_are_waiting_already(self):
        for number in range(long_files.MOST_WAITING):
            self.ask(sender=str(number), q=f"word{number}")
        response = self.client.get(ADDRESS, follow=True)
        self.assertContains(response, "Load this page again", status_code=503)

    def test_one_reader_does_not_take_all_places(self):
        for number in range(long_files.MOST_WAITING_OF_ONE):
            self.ask(q=f"word{number}")
        with pytest.raises(long_files.TooManyAsked):
            self.ask(theme="water")
        self.ask(theme="water", sender="cafe")

    def test_the_report_page_says_so_before_anything_is_clicked(self):
        self.assertContains(self.client.get("/en/report/"), "are made aside")


class TestTheFile(Long):
    def test_is_there_for_everyone_once_it_is_made(self):
        page = self.led_to()
        call_command("make_long_files", stdout=io.StringIO())
        response = self.client.get(page)
        self.assertContains(response, "The file is ready")
        assert "Refresh" not in response
        content, sent = self.taken(f"{page}file/")
        assert sent["Content-Disposition"].endswith('.xlsx"')
        assert tables_of(content)["Commitments"] == ["Code", "ZZ-001", "ZZ-002"]
        assert self.taken(ADDRESS)[0] == content

    def test_is_the_file_that_a_short_one_would_be(self):
        address = f"{ADDRESS}&part=table&part=details&as_of=2024-06-30"
        page = self.led_to(address)
        call_command("make_long_files", stdout=io.StringIO())
        made, _response = self.taken(f"{page}file/")
        kinds.MOST_AT_ONCE = 2
        assert self.taken(address)[0] == made

    def test_all_that_wait_are_made_one_after_another(self):
        for theme in ("", "water"):
            self.ask(theme=theme)
        told = io.StringIO()
        call_command("make_long_files", stdout=told)
        assert told.getvalue().count("Made") == 2

    def test_another_one_is_made_once_the_register_has_changed(self):
        before = self.led_to()
        Revision.objects.update(number=F("number") + 1)
        assert self.led_to() != before

    def test_is_made_again_if_the_storage_has_lost_it(self):
        page = self.led_to()
        call_command("make_long_files", stdout=io.StringIO())
        default_storage.delete(LongFile.objects.get().file.name)
        assert self.client.get(page).status_code == 404
        assert self.led_to() == page
        assert LongFile.objects.get().finished_at is None


class TestMaking(Long):
    def test_no_standby_is_asked_what_waits(self):
        self.addCleanup(setattr, reading, "alias", None)
        reading.alias = "standby"
        assert long_files.claim(NOW) is None

    def test_a_file_is_claimed_by_one(self):
        self.ask()
        assert long_files.claim(NOW) is not None
        assert long_files.claim(NOW) is None

    def test_not_more_are_made_at_once_than_may_be(self):
        for number in range(long_files.AT_ONCE + 1):
            self.ask(q=f"word{number}")
        claimed = [long_files.claim(NOW) for _ in range(long_files.AT_ONCE + 1)]
        assert claimed.pop() is None
        assert None not in claimed

    def test_another_takes_over_from_one_that_is_gone(self):
        self.ask()
        gone = long_files.claim(NOW)
        taken_over = long_files.claim(NOW + LEASE)
        assert (taken_over.pk, taken_over.tries) == (gone.pk, 2)
        stored = self.stored()
        with pytest.raises(long_files.LeaseLost):
            long_files.make(gone, clock=clock)
        assert self.stored() == stored
        long_files.make(taken_over, clock=clock)
        assert LongFile.objects.get().is_ready

    def stored(self):
        place = long_files.FOLDER
        return default_storage.listdir(place)[1] if default_storage.exists(place) else []

    def test_a_maker_says_how_far_it_is_and_notices_that_it_was_replaced(self):
        self.ask()
        file = long_files.claim(NOW)
        later = NOW + 2 * long_files.BEAT
        progress = long_files.Progress(LongFile.objects.filter(maker=file.maker), clock)
        progress.clock = lambda: later
        hundred = [(number,) for number in range(100)]
        list(long_files.Watched(hundred, progress))
        file.refresh_from_db()
        assert (file.done, file.beat_at) == (100, later)
        LongFile.objects.update(maker="another")
        progress.said_at = NOW
        with pytest.raises(long_files.LeaseLost):
            list(long_files.Watched(hundred, progress))

    def test_what_fails_is_tried_again_and_then_given_up(self):
        self.ask(theme="water")
        page = f"/en/long-files/{LongFile.objects.get().key}/"
        Plan.objects.update(opened_on=None)
        for _try in range(MOST_TRIES):
            self.assertContains(self.client.get(page), "The file is being made")
            with pytest.raises(long_files.Gone):
                long_files.make(long_files.claim(NOW), clock=clock)
        assert long_files.claim(NOW) is None
        response = self.client.get(page)
        self.assertContains(response, "The file could not be made")
        assert "Refresh" not in response

    def test_a_file_is_of_one_moment(self):
        self.ask(ext="xlsx", part=["table"])
        writings = []

        def changes_once():
            if not writings:
                make.make_commitment(code="ZZ-004")
                # What a test does is one transaction, in which PostgreSQL raises it at the end.
                Revision.objects.update(number=F("number") + 1)
            writings.append(1)
            return NOW

        long_files.make(long_files.claim(NOW), clock=changes_once)
        with default_storage.open(LongFile.objects.get().file.name) as file:
            assert tables_of(file.read())["承诺事项"][-1] == "ZZ-004"
        # The beginning of each writing, and the end.
        assert len(writings) == 3

    def test_what_is_old_goes_and_the_oldest_of_too_much(self):
        old = self.ask(q="old")
        long_files.make(long_files.claim(NOW), clock=clock)
        old.refresh_from_db()
        later = NOW + long_files.KEPT + dt.timedelta(seconds=1)
        kept = self.ask(q="new", at=later)
        assert not default_storage.exists(old.file.name)
        assert [*LongFile.objects.all()] == [kept]
        LongFile.objects.update(size=long_files.MOST_BYTES, finished_at=later)
        last = self.ask(q="last", at=later)
        LongFile.objects.filter(pk=last.pk).update(size=1, finished_at=later)
        long_files.expire(later)
        assert [*LongFile.objects.all()] == [last]


class TestAside(Long):
    """A process of its own does the work; here, one that only says what it was started with."""

    @pytest.fixture(autouse=True)
    def place(self, tmp_path):
        self.told = tmp_path / "told"

    def process(self, code):
        return override_settings(MANAGE=(sys.executable, "-c", code, str(self.told)))

    def test_the_page_starts_one_for_what_waits_and_no_second(self):
        code = "import sys; open(sys.argv[1], 'a').write(' '.join(sys.argv[2:]) + '\\n')"
        with self.process(code):
            page = self.led_to()
            self.client.get(page)
        until = time.monotonic() + 20
        while not (self.told.exists() and self.told.read_text()) and time.monotonic() < until:
            pass
        maker = LongFile.objects.get().maker
        assert self.told.read_text() == f"make_long_files {maker} --nice 10\n"

    def piped(self, code):
        with self.process(code):
            found = CommitmentFilter({"theme": "water", "due_year": ["2025", "2024"]})
            return long_files.Piped(found, kinds.KINDS["csv"], "en")

    def test_what_it_writes_is_sent_on(self):
        code = "import sys; print(*sys.argv[2:], sep='\\n'); print('x' * 200_000)"
        told = b"".join(self.piped(code)).decode().splitlines()
        assert told[:6] == ["export_report", "csv", "--language", "en", "--output", "-"]
        assert told[6:-1] == [
            "--nice",
            "10",
            "--due-year=2024",
            "--due-year=2025",
            "--theme=water",
        ]
        assert len(told[-1]) == 200_000

    def test_a_file_that_breaks_off_does_not_look_whole(self):
        with pytest.raises(long_files.BrokenOff):
            self.piped("raise SystemExit(1)")
        sent = self.piped("print('x' * 100_000, flush=True); raise SystemExit(1)")
        with pytest.raises(long_files.BrokenOff):
            list(sent)

    def test_it_ends_when_the_reader_goes_away(self):
        sent = self.piped("print('x' * 100_000, flush=True); import time; time.sleep(60)")
        assert next(iter(sent))
        sent.close()
        assert sent.process.returncode == -signal.SIGKILL
