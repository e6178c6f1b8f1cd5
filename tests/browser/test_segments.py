"""Profiles found by the worker in what visitors did, and the screen that splits the budget."""

import csv
import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from bench.served import ROOT
from tests.attribution.profiles.test_refit import story
from tests.attribution.stories import START
from tests.browser.conftest import fits, make_key, sign_up, watched

SLUG = "profiled"
CHUNK = 400
MEDIA = {"Display": "display", "Affiliates": "affiliate", "Email": "email"}
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)
PROFILES = ("Deal Hunter", "Loyalist")


def told(now):
    """The story as a client sends it, moved so that it ends today; and what channels cost."""
    later = now - timedelta(days=63) - START
    for event in story():
        yield {
            "id": str(event.id),
            "type": event.type,
            "anonymous_id": event.subject,
            "timestamp": (event.occurred_at + later).isoformat(),
            **said(json.loads(event.payload)),
        }


def said(body):
    """A visit with its page and where it came from, as a page's script says it; or a purchase."""
    if "page" not in body:
        return {"properties": body}
    medium = MEDIA[body["touch"]["channel"]]
    url = f"{body['page']['url']}?utm_source=partner&utm_medium={medium}&utm_campaign=autumn"
    return {"context": {"page": {"url": url}, "user_agent": PHONE}}


def spent(product, key):
    """What two of the channels cost, told with the same key."""
    day = (datetime.now(UTC) - timedelta(days=5)).date().isoformat()
    rows = [
        {"day": day, "channel": channel, "cost": cost}
        for channel, cost in (("Email", 300.0), ("Affiliates", 200.0))
    ]
    request = Request(
        f"http://127.0.0.1:{product.port}/api/v1/spend",
        data=json.dumps({"rows": rows}).encode(),
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    with urlopen(request, timeout=30) as answer:
        assert answer.status == 200


@pytest.fixture
def marketer(product, chromium):
    """An owner whose shop has visitors of three kinds, and a worker that looked at them."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    page = context.new_page()
    complaints = watched(page)
    home = sign_up(page, product, SLUG)
    key = make_key(page, home)
    events = list(told(datetime.now(UTC)))
    for low in range(0, len(events), CHUNK):
        answer = product.post(key, *events[low : low + CHUNK])
        assert answer["accepted"] == len(events[low : low + CHUNK]), answer
    spent(product, key)
    page.goto(f"{home}/segments/")
    expect(page.locator("main")).to_contain_text("profile", ignore_case=True)
    yield page, home
    context.close()
    assert complaints == []


def found_by_the_worker(product, page, home):
    """Have the worker search until the page shows what it found.

    A search looks at what is projected by then, so one that came too early is asked for again.
    """
    asked = ["attribution.tasks.fit", "--kwargs", json.dumps({"schema": f"t_{SLUG}"})]
    for turn in range(160):
        if turn % 20 == 0:
            subprocess.run(
                [sys.executable, "-m", "celery", "-A", "config", "call", *asked],
                env=product.environment, cwd=ROOT, check=True, capture_output=True,
            )  # fmt: skip
        page.goto(f"{home}/segments/")
        if page.locator(".split-side").count():
            return
        page.wait_for_timeout(500)
    raise AssertionError("the worker found no profiles")


def test_profiles_appear_and_the_budget_is_split(product, marketer):
    page, home = marketer
    found_by_the_worker(product, page, home)
    left, right = page.locator(".split-side").all()
    expect(left.get_by_role("heading")).to_have_text("One size fits all")
    expect(right.get_by_role("heading")).to_have_text("Each profile its own")
    for name in PROFILES:
        expect(right).to_contain_text(name)
    assert left.bounding_box()["y"] == right.bounding_box()["y"]
    assert left.bounding_box()["x"] < right.bounding_box()["x"]
    expect(page.locator(".split-between strong")).to_contain_text("€")

    with page.expect_download() as download:
        page.get_by_role("link", name="CSV", exact=True).first.click()
    lines = list(csv.DictReader(download.value.path().read_text().splitlines()))
    assert sum(float(line["one_for_all"]) for line in lines) == pytest.approx(500)

    page.set_viewport_size({"width": 375, "height": 800})
    assert left.bounding_box()["y"] < right.bounding_box()["y"]
    assert fits(page)

    page.set_viewport_size({"width": 1440, "height": 900})
    gap = page.get_by_role("region", name="What last touch says, and what was caused")
    gap.get_by_role("link", name=PROFILES[0]).click()
    expect(page).to_have_url(re.compile(r"/attribution/\?segment=Deal"))
    expect(page.locator("select[name=segment]")).to_have_value(PROFILES[0])

    page.goto(f"{home}/segments/profiles/")
    for name in PROFILES:
        expect(page.get_by_role("heading", name=name)).to_be_visible()
