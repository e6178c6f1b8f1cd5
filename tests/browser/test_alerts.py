"""The alert centre in a browser: nothing, a rule that fires, a card on an open page, settled."""

import os
import subprocess
import sys

from playwright.sync_api import expect

from bench.served import ROOT
from tests.browser.conftest import WAIT, browsing, make_key, shoot, sign_up, watched


def look(product):
    """What the clock asks for every few seconds."""
    subprocess.run(
        [sys.executable, "-m", "celery", "-A", "config", "call", "alerts.tasks.look"],
        env={**os.environ, **product.environment}, cwd=ROOT, capture_output=True, check=True,
    )  # fmt: skip


def until(ask, page, shown):
    """Ask again until it is shown: the projector may not have counted yet."""
    for _ in range(30):
        ask()
        page.wait_for_timeout(1_000)
        if shown.count():
            break
    expect(shown).to_have_count(1)


def test_a_rule_fires_and_is_seen_to(product):
    with browsing() as browser:
        page = browser.new_page()
        complaints = watched(page)
        home = sign_up(page, product, "sentinel")
        key = make_key(page, home)
        page.goto(f"{home}/alerts/")
        expect(page.get_by_role("heading", name="Nothing needs you")).to_be_visible()
        shoot(page, "alerts-empty")

        page.get_by_role("link", name="Who is told").click()
        expect(page.get_by_role("cell", name="warning and worse")).to_be_visible()
        page.fill("#rule_name", "Too many clicks for a quiet evening")
        page.fill("#rule_event_type", "ad.click")
        page.select_option("#rule_check", "above")
        page.fill("#rule_amount", "2")
        page.get_by_role("button", name="Make the rule").click()
        expect(page.get_by_role("cell", name="more came than 2")).to_be_visible()
        page.get_by_role("button", name="Send a test").click()
        expect(page.locator("#log-title")).to_be_visible()
        shoot(page, "alerts-settings")

        page.goto(f"{home}/alerts/")
        touch = {"touch": {"channel": "Display", "source": "network"}}
        sent = [
            {"type": "ad.click", "anonymous_id": f"d{n}", "properties": touch} for n in range(5)
        ]
        assert product.post(key, *sent)["rejected"] == []
        card = page.locator("#toasts .toast")
        until(lambda: look(product), page, card)
        shoot(page, "alerts-live")
        card.get_by_role("link").click()
        expect(page.get_by_role("heading", name="Too many clicks")).to_be_visible(timeout=WAIT)
        expect(page.locator("main")).to_contain_text("5 came in the last hour; the limit is 2.")
        shoot(page, "alert")
        page.get_by_role("button", name="Acknowledge").click()
        expect(page.locator("main .tag", has_text="acknowledged")).to_be_visible()
        page.get_by_role("button", name="Resolve").click()
        expect(page.locator("main .tag", has_text="resolved")).to_be_visible()
        page.goto(f"{home}/alerts/?state=resolved")
        expect(page.get_by_role("link", name="Too many clicks")).to_be_visible()
        shoot(page, "alerts-list")
        assert complaints == []
