"""Log-in by an identity provider: a small one, which answers on this machine and signs RS256."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from django.contrib.sessions.models import Session
from django.test import TestCase
from joserfc import jwt
from joserfc.jwk import RSAKey

from commitments.models import Agency, Entry, LogInRule
from tests.admin.forms import sent
from tests.factories import make_factor, make_staff, make_user

ROOT = "/en/admin/"
GO, BACK, ADD = f"{ROOT}oidc/", f"{ROOT}oidc/back/", f"{ROOT}commitments/agency/add/"


class Provider:
    """What it says is in `claims` and `told`, for a test to spoil."""

    def __init__(self):
        self.key = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
        self.signs_with = self.key
        self.codes, self.claims, self.is_down = {}, {}, False
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        self.named = self.issuer
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def handler(provider):
        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args):
                pass

            def answer(self, data, status=200):
                self.send_response(503 if provider.is_down else status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(data).encode())

            def do_GET(self):
                if self.path == "/keys":
                    return self.answer({"keys": [provider.key.as_dict(private=False)]})
                return self.answer(provider.metadata())

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                given = {name: values[0] for name, values in parse_qs(body).items()}
                secret = base64.b64encode(b"register:hush").decode()
                asked = provider.codes.pop(given["code"], None)
                verifier = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
                proof = base64.urlsafe_b64encode(verifier).decode().rstrip("=")
                if self.headers["Authorization"] != f"Basic {secret}":
                    return self.answer({"error": "invalid_client"}, 401)
                if asked is None or asked["code_challenge"] != proof:
                    return self.answer({"error": "invalid_grant"}, 400)
                token = provider.token(asked["nonce"])
                return self.answer({"access_token": "a", "token_type": "Bearer", "id_token": token})

        return Handler

    def metadata(self):
        return {
            "issuer": self.named,
            "authorization_endpoint": f"{self.issuer}/ask",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "none", "HS256"],
        }

    def token(self, nonce):
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": "register", "sub": "7", "nonce": nonce}
        claims |= {"iat": now, "exp": now + 60} | self.claims
        return jwt.encode({"alg": "RS256", "kid": "first"}, claims, self.signs_with)

    def log_in(self, address):
        """What its own page does: look at what is asked, and give a code and the state back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["code_challenge_method"] == "S256"
        self.codes["once"] = asked
        return {"code": "once", "state": asked["state"]}


