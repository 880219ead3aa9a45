"""No page asks the database more often for a long register than for a short one.

Every address that can be read is counted, the public's and the staff's, in a register with a few
records of each kind and again with several times as many.
"""

import datetime as dt

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commitments.actions.assessing import reassess
from commitments.actions.reviewing import submit
from commitments.models import Agency, Commitment, Entry
from commitments.views.archive import HELD
from tests.factories import (
    make_agency,
    make_amendment,
    make_commitment,
    make_error_report,
    make_evidence,
    make_milestone,
    make_observation,
    make_sheet_import,
    make_staff,
    make_target,
    make_theme,
    make_update,
    make_user,
)
from tests.staff_area import OK, TABLE, address_of, make_records, patterns
from tests.views.test_leaks import ADDRESSES, EARLIER, at, make_public
from tracker.sessions import SEEN_AT

# Of the archive, which reads every table; a page asks half as often.
MOST = 45
PAST = f"?as_of={EARLIER}"


def make_more(number, *, source, agency, theme, writer):
    """So many promises more, each with some of all that a promise can have, public and not."""
    common = {"source": source, "theme": theme, "by": writer}
    for each in range(number):
        public = make_commitment(lead_agency=agency, **common)
        public.supporting_agencies.add(make_agency())
        make_commitment(lead_agency=make_agency(), **(common | {"theme": make_theme()}))
        for _target in range(2):
            target = make_target(public, by=writer)
            for period in (2021, 2022, 2023):
                figure = make_observation(target.indicator, period, 200 + each, by=writer)
            make_evidence(figure, by=writer)
        make_milestone(public, by=writer, done_on=dt.date(2023, 5, 5))
        make_evidence(make_update(public, by=writer), by=writer)
        make_error_report(public)
        make_amendment(public, by=writer)
        drafts = [
            make_observation(target.indicator, 2024, published=False, by=writer),
            make_milestone(public, published=False, by=writer),
            make_update(public, published=False, by=writer),
        ]
        submit(drafts, by=writer, at=timezone.now())
        make_commitment(lead_agency=agency, published=False, **common)
    reassess(Commitment.objects.all())


class TestQueryCounts(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.commitment = make_public()
        cls.agency, cls.theme = Agency.objects.get(code="ours"), cls.commitment.theme
        cls.writer = make_staff("editor", cls.agency)
        cls.records = make_records(cls.agency, cls.writer)
        cls.records["sheetimport"] = make_sheet_import(cls.writer)
        cls.records["errorreport"] = make_error_report(cls.records["commitment"])
        cls.records["entry"] = Entry.objects.first()
        cls.more(2)

    @classmethod
    def more(cls, number):
        make_more(
            number,
            source=cls.commitment.source,
            agency=cls.agency,
            theme=cls.theme,
            writer=cls.writer,
        )

    def counts(self, addresses):
        found = {}
        for address in addresses:
            # The revision rises at the end of a transaction, to which a test does not come.
            HELD.mark = None
            with CaptureQueriesContext(connection) as queries:
                answer = self.client.get(address)
                if answer.streaming:
                    b"".join(answer.streaming_content)
            found[address] = len(queries)
        return found

    def compare(self, addresses):
        # What is asked once in a process is asked now.
        self.counts(addresses)
        few = self.counts(addresses)
        self.more(6)
        many = self.counts(addresses)
        for address, number in many.items():
            with self.subTest(address):
                assert number <= min(few[address], MOST), (few[address], number)

    def test_public_addresses(self):
        self.compare(
            [
                address
                for name, (each, _queries) in ADDRESSES.items()
                for parameters in each
                for query in ("", PAST)
                for address in at(name, query, **parameters)[1:2]
            ]
        )

    def test_staff_addresses(self):
        self.client.force_login(make_user("root", is_staff=True, is_superuser=True))
        # That somebody was here is written down once a minute, and this may take longer.
        session = self.client.session
        session[SEEN_AT] += 86_400
        session.save()
        self.compare(
            [
                address_of(name, pattern, self.records)
                for name, _form, pattern in patterns()
                if OK in TABLE[name].values()
            ]
        )
