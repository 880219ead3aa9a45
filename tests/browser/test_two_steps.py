"""A reviewer who must log in in two steps: from the first log-in to one with a recovery code."""

import pyotp

from commitments.models import LogInRule, SecondFactor
from tests.factories import make_agency, make_staff

PASSWORD = "correct horse battery"


def log_in(page, name):
    page.goto("/admin/")
    page.fill("#id_username", name)
    page.fill("#id_password", PASSWORD)
    page.click("input[type=submit]")
    page.wait_for_load_state()


def enter(page, field, code):
    page.fill(field, code)
    page.click(".code-form input[type=submit]")
    page.wait_for_load_state()


def test_from_the_first_log_in_to_a_recovery_code(page, axe_problems, transactional_db):
    make_staff("editor", make_agency(), username="wang", password=PASSWORD)
    make_staff("reviewer", username="li", password=PASSWORD)
    LogInRule.objects.create(pk=1, reviewer=True)
    page.set_viewport_size({"width": 360, "height": 800})

    log_in(page, "wang")
    assert page.url.endswith("/admin/")
    page.click("#logout-form button")

    log_in(page, "li")
    assert "您的角色必须使用两步验证" in page.inner_text(".help-line")
    assert page.evaluate("document.querySelector('.device-steps img').naturalWidth") > 100
    key = "".join(page.locator(".secret span").all_inner_texts())
    enter(page, "#id_new_code", "wrong")
    assert "验证码与上方密钥不符" in page.inner_text(".errorlist")
    found = axe_problems(page)
    enter(page, "#id_new_code", pyotp.TOTP(key).now())
    codes = page.locator(".recovery-codes li").all_inner_texts()
    found += axe_problems(page)
    page.click(".second-factor .button")
    assert page.url.endswith("/admin/")
    page.click("#logout-form button")

    log_in(page, "li")
    for wrong in ("000", codes[0][:-1]):
        enter(page, "#id_code", wrong)
        assert "验证码无效" in page.inner_text(".errorlist")
    found += axe_problems(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    enter(page, "#id_code", codes[0])
    assert page.url.endswith("/admin/")
    assert SecondFactor.objects.get().codes_left == 9
    assert found == []
