"""Pages under the policy of ``config.headers``: whatever it stops, the console says."""

from playwright.sync_api import expect

from tests.browser.conftest import watched


def test_every_page_of_the_navigation_keeps_to_the_policy(owner):
    links = owner.locator("#nav section a")
    addresses = [link.get_attribute("href") for link in links.all()]
    assert len(addresses) >= 12
    for address in [*addresses, "/settings/privacy/", "/log/", "/status/"]:
        answer = owner.goto(address)
        assert "unsafe" not in answer.headers["content-security-policy"]
        owner.wait_for_load_state("networkidle" if address != "/events/" else "load")
        owner.keyboard.press("t")
        for chart in owner.locator("[data-chart]").all():
            expect(chart).to_have_attribute("data-state", "drawn")


def test_the_console_does_say_what_the_policy_stops(chromium, shop):
    """Otherwise the test above would prove nothing."""
    context = chromium.new_context(storage_state=shop["state"], base_url=shop["home"])
    page = context.new_page()
    complaints = watched(page)
    page.goto("/")
    page.evaluate(
        """() => {
        const script = document.createElement("script");
        script.textContent = "window.ran = true";
        document.body.append(script);
        document.body.insertAdjacentHTML("beforeend", "<p style='color:red'>x</p>");
    }"""
    )
    page.wait_for_timeout(100)

    assert page.evaluate("window.ran") is None
    assert len([text for text in complaints if "Content Security Policy" in text]) == 2
    context.close()


def test_live_events_have_their_socket(owner, product):
    with owner.expect_websocket() as opened:
        owner.goto("/events/")
    owner.wait_for_timeout(200)
    assert not opened.value.is_closed()


def test_the_apis_document_is_drawn(owner):
    owner.goto("/api/docs/")
    expect(owner.get_by_role("heading", name="Touchstone API")).to_be_visible()
    owner.locator(".opblock-summary").first.click()
    expect(owner.locator(".opblock-body").first).to_be_visible()


def test_a_second_factors_code_is_drawn(owner, product):
    owner.goto(f"{product.public}/account/second-factor/")
    expect(owner.locator("svg.qr")).to_be_visible()
