"""Text that wants to run, in every field of every table, on every page: staff's and large text too.

The machines' doors (feeds, calendars, files, API, archive) are in tests/test_hostile_text.py.
"""

from django.apps import apps
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import call_command
from django.db import models
from django.test import TestCase

from commitments.models import Entry, IssuedFile, IssuedReport
from tests.factories import make_staff
from tests.security.test_addresses import active
from tests.security.walk import make_register, public_addresses, staff_addresses
from tests.test_hostile_text import KEPT, Strict
from tests.waiting import make_register as make_waiting

TEXTS = (
    "</script></title></textarea></select><script>zqx()</script><img src=x onerror=zqx()>",
    "\"' onmouseover='zqx()' onfocus=\"zqx()\" autofocus x='",
    "javascript:zqx()//\r\nX-Zqx: 1{{ 7|add:71237 }}",
)
# Their texts are read by a program, and are checked for what they may say when they are written.
NOT_FILLED = KEPT | {"password", "username", "content_type", "key", "number", "subject", "mark"}
NOT_FILLED |= {"content", "file", "kind", "ext", "reason"}
# Never changed, not even by a test: the database refuses.
APPEND_ONLY = (Entry, IssuedReport, IssuedFile)


def is_text(field):
    is_free = isinstance(field, models.CharField | models.TextField) and not field.choices
    is_other = isinstance(field, models.FileField) or type(field).__name__ == "PeriodField"
    return is_free and not is_other and field.name not in NOT_FILLED and not field.unique


def fill(text):
    """Every text that a person may have written, in every table. Returns how many fields."""
    filled = 0
    for model in [*apps.get_app_config("commitments").get_models(), User]:
        if model in APPEND_ONLY:
            continue
        values = {
            field.name: text[: field.max_length or len(text)]
            for field in model._meta.concrete_fields
            if is_text(field)
        }
        if values:
            model.objects.update(**values)
        filled += len(values)
    return filled


class Stored(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.records, cls.root = make_register()

    def runs_nothing(self, answer, address):
        assert answer.status_code < 500, address
        assert "X-Zqx" not in answer.headers
        if answer.streaming or "html" not in answer.headers.get("Content-Type", ""):
            return
        page = answer.content.decode()
        reader = Strict()
        reader.feed(page)
        assert reader.found == [], address
        assert active(page).runs == [], address
        assert "71244" not in page

    def test_on_no_staff_page(self):
        self.client.force_login(self.root)
        for text in TEXTS:
            assert fill(text) > 60
            for _name, address in staff_addresses(self.records):
                self.runs_nothing(self.client.get(address), address)

    def test_on_no_public_page_of_either_size(self):
        for text in TEXTS[:2]:
            fill(text)
            for _name, address in public_addresses():
                is_file = "." in address.rpartition("/")[2]
                if not is_file and "/api/" not in address:
                    self.runs_nothing(self.client.get(address), address)

    def test_in_no_mail(self):
        agency = self.records["agency"]
        make_waiting(agency)
        make_staff("editor", agency, username="reader", email="reader@example.org")
        for text in TEXTS:
            fill(text)
            User.objects.filter(username="reader").update(email="reader@example.org")
            mail.outbox.clear()
            call_command("send_reminders")
            for letter in mail.outbox:
                message = letter.message()
                assert message.get_content_type() == "text/plain"
                assert message["X-Zqx"] is None
                assert letter.to == ["reader@example.org"]
                assert not letter.attachments
