"""What an address says is shown as text, leads to no other host, and opens no file."""

import re
from html.parser import HTMLParser
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.files.storage import default_storage
from django.test import Client, TestCase, override_settings

from tests.security.test_fuzzing import PARAMETERS, STAFF_PARAMETERS
from tests.security.walk import make_register, public_addresses, staff_addresses

SCRIPTS = (
    "\"'><script>zqx()</script><img src=x onerror=zqx()>",
    "javascript:zqx()//",
    "</script></title></textarea><svg onload=zqx()>{{ 7|add:7 }}",
)
EVIL = "evil.example"
# A path as a server hands it on, decoded; and one that it hands on as it came.
ELSEWHERE = (
    f"//{EVIL}",
    f"//{EVIL}/",
    f"///{EVIL}/..",
    f"/\\{EVIL}",
    f"/\\/{EVIL}",
    f"/en//{EVIL}",
    f"/en/\\{EVIL}",
    f"/large//{EVIL}",
    f"/en/large//{EVIL}",
    f"//{EVIL}/%2e%2e",
    f"/%2f{EVIL}",
    f"/\t/{EVIL}",
    f"/\r\n/{EVIL}",
    f"//{EVIL}/admin",
    f"/admin//{EVIL}/commitments/plan",
    f"/en/admin//{EVIL}",
    f"/commitments//{EVIL}",
    f"https://{EVIL}/commitments",
)
OUTSIDE = (
    "../../../../../../etc/passwd",
    "..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "%252e%252e%252f%252e%252e%252fetc%252fpasswd",
    "..\\..\\..\\etc\\passwd",
    "..%5c..%5cetc%5cpasswd",
    "/etc/passwd",
    "//etc/passwd",
    "%00/etc/passwd",
    "....//....//etc/passwd",
    ".%00./secret_key",
    "../secret_key",
    "../register.sqlite3",
    "../media/",
    "..%c0%af..%c0%afetc/passwd",
    "file:///etc/passwd",
)
UNDER = (
    "/static/",
    "/static/commitments/",
    "/evidence/",
    "/long-files/",
    "/long-files/x/",
    "/reports/",
    "/data/",
    "/api/v1/",
    "/media/",
    "/var/",
    "/",
    "/commitments.",
    "/en/admin/commitments/update/1/evidence/",
    "/en/admin/commitments/sheetimport/template/",
)


class Active(HTMLParser):
    """What of a page would run, and where it leads."""

    def __init__(self):
        super().__init__()
        self.runs, self.leads = [], []

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name.startswith("on") or "zqx" in name:
                self.runs.append((tag, name))
            if name in ("href", "src", "action", "formaction"):
                self.leads.append(value or "")
        if tag == "svg" and dict(attrs).get("onload"):
            self.runs.append(tag)

    def handle_data(self, data):
        if self.get_starttag_text() == "<script>" and "zqx" in data:
            self.runs.append(data)


def active(page):
    reader = Active()
    reader.feed(page)
    reader.runs += [
        each for each in reader.leads if re.match(r"\s*(javascript|data|vbscript):", each)
    ]
    return reader


