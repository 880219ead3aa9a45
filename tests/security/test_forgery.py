"""Another site can neither send a form in somebody's name nor change anything by a link."""

from django.apps import apps
from django.test import Client, TestCase

from tests.security.walk import make_register, public_addresses, staff_addresses

# They take forms without Django's token: one has a signed key and looks where it comes from
# (tests/views/test_error_report.py), the other changes nothing.
WITHOUT_TOKEN = {"report_error", "check_file"}
EVIL = "https://evil.example"


def everything():
    """Every row of every table, as it stands in the database."""
    return {
        model._meta.label: [*model.objects.order_by("pk").values()]
        for model in apps.get_models()
        # Who is logged in: the session of the person who asks is the one thing that moves.
        if model._meta.label != "sessions.Session"
    }


class Forgery(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.records, cls.root = make_register()

    def setUp(self):
        self.strict = Client(enforce_csrf_checks=True)
        self.strict.force_login(self.root)

    def refused(self, name, address, **headers):
        answer = self.strict.post(address, {"post": "yes", **headers.pop("data", {})}, **headers)
        assert answer.status_code == 403, (name, address, answer.status_code)

    def test_no_form_of_the_staff_area_is_taken_without_a_token(self):
        before = everything()
        for name, address in staff_addresses(self.records):
            with self.subTest(address):
                self.refused(name, address)
        assert everything() == before

    def test_a_token_is_worth_nothing_on_another_site(self):
        self.strict.get("/en/admin/password_change/")
        token = self.strict.cookies["csrftoken"].value
        before = everything()
        for name, address in staff_addresses(self.records):
            for headers in ({"Origin": EVIL}, {"Origin": "null"}):
                with self.subTest(address, **headers):
                    self.refused(
                        name, address, data={"csrfmiddlewaretoken": token}, headers=headers
                    )
        assert everything() == before

    def test_no_public_address_takes_a_form_but_two(self):
        before = everything()
        taking = set()
        for name, address in public_addresses():
            answer = self.strict.post(address, {"text": "x"})
            if answer.status_code not in (403, 405):
                taking.add(name)
            answer = self.strict.post(address, {"text": "x"}, headers={"Origin": EVIL})
            assert answer.status_code in (400, 403, 405), address
        assert taking <= WITHOUT_TOKEN
        assert everything() == before

    def test_reading_changes_nothing(self):
        """Neither a link nor a picture on another site does anything in the name of who sees it."""
        client = Client()
        client.force_login(self.root)
        before = everything()
        addresses = [*public_addresses(), *staff_addresses(self.records)]
        for _name, address in addresses:
            answer = client.get(address)
            b"".join(answer) if answer.streaming else answer.content
        after = everything()
        # Who takes whole tables away is written down.
        read = after["commitments.Entry"][len(before["commitments.Entry"]) :]
        assert {each["action"] for each in read} == {"exported"}
        after["commitments.Entry"] = after["commitments.Entry"][: len(before["commitments.Entry"])]
        assert {each for each in before if before[each] != after[each]} == set()

    def test_logging_out_wants_a_form(self):
        client = Client()
        client.force_login(self.root)
        assert client.get("/en/admin/logout/").status_code == 405
        assert client.get("/en/admin/").status_code == 200
