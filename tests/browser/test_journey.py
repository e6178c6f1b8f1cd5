"""A newcomer in a real browser: sign up, key, event, live, attribution; light and dark."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import make_key, sign_up, watched

LANDING = "https://shop.example/?utm_source=google&utm_medium=cpc&utm_campaign=brand"


@pytest.fixture(params=["light", "dark"])
def visitor(chromium, request):
    """A browser window of somebody new, and what its console complained about."""
    context = chromium.new_context(color_scheme=request.param)
    page = context.new_page()
    yield page, watched(page), request.param
    context.close()


def test_it_leads_from_sign_up_to_attribution(product, visitor):
    page, complaints, scheme = visitor
    slug = f"shop-{scheme}"
    home = sign_up(page, product, slug)
    key = make_key(page, home)
    assert key.startswith("ts_")

    page.goto(f"{home}/events/")
    expect(page.locator("#live-state")).to_have_text("live")
    seen = {"type": "web.page", "anonymous_id": "ann", "context": {"page": {"url": LANDING}}}
    assert product.post(key, seen)["accepted"] == 1
    expect(page.locator("#live-rows")).to_contain_text("Paid Search")
    bought = {"revenue": 40, "order_id": f"{slug}-1"}
    event = {"type": "custom.tracked", "anonymous_id": "ann", "name": "Order Completed"}
    product.post(key, {**event, "properties": bought})
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


def test_the_first_event_shows_by_itself(product, chromium):
    context = chromium.new_context()
    page = context.new_page()
    complaints = watched(page)
    home = sign_up(page, product, "early")
    key = make_key(page, home)
    page.goto(f"{home}/events/")
    expect(page.get_by_text("Waiting for the first event")).to_be_visible()
    page.goto(f"{home}/")
    expect(page.get_by_role("heading", name="Send your first event")).to_be_visible()
    product.post(
        key, {"type": "web.page", "anonymous_id": "ann", "context": {"page": {"url": LANDING}}}
    )
    product.post(key, {"type": "conversion.recorded", "anonymous_id": "ann", "value": 25})
    # Nobody reloads: the page asks by itself until there is something to show.
    expect(page.get_by_text("Top channels")).to_be_visible(timeout=15_000)
    assert complaints == []
    context.close()
