"""What every test shares: the database's place, plain static files, and a browser."""

import os
import shutil
from contextlib import contextmanager

import pytest

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NO_CHROMIUM = "no Chromium found: install it (Debian: apt-get install chromium) or set CHROMIUM"


def pytest_configure(config):
    # The rule is also tested where Django cannot be imported; see script/test.
    if not config.pluginmanager.hasplugin("django"):
        return
    from django.conf import settings

    # Names by content need collectstatic, which no test should have to run.
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.WHITENOISE_AUTOREFRESH = True
    settings.WHITENOISE_USE_FINDERS = True
    # A process of its own would look for them in another database.
    settings.MANAGE = ()
    # Slow on purpose in production; a test logs in many times.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, tmp_path_factory):
    """SQLite is tested as it runs: a file in WAL mode, with a connection for each thread."""
    from django.db import connections

    database = connections["default"].settings_dict
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def uploads_of_tests_go_elsewhere(request, tmp_path_factory):
    if request.config.pluginmanager.hasplugin("django"):
        from django.conf import settings

        settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")


@pytest.fixture(scope="session", autouse=True)
def a_test_may_empty_its_database(request):
    """A flush after a test meets the guard of the history; the next `migrate` signal restores it.

    Only Django's own way of emptying a test database is let through.
    """
    if not request.config.pluginmanager.hasplugin("django"):
        yield
        return
    from django.db import connection

    from commitments.models.append_only import removal

    # On the class: a browser test has a connection of its own, because of Playwright's event loop.
    operations = type(connection.ops)
    flush = operations.sql_flush
    operations.sql_flush = lambda self, *args, **kwargs: [
        *removal(connection.vendor),
        *flush(self, *args, **kwargs),
    ]
    yield
    operations.sql_flush = flush


@pytest.fixture(autouse=True)
def every_test_begins_in_chinese(request):
    """A test client leaves the language of its last page behind, and tests run in any order."""
    if request.config.pluginmanager.hasplugin("django"):
        from django.utils import translation

        translation.deactivate()


def chromium_path():
    given = os.environ.get("CHROMIUM")
    found = [given] if given else CHROMIUM_NAMES
    return next((path for path in map(shutil.which, found) if path), None)


@pytest.fixture(scope="session")
def browser():
    """One Chromium for the whole run; `page` gives each test a fresh profile in it."""
    path = chromium_path()
    if path is None:
        if os.environ.get("CI", "").lower() in ("true", "1", "yes"):
            pytest.fail(NO_CHROMIUM)
        pytest.skip(NO_CHROMIUM)
    from playwright.sync_api import sync_playwright

    # Playwright's synchronous interface keeps an event loop in this thread, and Django would
    # refuse every query a test makes beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=path, headless=True, args=list(CHROMIUM_ARGUMENTS)
        )
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@contextmanager
def watched_page(browser, live_server, **options):
    """A page of a fresh profile at 1280 x 900; `page.goto("/en/")` is the live server's.

    Fails the test afterwards when a page asked for anything outside, broke the content security
    policy or threw an error in a script: no page may, so no test need say so.
    """
    context = browser.new_context(
        base_url=live_server.url,
        viewport={"width": 1280, "height": 900},
        locale="zh-CN",
        **options,
    )
    faults = []

    def only_inside(route):
        if route.request.url.startswith(live_server.url):
            route.continue_()
        else:
            faults.append(f"asked for {route.request.url}")
            route.abort()

    context.route("**/*", only_inside)
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
    page.on(
        "console",
        lambda line: "Content Security Policy" in line.text and faults.append(line.text),
    )
    yield page
    context.close()
    assert faults == []


@pytest.fixture
def page(browser, live_server):
    with watched_page(browser, live_server) as page:
        yield page


@pytest.fixture(params=[True, False], ids=["with-scripts", "without-scripts"])
def page_with_and_without_scripts(request, browser, live_server):
    with watched_page(browser, live_server, java_script_enabled=request.param) as page:
        yield page


@pytest.fixture
def axe_problems():
    """Call with a page: what axe finds on it, one line for each rule broken and place."""
    from axe_playwright_python.sync_playwright import Axe

    # To read a style sheet that imports another, axe would write an inline style, and so break the
    # policy that the page fixture watches over.
    # Nor is it asked to list what is in order, which takes longest.
    options = {"preload": False, "resultTypes": ["violations"]}

    def find(page):
        # A click returns when the next page has begun, which is not yet one to judge.
        page.wait_for_load_state()
        return [
            f"{page.url} {violation['id']}: {node['target']} {node['failureSummary']}"
            for violation in Axe().run(page, options=options).response["violations"]
            for node in violation["nodes"]
        ]

    return find


def pytest_collection_modifyitems(items):
    # Whoever drives a browser needs no second way of saying so.
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


def pytest_terminal_summary(terminalreporter):
    skipped = terminalreporter.stats.get("skipped", [])
    count = sum(NO_CHROMIUM in str(report.longrepr) for report in skipped)
    if count:
        terminalreporter.section("BROWSER TESTS DID NOT RUN", sep="!", red=True, bold=True)
        terminalreporter.line(f"{count} browser tests were skipped: {NO_CHROMIUM}.")