class Reflected(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.records, cls.root = make_register()

    def runs_nothing(self, client, path, query):
        answer = client.get("/", PATH_INFO=path, QUERY_STRING=query)
        body = b"".join(answer) if answer.streaming else answer.content
        kind = answer.headers.get("Content-Type", "")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert not {*"\r\n"} & {*answer.headers.get("Location", "")}
        if "html" in kind:
            page = body.decode()
            assert active(page).runs == [], (path, query)
            assert "<script>zqx" not in page
            assert "<svg onload" not in page
        elif "xml" in kind:
            assert b"<script>zqx" not in body
        return answer

    def test_no_parameter_runs_on_a_public_page(self):
        for _name, address in public_addresses():
            if "/large/" in address:
                continue
            text = SCRIPTS[address.startswith("/en")]
            self.runs_nothing(self.client, address, f"{quote(text)}={quote(text)}")
            # All at once; and below one by one, where the first that is refused hides no other.
            query = "&".join(f"{name}={quote(text)}" for name in PARAMETERS)
            self.runs_nothing(self.client, address, query)
        for name in PARAMETERS:
            for address in ("/en/", "/commitments/", "/changes/", "/en/report/", "/reports/check/"):
                self.runs_nothing(self.client, address, f"{name}={quote(SCRIPTS[0])}")

    def test_no_parameter_runs_on_a_staff_page(self):
        self.client.force_login(self.root)
        for _name, address in staff_addresses(self.records):
            path, _mark, asked = address.partition("?")
            text = quote(SCRIPTS[0])
            self.runs_nothing(self.client, path, f"{asked}&q={text}&e=1")
            query = "&".join(f"{name}={text}" for name in STAFF_PARAMETERS)
            self.runs_nothing(self.client, path, f"{asked}&{query}&{text}={text}")

    def test_no_path_runs(self):
        for under in UNDER:
            for text in SCRIPTS:
                self.runs_nothing(self.client, f"{under}{text}", "")
                self.runs_nothing(self.client, f"/en{under}{text}/", "")

    def test_a_message_of_the_api_is_no_page(self):
        for name in ("q", "as_of", "fields", "limit", "plan"):
            answer = self.runs_nothing(
                self.client, "/en/api/v1/commitments/", f"{name}={quote(SCRIPTS[0])}"
            )
            assert "json" in answer.headers["Content-Type"]


@override_settings(APPEND_SLASH=True)
class Elsewhere(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.records, cls.root = make_register()

    def leads_nowhere_else(self, answer, what):
        to = answer.headers.get("Location", "")
        found = urlsplit(to)
        assert found.netloc in ("", "testserver"), (what, to)
        assert not re.match(r"[\s/\\]*[/\\][\s]*[/\\]", to), (what, to)
        if "html" in answer.headers.get("Content-Type", ""):
            for to in active(answer.content.decode()).leads:
                host = urlsplit(to.replace("\\", "/")).netloc
                assert EVIL not in host, (what, to)
        assert EVIL not in answer.headers.get("Refresh", "")

    def test_no_path_leads_to_another_host(self):
        for client in (Client(), self.staff()):
            for path in ELSEWHERE:
                for method in ("GET", "HEAD", "POST"):
                    answer = client.generic(method, "/", PATH_INFO=path)
                    self.leads_nowhere_else(answer, (method, path))

    def test_no_parameter_leads_to_another_host(self):
        staff = self.staff()
        for place in (
            f"https://{EVIL}/",
            f"//{EVIL}",
            f"/\\{EVIL}",
            f"\t//{EVIL}",
            "javascript:zqx()",
        ):
            names = ("next", "url", "return", "about", "kept", "redirect", "to", "lang", "language")
            query = "&".join(f"{name}={quote(place)}" for name in names)
            for client in (Client(), staff):
                for address in (
                    *("/en/", "/en/commitments/", "/large/", "/en/report-error/"),
                    *("/en/admin/login/", "/en/admin/password_change/", "/en/admin/"),
                    *("/en/long-files/", "/en/admin/commitments/commitment/"),
                ):
                    answer = client.get(f"{address}?{query}")
                    self.leads_nowhere_else(answer, (address, place))
            answer = Client().post("/en/admin/logout/", {"next": place})
            self.leads_nowhere_else(answer, place)
            answer = staff.post("/en/admin/review/look/", {"next": place, "records": place})
            self.leads_nowhere_else(answer, place)

    def test_a_referrer_leads_to_no_other_host(self):
        for address in ("/en/report-error/", "/en/nowhere/", "/en/commitments/?status=foo"):
            answer = self.client.get(address, headers={"referer": f"https://{EVIL}/"})
            self.leads_nowhere_else(answer, address)

    def staff(self):
        client = Client()
        client.force_login(self.root)
        return client


class Hosts(TestCase):
    """Absolute addresses are of the host that was asked, which is one of ours, or of a setting."""

    @classmethod
    def setUpTestData(cls):
        make_register()

    def test_another_host_is_refused_everywhere(self):
        for _name, address in public_addresses():
            for host in (
                EVIL,
                f"testserver.{EVIL}",
                f"testserver@{EVIL}",
                f"{EVIL}:80",
                "testserver/x",
                "",
            ):
                answer = self.client.get(address, headers={"host": host})
                assert answer.status_code == 400, (address, host)
                assert EVIL not in answer.content.decode()

    def test_what_claims_another_host_is_not_believed(self):
        claims = {
            "X-Forwarded-Host": EVIL,
            "X-Host": EVIL,
            "X-Forwarded-Server": EVIL,
            "X-Original-URL": f"https://{EVIL}/admin/",
            "X-Rewrite-URL": "/admin/",
            "X-Forwarded-Port": "666",
            "X-Forwarded-Prefix": f"//{EVIL}",
            "X-Forwarded-Proto": "gopher",
            "X-Script-Name": f"//{EVIL}",
            "Forwarded": f"host={EVIL};proto=gopher",
            "X-HTTP-Method-Override": "POST",
        }
        for _name, address in public_addresses():
            if "/large/" in address:
                continue
            plain, claimed = (self.client.get(address, headers=each) for each in ({}, claims))
            assert claimed.status_code == plain.status_code
            bodies = [
                b"".join(each) if each.streaming else each.content for each in (plain, claimed)
            ]
            assert EVIL.encode() not in bodies[1]
            assert b"gopher" not in bodies[1]
            assert b":666" not in bodies[1]


class Outside(TestCase):
    """No address opens a file that is not meant to be read."""

    @classmethod
    def setUpTestData(cls):
        cls.records, cls.root = make_register()

    def test_no_path_leads_out_of_its_folder(self):
        staff = Client()
        staff.force_login(self.root)
        for client in (Client(), staff):
            for under in UNDER:
                for path in OUTSIDE:
                    answer = client.get("/", PATH_INFO=f"{under}{path}")
                    body = b"".join(answer) if answer.streaming else answer.content
                    assert answer.status_code in (302, 301, 400, 404), (under, path)
                    assert b"root:" not in body
                    assert b"SQLite format" not in body
                    assert settings.SECRET_KEY.encode() not in body

    def test_what_is_uploaded_has_no_address_of_its_own(self):
        names = [each.file.name for each in self.records["update"].evidence.all()]
        assert names
        for name in names:
            assert default_storage.exists(name)
            for under in (
                "/",
                "/media/",
                "/static/",
                "/evidence/",
                "/static/../media/",
                "/var/media/",
            ):
                assert self.client.get("/", PATH_INFO=f"{under}{name}").status_code == 404

    def test_a_name_cannot_choose_where_a_file_is_kept(self):
        from tests.factories import make_evidence

        for name in (
            "../../x.pdf",
            "/etc/cron.d/x.pdf",
            "..\\x.pdf",
            "a\x00b.pdf",
            ".htaccess.pdf",
            "长" * 200 + ".pdf",
        ):
            evidence = make_evidence(self.records["update"], name)
            kept = evidence.file.name
            assert re.fullmatch(r"[\w/-]+(\.pdf)?", kept, re.ASCII), kept
            assert not kept.startswith("/")
