"""The demo's visitors, on the page that shows events as they arrive."""

import re
import sys

from playwright.sync_api import expect

from bench.served import ROOT, start, stop
from config import demo
from tests.browser.conftest import WAIT, make_key, sign_up, watched

SLUG = demo.NORTHWIND.slug
VISITS = r"web\.page|ad\.impression"


def test_the_page_moves_by_itself_while_they_come(product, chromium, tmp_path):
    context = chromium.new_context()
    page = context.new_page()
    complaints = watched(page)
    home = sign_up(page, product, SLUG)
    login = demo.Login(
        slug=SLUG, kind="advertiser", host=home, user="", password="",
        write_key=make_key(page, home), read_key="",
    )  # fmt: skip
    file = tmp_path / "demo.json"
    demo.write_logins(file, product.public, [login])
    page.goto(f"{home}/events/")
    expect(page.locator("#live-state")).to_have_text("live")

    argv = [sys.executable, str(ROOT / "manage.py"), "visitors", "--demo", str(file)]
    visitors = start(argv, product.environment)
    try:
        theirs = page.locator("#live-rows tr").filter(has_text=re.compile(VISITS))
        expect(theirs.nth(3)).to_be_visible(timeout=WAIT)
    finally:
        stop(visitors)

    assert visitors.returncode == 0
    assert complaints == []
    context.close()
