"""Fraud in a browser: from no event at all to cases labelled by keyboard and thresholds in use."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.browser.conftest import WAIT, browsing, fits, make_key, shoot, sign_up, watched

SLOW, QUICK, INJECTED = 400.0, 20.0, 0.4
THRESHOLD = "hijacked_install.ctit.below"


def events(now):
    """Installs of two publishers: one's are injected, some of the other's come very quickly."""
    for number in range(60):
        publisher = "fastclicks" if number % 4 == 0 else "honest-network"
        seconds = INJECTED if number % 4 == 0 else QUICK if number % 4 == 1 else SLOW
        clicked = now - timedelta(hours=2 + number)
        who = {"anonymous_id": f"device-{number}"}
        touch = {"channel": "Display", "source": publisher, "campaign": f"autumn-{number % 3}"}
        yield {
            **who,
            "type": "ad.click",
            "timestamp": clicked.isoformat(),
            "properties": {"touch": touch},
        }
        yield {
            **who,
            "type": "conversion.recorded",
            "timestamp": (clicked + timedelta(seconds=seconds)).isoformat(),
            "properties": {
                "conversion_type": "install",
                "value": 3.5,
                "currency": "USD" if number % 8 == 0 else "EUR",
            },
        }


def test_fraud_is_seen_and_other_thresholds_are_tried_before_they_hold(product):
    with browsing() as browser:
        page = browser.new_page()
        complaints = watched(page)
        home = sign_up(page, product, "watcher")
        key = make_key(page, home)
        page.goto(f"{home}/fraud/")
        expect(page.get_by_role("heading", name="Scoring is off")).to_be_visible()
        shoot(page, "fraud-empty")
        page.locator("main").get_by_role("link", name="Switch scoring on").click()
        page.get_by_label("Score events as they come").check()
        page.get_by_role("button", name="Keep").first.click()
        expect(page.get_by_role("status").first).to_contain_text("Kept")
        page.wait_for_timeout(6_000)  # a process may not have noticed for five seconds
        sent = sorted(events(datetime.now(UTC)), key=lambda each: each["timestamp"])
        assert product.post(key, *sent)["rejected"] == []

        _seen(page, home)
        assert fits(page)
        _reviewed(page, home)
        _tried(page, home)
        assert complaints == []


def _seen(page, home):
    table = page.locator("section", has=page.locator("#publishers-title"))
    for _ in range(120):
        page.goto(f"{home}/fraud/")
        if table.get_by_role("link", name="fastclicks").count():
            break
        page.wait_for_timeout(500)
    figures = page.locator(".figures")
    expect(figures).to_contain_text("12.50% of 120 events")
    expect(figures).to_contain_text("€24")
    expect(figures).to_contain_text("and $28.00")
    expect(page.locator("[data-chart=daily] svg, [data-chart=daily] canvas").first).to_be_visible()
    shoot(page, "fraud")
    table.get_by_role("link", name="fastclicks").click()
    expect(page.get_by_label("Publisher")).to_have_value("fastclicks")
    expect(page.locator("tbody tr")).to_have_count(15)
    assert fits(page)
    page.get_by_label("Publisher").select_option("Any")
    expect(page.locator("#results")).to_contain_text("Click injection")
    shoot(page, "fraud-cases")
    page.goto(f"{home}/fraud/")


def _reviewed(page, home):
    """By keys alone: a label and back, a note in which keys are letters, and the way elsewhere."""
    page.goto(f"{home}/fraud/review/")
    left = page.locator(".review-left")
    expect(left).to_contain_text("15 wait")
    page.keyboard.press("f")
    expect(left).to_contain_text("14 wait")
    page.keyboard.press("u")
    page.wait_for_load_state()
    for _ in range(40):  # the read model has it a moment later
        if "15 wait" in left.inner_text():
            break
        page.wait_for_timeout(250)
        page.goto(f"{home}/fraud/review/")
    expect(left).to_contain_text("15 wait")
    page.keyboard.press("n")
    page.keyboard.type("fhs")
    expect(page.get_by_placeholder("A note, if it helps (n)")).to_have_value("fhs")
    page.keyboard.press("Escape")
    page.keyboard.press("h")
    expect(left).to_contain_text("14 wait")
    page.keyboard.press("g")
    page.keyboard.press("f")
    page.wait_for_url("**/fraud/publishers/**")
    page.goto(f"{home}/fraud/review/")
    expect(left).to_contain_text("14 wait")
    page.keyboard.press("s")
    expect(left).to_contain_text("14 wait")


def _tried(page, home):
    page.goto(f"{home}/fraud/")
    page.locator("main, header").get_by_role("link", name="Back-test").first.click()
    shoot(page, "backtest-form")
    page.locator(f'[name="{THRESHOLD}"]').fill("60")
    page.get_by_role("button", name="Run the back-test").first.click()
    result = page.locator("#backtest")
    # The page asks the server until the worker is done; nobody reloads it.
    expect(result).to_contain_text("15 more would be held back, 0 no longer", timeout=WAIT)
    expect(result).to_contain_text("Install hijack")
    shoot(page, "backtest")
    assert fits(page)
    page.get_by_role("button", name="Use these thresholds").click()
    expect(result).to_contain_text("These thresholds are in use.")
    page.goto(f"{home}/fraud/scoring/")
    expect(page.locator(f'[name="{THRESHOLD}"]')).to_have_value("60")
    page.goto(f"{home}/fraud/backtest/")
    page.get_by_role("button", name="Back to the thresholds before").click()
    page.goto(f"{home}/fraud/scoring/")
    expect(page.locator(f'[name="{THRESHOLD}"]')).to_have_value("10")
