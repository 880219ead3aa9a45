"""Evidence files as the public gets them: of what is published only, and inert."""

import datetime as dt
import io
import os

from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import TestCase
from django.utils import timezone

from commitments.models import Evidence
from tests.factories import (
    PDF,
    make_commitment,
    make_evidence,
    make_indicator,
    make_observation,
    make_plan,
    make_source,
    make_target,
    make_update,
)


class ToThePublic(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.target = make_target()
        cls.promise = cls.target.commitment
        cls.figure = make_observation(cls.target.indicator, 2023, 300)
        cls.evidence = make_evidence(cls.figure)

    def get(self, evidence, **headers):
        return self.client.get(f"/evidence/{evidence.key}/", headers=headers)

    def test_the_page_of_the_promise_leads_to_the_file(self):
        words = make_evidence(make_update(self.promise), "说明.txt", "说明".encode())
        page = self.client.get(self.promise.get_absolute_url())
        for found in (self.evidence, words):
            self.assertContains(page, f'href="/evidence/{found.key}/"')
            self.assertContains(page, found.name)

    def test_it_is_a_download_that_no_browser_runs(self):
        answer = self.get(self.evidence)
        assert b"".join(answer.streaming_content) == PDF
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert not answer.cookies

    def test_what_has_not_changed_is_not_sent_again(self):
        tag = self.get(self.evidence)["ETag"]
        assert self.get(self.evidence, if_none_match=tag).status_code == 304
        assert self.client.head(f"/evidence/{self.evidence.key}/").status_code == 200

    def test_what_is_not_public_is_not_there(self):
        waiting = make_observation(self.target.indicator, 2024, 5, published=False)
        draft = make_update(self.promise, published=False)
        closed = make_plan(opened_on=None)
        hidden = make_target(make_commitment(plan=closed, source=make_source(closed)))
        nobodys = make_observation(make_indicator(), 2023, 1)
        for record in (
            waiting,
            draft,
            nobodys,
            make_observation(hidden.indicator, 2023, 1),
            make_update(hidden.commitment),
        ):
            with self.subTest(record):
                assert self.get(make_evidence(record)).status_code == 404

    def test_a_guess_finds_nothing(self):
        for guess in ("1", "0" * 32, self.evidence.key[:-1], "a.b"):
            assert self.client.get(f"/evidence/{guess}/").status_code == 404

    def test_a_lost_file_breaks_no_page(self):
        lost = make_evidence(self.figure)
        default_storage.delete(lost.file.name)
        answer = self.client.get(f"/en/evidence/{lost.key}/")
        self.assertContains(answer, "cannot be read at the moment", status_code=404)
        assert self.client.get(self.promise.get_absolute_url()).status_code == 200

    def test_a_stored_name_says_nothing_of_the_file(self):
        assert "统计" not in self.evidence.file.name
        assert self.evidence.file.name == f"evidence/{self.evidence.key[:2]}/{self.evidence.key}"


class Cleaning(TestCase):
    def test_files_that_no_record_names_go_and_lost_ones_are_named(self):
        figure = make_observation(make_indicator(), 2023, 300)
        kept, lost, orphan = (make_evidence(figure, f"{n}.pdf") for n in ("kept", "lost", "left"))
        Evidence.objects.filter(pk=orphan.pk).delete()
        default_storage.delete(lost.file.name)
        said, complaints = io.StringIO(), io.StringIO()
        call_command("clean_evidence", stdout=said, stderr=complaints)
        assert default_storage.exists(orphan.file.name), "younger than a day: perhaps being saved"
        self.age(orphan)
        call_command("clean_evidence", dry_run=True, stdout=said, stderr=complaints)
        assert default_storage.exists(orphan.file.name)
        call_command("clean_evidence", stdout=said, stderr=complaints)
        assert not default_storage.exists(orphan.file.name)
        assert default_storage.exists(kept.file.name)
        assert "Missing: lost.pdf" in complaints.getvalue()

    def age(self, evidence):
        then = (timezone.now() - dt.timedelta(days=2)).timestamp()
        os.utime(default_storage.path(evidence.file.name), (then, then))
