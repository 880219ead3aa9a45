"""The staff area is there for the networks that the settings name, and for nobody else."""

from ipaddress import ip_network

import pytest
from django.test import TestCase, override_settings

from commitments.models import Entry
from tests.factories import make_staff

OFFICE = [ip_network("10.0.0.0/8"), ip_network("2001:db8::/32")]
PASSWORD = "correct horse battery"
ADDRESSES = (
    *("/admin/", "/admin", "/admin/login/", "/admin/oidc/", "/admin/oidc/back/?code=1"),
    *("/en/admin/", "/en/admin/commitments/plan/", "/en/admin/jsi18n/", "/admin/nothing/"),
)


@override_settings(STAFF_NETWORKS=OFFICE)
class Outside(TestCase):
    def test_it_is_like_any_address_that_is_not_there(self):
        for address in ADDRESSES:
            missing = address.replace("admin", "elsewhere")
            for number in ("192.0.2.7", "2001:db9::1", "", "11.0.0.1"):
                with self.subTest(address, number=number):
                    told = self.client.get(address, REMOTE_ADDR=number)
                    other = self.client.get(missing, REMOTE_ADDR=number)
                    assert told.status_code == 404
                    # The page names the address that was asked for.
                    text = told.content.decode().replace("admin", "elsewhere")
                    assert text == other.content.decode()
                    assert {*told.headers} == {*other.headers}

    def test_no_password_is_looked_at_and_no_session_counts(self):
        person = make_staff("administrator", username="zhao", password=PASSWORD)
        given = {"username": "zhao", "password": PASSWORD}
        answer = self.client.post("/en/admin/login/", given, REMOTE_ADDR="192.0.2.7")
        assert answer.status_code == 404
        assert not Entry.objects.filter(action="logged_in").exists()
        self.client.force_login(person)
        assert self.client.get("/en/admin/", REMOTE_ADDR="192.0.2.7").status_code == 404

    def test_all_else_is_open(self):
        assert self.client.get("/en/", REMOTE_ADDR="192.0.2.7").status_code == 200

    def test_inside_it_is_there(self):
        self.client.force_login(make_staff("administrator"))
        for number in ("10.1.2.3", "2001:db8:5::1", "::ffff:10.1.2.3"):
            assert self.client.get("/en/admin/", REMOTE_ADDR=number).status_code == 200

    @override_settings(BEHIND_PROXY=True)
    def test_behind_a_proxy_nobody_claims_to_be_inside(self):
        told = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "10.1.2.3, 192.0.2.7"}
        assert self.client.get("/admin/login/", **told).status_code == 404
        told["HTTP_X_FORWARDED_FOR"] = "192.0.2.7, 10.1.2.3"
        assert self.client.get("/admin/login/", **told).status_code == 200


@pytest.mark.django_db
def test_without_a_network_it_is_there_for_everybody(client):
    assert client.get("/admin/login/", REMOTE_ADDR="192.0.2.7").status_code == 200
