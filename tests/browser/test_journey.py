"""A newcomer's journey in a real browser: sign up, key, event, live, attribution; light and dark.

The product is served as it is in production: granian, projector, worker, on a database of its own.
"""

import json
import re
import shutil
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect, sync_playwright

from bench.served import served

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WAIT = 30_000

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


@pytest.fixture(scope="module")
def product():
    with served(projector=True) as place:
        yield place


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=["light", "dark"])
def visitor(chromium, request):
    """A browser window of somebody new, and what its console complained about."""
    context = chromium.new_context(color_scheme=request.param)
    page = context.new_page()
    page.set_default_timeout(WAIT)
    complaints: list[str] = []
    page.on("console", lambda each: complaints.append(each.text) if each.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page, complaints, request.param
    context.close()


def sign_up(page, base, slug):
    page.goto(f"{base}/signup/")
    page.get_by_label("Organisation").fill(f"{slug.title()} Shop")
    page.fill("#id_slug", slug)
    page.fill("input[type=email]", f"owner@{slug}.example")
    for field in page.locator("input[type=password]").all():
        field.fill("a long and winding password")
    page.get_by_label("Your name").fill("Olga")
    page.locator("main button[type=submit]").click()
    page.wait_for_url(re.compile(rf"//{slug}\.localhost:\d+/"))


def post(product, key, *events):
    request = Request(
        f"http://127.0.0.1:{product.port}/api/v1/events",
        data=json.dumps({"events": events}).encode(),
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    with urlopen(request, timeout=30) as answer:
        return json.loads(answer.read())


def test_it_leads_from_sign_up_to_attribution(product, visitor):
    page, complaints, scheme = visitor
    slug = f"shop-{scheme}"
    sign_up(page, f"http://localhost:{product.port}", slug)
    home = f"http://{slug}.localhost:{product.port}"

    page.goto(f"{home}/settings/keys/")
    page.fill("#id_name", "Website")
    page.locator("input[name=scopes]").first.check()
    page.get_by_role("button", name="Make the key").click()
    key = page.locator("#secret").inner_text()
    assert key.startswith("ts_")

    page.goto(f"{home}/events/")
    expect(page.locator("#live-state")).to_have_text("live")
    landing = "https://shop.example/?utm_source=google&utm_medium=cpc&utm_campaign=brand"
    answer = post(
        product,
        key,
        {
            "type": "web.page",
            "anonymous_id": "ann",
            "context": {"page": {"url": landing}},
        },
    )
    assert answer["accepted"] == 1
    expect(page.locator("#live-rows")).to_contain_text("Paid Search")

    post(
        product,
        key,
        {
            "type": "custom.tracked",
            "anonymous_id": "ann",
            "name": "Order Completed",
            "properties": {"revenue": 40, "order_id": f"{slug}-1"},
        },
    )
    expect(page.locator("#live-rows")).to_contain_text("Order Completed")

    for _ in range(60):
        page.goto(f"{home}/attribution/?range=7d")
        if page.get_by_text("Paid Search").count():
            break
        page.wait_for_timeout(500)
    expect(page.locator("main table")).to_contain_text("Paid Search")

    page.goto(f"{home}/journeys/")
    expect(page.locator("main")).to_contain_text("Paid Search")
    assert complaints == []