class ByProvider(TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = Provider()
        cls.addClassCleanup(cls.provider.server.server_close)
        cls.addClassCleanup(cls.provider.server.shutdown)

    @classmethod
    def setUpTestData(cls):
        cls.person = make_staff("administrator", username="zhao", email="Zhao@example.org")

    def setUp(self):
        provider = self.provider
        provider.claims = {"preferred_username": "zhao"}
        provider.is_down, provider.named, provider.signs_with = (
            False,
            provider.issuer,
            provider.key,
        )
        configured = self.settings(
            OIDC_ISSUER=provider.issuer, OIDC_CLIENT_ID="register", OIDC_CLIENT_SECRET="hush"
        )
        configured.enable()
        self.addCleanup(configured.disable)

    def go(self, **asked):
        return self.client.get(GO, asked)

    def come_back(self, **changed):
        given = self.provider.log_in(self.go(next=ADD)["Location"])
        return self.client.get(BACK, given | changed)

    def who(self):
        return self.client.session.get("_auth_user_id")

    def assert_not_in(self, answer, words, status=403):
        self.assertContains(answer, words, status_code=status)
        assert self.who() is None


class LoggingIn(ByProvider):
    def test_the_log_in_page_has_the_button_only_where_it_is_configured(self):
        words = "Log in by the office’s identity provider"
        self.assertContains(self.client.get(f"{ROOT}login/?next={ADD}"), f"{GO}?next={ADD}")
        self.assertContains(self.client.get("/admin/login/"), "统一身份认证登录")
        with self.settings(OIDC_ISSUER=""):
            self.assertNotContains(self.client.get(f"{ROOT}login/"), words)
            assert self.go().status_code == 404
            assert self.client.get(BACK).status_code == 404

    def test_a_person_with_an_account_comes_to_where_they_were_going(self):
        assert self.go()["Location"].startswith(f"{self.provider.issuer}/ask?")
        key = self.client.session.session_key
        assert self.come_back()["Location"] == ADD
        assert self.who() == str(self.person.pk)
        assert self.client.session.session_key != key
        assert Entry.objects.get(action="logged_in").by == self.person

    def test_it_leads_to_no_other_site(self):
        for place in ("https://example.org/", "//example.org"):
            given = self.provider.log_in(self.go(next=place)["Location"])
            self.assertRedirects(self.client.get(BACK, given), ROOT)

    def test_a_mail_address_counts_once_the_provider_has_checked_it(self):
        with self.settings(OIDC_CLAIM="email"):
            for claims in ({}, {"email_verified": False}, {"email_verified": "true"}):
                self.provider.claims = {"email": "zhao@example.org", **claims}
                self.assert_not_in(self.come_back(), "you have no account here")
            self.provider.claims = {"email": "zhao@example.org", "email_verified": True}
            assert self.come_back().status_code == 302

    def test_nobody_gets_in_who_is_not_on_the_staff(self):
        make_user("citizen")
        make_staff("auditor", username="gone", is_active=False)
        for claims in ({}, {"preferred_username": ""}, {"preferred_username": ["zhao"]}):
            self.provider.claims = claims
            self.assert_not_in(self.come_back(), "you have no account here")
        for name in ("citizen", "gone", "nobody", "ZHAO"):
            self.provider.claims = {"preferred_username": name}
            self.assert_not_in(self.come_back(), "Ask an administrator")
        refused = Entry.objects.filter(action="login_failed")
        # Names that people typed elsewhere are not written down here.
        assert {entry.name for entry in refused} == {""}

    def test_an_address_that_two_accounts_have_is_nobodys(self):
        make_staff("auditor", username="li", email="zhao@example.org")
        self.provider.claims = {"email": "zhao@example.org", "email_verified": True}
        with self.settings(OIDC_CLAIM="email"):
            self.assert_not_in(self.come_back(), "you have no account here")

    def test_a_form_that_was_open_comes_back(self):
        self.client.force_login(self.person)
        form = sent(self.client.get(ADD)) | {"code": "water", "name_zh": "市水利局"}
        Session.objects.all().delete()
        assert self.client.post(ADD, form).status_code == 403
        answer = self.come_back()
        assert sent(self.client.get(answer["Location"]))["name_zh"] == "市水利局"

    def test_a_form_of_somebody_else_is_not_shown(self):
        other = make_staff("administrator", username="li")
        self.client.force_login(other)
        form = sent(self.client.get(ADD)) | {"code": "water", "name_zh": "市水利局"}
        Session.objects.all().delete()
        self.client.post(ADD, form)
        assert self.come_back()["Location"] == ADD
        assert "kept" not in self.client.session
        assert not Agency.objects.exists()


class TheSecondStep(ByProvider):
    def test_ours_is_asked_for_unless_the_provider_does(self):
        make_factor(self.person)
        self.come_back()
        assert self.client.get(ROOT)["Location"].startswith(f"{ROOT}second-factor/code/")
        assert not Entry.objects.filter(action="logged_in").exists()
        self.client.logout()
        with self.settings(OIDC_SECOND_FACTOR=True):
            self.come_back()
            assert self.client.get(ROOT).status_code == 200
            assert Entry.objects.filter(action="logged_in").count() == 1

    def test_who_must_and_has_none_sets_one_up_unless_the_provider_asks(self):
        LogInRule.objects.create(pk=1, administrator=True)
        with self.settings(OIDC_SECOND_FACTOR=True):
            self.come_back()
            assert self.client.get(ROOT).status_code == 200
        assert self.client.get(ROOT)["Location"].startswith(f"{ROOT}second-factor/?")


class Refusals(ByProvider):
    NOT_CONFIRMED = "did not confirm who you are"

    def test_a_provider_that_is_down_or_names_itself_otherwise_gets_a_page(self):
        self.provider.is_down = True
        self.assert_not_in(self.go(), "cannot be reached now", 503)
        self.provider.is_down, self.provider.named = False, "https://example.org"
        self.assert_not_in(self.go(), "cannot be reached now", 503)
        with self.settings(OIDC_ISSUER="http://127.0.0.1:9"):
            self.assert_not_in(self.go(), "cannot be reached now", 503)

    def test_it_goes_down_in_between(self):
        given = self.provider.log_in(self.go()["Location"])
        self.provider.is_down = True
        self.assert_not_in(self.client.get(BACK, given), self.NOT_CONFIRMED)

    def test_a_wrong_state_code_or_no_question_at_all_is_refused(self):
        self.assert_not_in(self.come_back(state="x"), self.NOT_CONFIRMED)
        self.assert_not_in(self.come_back(code="x"), self.NOT_CONFIRMED)
        self.assert_not_in(self.client.get(BACK), self.NOT_CONFIRMED)
        self.assert_not_in(self.client.get(BACK, {"error": "access_denied"}), self.NOT_CONFIRMED)

    def test_an_answer_is_taken_once(self):
        given = self.provider.log_in(self.go()["Location"])
        assert self.client.get(BACK, given).status_code == 302
        self.client.logout()
        self.assert_not_in(self.client.get(BACK, given), self.NOT_CONFIRMED)

    def test_a_token_for_others_too_old_or_of_another_question_is_refused(self):
        name = {"preferred_username": "zhao"}
        for wrong in (
            {"aud": "another"},
            {"iss": "https://example.org"},
            {"exp": int(time.time()) - 1000},
            {"nonce": "x"},
        ):
            self.provider.claims = name | wrong
            with self.subTest(wrong):
                self.assert_not_in(self.come_back(), self.NOT_CONFIRMED)

    def test_a_token_that_another_key_signed_is_refused(self):
        self.provider.signs_with = RSAKey.generate_key(2048, {"kid": "first"})
        self.assert_not_in(self.come_back(), self.NOT_CONFIRMED)

    def test_a_token_that_nobody_signed_is_refused(self):
        plain = [{"alg": "none"}, {"iss": self.provider.issuer, "preferred_username": "zhao"}]
        parts = [base64.urlsafe_b64encode(json.dumps(each).encode()).decode() for each in plain]
        signed, self.provider.token = self.provider.token, lambda nonce: ".".join([*parts, ""])
        try:
            self.assert_not_in(self.come_back(), self.NOT_CONFIRMED)
        finally:
            self.provider.token = signed

    def test_a_form_cannot_begin_it(self):
        assert self.client.post(GO).status_code == 405
        assert self.client.post(BACK).status_code == 405
