"""What people do on the pages: theme, keys, filters, downloads, no scripts, wrong addresses."""

import json
import re
import struct
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SHOP


def test_a_worker_imports_what_was_uploaded(shop):
    assert "300" in shop["imported"] or "240" in shop["imported"]
    assert "done" in shop["imported"]


def test_the_theme_is_kept(owner):
    def theme():
        return owner.evaluate("getComputedStyle(document.documentElement).colorScheme")

    assert theme() == "light"
    owner.keyboard.press("t")
    assert theme() == "dark"
    owner.goto("/journeys/")
    assert theme() == "dark"
    assert owner.locator("html").get_attribute("data-theme") == "dark"


def test_the_keyboard_goes_places(owner):
    owner.keyboard.press("g")
    owner.keyboard.press("j")
    owner.wait_for_url("**/journeys/")
    owner.keyboard.press("/")
    expect(owner.locator("#q")).to_be_focused()
    owner.keyboard.press("Escape")
    owner.locator("h1").click()
    owner.keyboard.press("?")
    expect(owner.locator("#help")).to_be_visible()
    owner.keyboard.press("Escape")
    expect(owner.locator("#help")).to_be_hidden()


def test_every_page_of_the_navigation_is_two_keys_away(owner):
    links = owner.locator("#nav [data-shortcut]")
    wanted = {
        link.get_attribute("data-shortcut"): link.get_attribute("href") for link in links.all()
    }
    assert len(wanted) == links.count() >= 8
    for key, address in wanted.items():
        owner.keyboard.press("g")
        owner.keyboard.press(key)
        owner.wait_for_url(f"**{address}")
        expect(owner.locator("#nav [aria-current]")).to_have_attribute("href", address)


def test_letters_typed_into_a_field_are_letters(owner):
    owner.goto("/journeys/")
    owner.locator("#q").press_sequentially("gat?")
    expect(owner.locator("#q")).to_have_value("gat?")
    assert owner.url.rstrip("/").endswith("/journeys") or "q=gat" in owner.url
    expect(owner.locator("#help")).to_be_hidden()


def test_filters_change_the_table_and_the_address_without_a_reload(owner):
    owner.goto("/attribution/?range=30d")
    owner.evaluate("window.untouched = true")
    expect(owner.locator("#results tbody")).to_contain_text("Paid Search")
    owner.locator("#by").select_option("campaign")
    expect(owner.locator("#results tbody")).to_contain_text("autumn-1")
    expect(owner).to_have_url(re.compile(r"by=campaign"))
    assert owner.evaluate("window.untouched")
    owner.go_back()
    expect(owner.locator("#results tbody")).to_contain_text("Paid Search")
    owner.reload()
    expect(owner.locator("#results tbody")).to_contain_text("Paid Search")

    owner.goto("/journeys/")
    owner.evaluate("window.untouched = true")
    owner.locator("#outcome").select_option("open")
    expect(owner.locator("#results tbody")).not_to_contain_text("purchase")
    expect(owner).to_have_url(re.compile(r"outcome=open"))
    assert owner.evaluate("window.untouched")


def test_trouble_is_said_and_forgotten(chromium, shop):
    refused = "<main><p class=lead>The worker is away.</p></main>"
    context = chromium.new_context(storage_state=shop["state"], base_url=shop["home"])
    page = context.new_page()  # the browser itself complains of a 503; that is what is tried here
    page.goto("/attribution/?range=30d")
    expect(page.locator("#trouble")).to_be_hidden()
    page.route(
        "**/attribution/**",
        lambda route: route.fulfill(status=503, body=refused, content_type="text/html"),
    )
    page.locator("#by").select_option("campaign")
    expect(page.locator("#trouble")).to_contain_text("The worker is away.")
    expect(page.locator("#results tbody")).to_contain_text("Paid Search")
    page.unroute("**/attribution/**")
    page.locator("#by").select_option("source")
    expect(page.locator("#trouble")).to_be_hidden()
    context.close()


def test_results_are_dimmed_while_they_load(owner):
    owner.goto("/attribution/?range=30d")
    held = []

    def hold(route):
        held.append(route)

    owner.route("**/attribution/**", hold)
    owner.locator("#by").select_option("campaign")
    expect(owner.locator("#results")).to_have_class(re.compile("htmx-request"))
    held[0].continue_()
    expect(owner.locator("#results tbody")).to_contain_text("autumn-1")
    expect(owner.locator("#results")).not_to_have_class(re.compile("htmx-request"))


def test_a_phone_shows_the_figures_before_the_filters(chromium, shop):
    context = chromium.new_context(
        storage_state=shop["state"],
        base_url=shop["home"],
        viewport={"width": 375, "height": 812},
        has_touch=True,
    )
    page = context.new_page()
    page.goto("/attribution/?range=30d")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#reference")).to_be_hidden()
    assert page.locator("#results h2").first.bounding_box()["y"] < 300
    page.get_by_text("Filters", exact=True).click()
    page.locator("#by").select_option("campaign")
    expect(page.locator("#results tbody")).to_contain_text("autumn-1")
    expect(page.locator("#reference")).to_be_visible()
    context.close()


def test_the_same_comes_through_the_api(owner, product):
    owner.goto("/attribution/?range=30d")
    owner.locator("#by").select_option("campaign")
    expect(owner).to_have_url(re.compile("by=campaign"))
    owner.get_by_text("Where this comes from").click()
    line = owner.locator(".origin code").inner_text()
    assert "by=campaign" in line
    address = line.split("'")[1].replace(f"{SHOP}.localhost", "127.0.0.1")
    owner.goto("/settings/keys/")
    owner.fill("#id_name", "Reader")
    owner.locator('input[name=scopes][value="read"]').check()
    owner.get_by_role("button", name="Make the key").click()
    key = owner.locator("#secret").inner_text()
    with urlopen(
        Request(address, headers={"Authorization": f"Bearer {key}"}), timeout=30
    ) as answer:
        report = json.loads(answer.read())
    assert report["totals"]["conversions"] == 60


def _download(page, kind):
    with page.expect_download() as waiting:
        page.locator(f'[data-chart-save="{kind}"]').first.click()
    return waiting.value.path().read_bytes()


def test_charts_download_as_real_files(owner):
    owner.goto("/attribution/?range=30d")
    expect(owner.locator(".chart svg").first).to_be_visible()
    picture = _download(owner, "png")
    assert picture.startswith(b"\x89PNG\r\n")
    assert min(struct.unpack(">II", picture[16:24])) > 300
    drawing = _download(owner, "svg").decode()
    assert drawing.startswith("<svg")
    assert "Paid Search" in drawing
    lines = _download(owner, "csv").decode().splitlines()
    assert lines[0].split(",")[:2] == ["label", "value"]
    assert any(line.startswith("Paid Search,") for line in lines[1:])


@pytest.fixture
def plain(chromium, shop):
    """The owner's browser with scripts switched off."""
    context = chromium.new_context(
        storage_state=shop["state"], base_url=shop["home"], java_script_enabled=False
    )
    yield context.new_page()
    context.close()


def test_pages_work_without_scripts(plain):
    plain.goto("/attribution/?range=30d")
    expect(plain.locator("tbody")).to_contain_text("Paid Search")
    plain.locator("#by").select_option("campaign")
    plain.get_by_role("button", name="Show", exact=True).click()
    expect(plain.locator("tbody")).to_contain_text("autumn-1")
    expect(plain).to_have_url(re.compile(r"by=campaign"))

    plain.goto("/journeys/")
    plain.locator("tbody th a").first.click()
    expect(plain.locator(".timeline")).to_be_visible()

    plain.goto("/settings/keys/")
    plain.fill("#id_name", "Written by hand")
    plain.locator("input[name=scopes]").first.check()
    plain.get_by_role("button", name="Make the key").click()
    expect(plain.locator("#secret")).to_contain_text("ts_")


def test_keys_and_sites_are_managed_without_scripts(plain):
    plain.goto("/settings/keys/")
    plain.fill("#id_name", "By hand")
    plain.locator("input[name=scopes]").first.check()
    plain.get_by_role("button", name="Make the key").click()
    first = plain.locator("#secret").inner_text()
    plain.locator("tr", has_text=first[:11]).get_by_role("button", name="Rotate").click()
    dialog = plain.locator("dialog:popover-open")
    dialog.get_by_role("button", name="Keep it").click()
    expect(dialog).to_have_count(0)
    plain.locator("tr", has_text=first[:11]).get_by_role("button", name="Rotate").click()
    dialog.get_by_role("button", name="Rotate").click()
    second = plain.locator("#secret").inner_text()
    assert second != first
    plain.locator("tr", has_text=second[:11]).get_by_role("button", name="Revoke").click()
    dialog.get_by_role("button", name="Revoke").click()
    expect(plain.locator("tr", has_text=second[:11])).to_contain_text("revoked")

    plain.goto("/settings/sites/")
    plain.locator("#id_hosts").fill("https://Our-Blog.example/post")
    plain.get_by_role("button", name="Save").click()
    expect(plain.locator(".notice-success")).to_contain_text("Saved: 1 site")
    expect(plain.locator("#id_hosts")).to_have_value("our-blog.example")


def test_a_file_is_imported_without_scripts(plain, tmp_path):
    file = tmp_path / "more.csv"
    file.write_text("customer_id,time,channel\nzoe,2026-11-01T10:00:00Z,Email\n")
    plain.goto("/import/")
    plain.set_input_files("#file", file)
    plain.get_by_role("button", name="Upload and look").click()
    plain.get_by_role("button", name="Start the import").click()
    state = plain.locator("#progress .tag")
    for _ in range(60):
        if state.inner_text() == "done":
            break
        plain.wait_for_timeout(500)
        plain.reload()
    expect(state).to_have_text("done")
    expect(plain.locator(".facts")).to_contain_text("1 of 1")


def test_the_report_comes_as_csv_without_scripts(plain):
    plain.goto("/attribution/?range=30d")
    with plain.expect_download() as waiting:
        plain.locator("#results .panel-foot").get_by_role("link", name="CSV").first.click()
    lines = waiting.value.path().read_text().splitlines()
    assert any(line.startswith("Paid Search,") for line in lines[1:])


def test_a_key_is_rotated_and_revoked_by_clicks(owner, product):
    def taken(key):
        event = {"type": "custom.tracked", "anonymous_id": "me", "name": "Hello"}
        try:
            return product.post(key, event)["accepted"] == 1
        except OSError:
            return False

    owner.goto("/settings/keys/")
    owner.fill("#id_name", "Till")
    owner.locator("input[name=scopes]").first.check()
    owner.get_by_role("button", name="Make the key").click()
    first = owner.locator("#secret").inner_text()
    assert taken(first)
    row = owner.locator("tr", has_text=first[:11])
    row.get_by_role("button", name="Rotate").click()
    owner.locator("dialog[open]").get_by_role("button", name="Rotate").click()
    expect(owner.locator("#secret")).not_to_have_text(first)
    second = owner.locator("#secret").inner_text()
    assert (taken(first), taken(second)) == (False, True)
    row = owner.locator("tr", has_text=second[:11])
    row.get_by_role("button", name="Revoke").click()
    owner.locator("dialog[open]").get_by_role("button", name="Revoke").click()
    expect(owner.locator("tr", has_text=second[:11])).to_contain_text("revoked")
    assert not taken(second)


def test_a_colleague_joins_by_a_link_and_sees_only_what_the_role_allows(owner, chromium, product):
    owner.goto("/settings/team/")
    owner.locator("#id_role").select_option("analyst")
    owner.get_by_role("button", name="Make a join link").click()
    link = owner.locator("#link").inner_text()
    context = chromium.new_context()
    page = context.new_page()
    page.goto(link)
    page.fill("input[type=email]", "vera@lantern.example")
    page.get_by_label("Your name").fill("Vera")
    for field in page.locator("input[type=password]").all():
        field.fill("another long and winding password")
    page.get_by_role("button", name="Join").click()
    page.wait_for_url(re.compile(rf"//{SHOP}\.localhost:\d+/"))
    expect(page.get_by_role("link", name="Team")).to_have_count(0)
    refused = page.goto(f"{product.home(SHOP)}/settings/team/")
    assert refused.status == 403
    expect(page.locator("main")).to_contain_text("Your role does not include this page")
    context.close()

    owner.goto("/settings/team/")
    row = owner.locator("tr", has_text="vera@lantern.example").first
    row.get_by_role("button", name="Remove").click()
    owner.locator("dialog[open]").get_by_role("button", name="Remove").click()
    expect(owner.locator("tbody").first).not_to_contain_text("vera@lantern.example")


PAGES = (
    "/", "/attribution/", "/channels/", "/campaigns/", "/journeys/", "/events/", "/import/",
    "/fraud/", "/fraud/backtest/", "/fraud/publishers/", "/fraud/refunds/", "/fraud/cases/",
    "/fraud/scoring/", "/fraud/review/", "/fraud/models/", "/fraud/rings/",
    "/alerts/", "/alerts/settings/",
    "/settings/keys/", "/settings/sites/", "/settings/team/",
)  # fmt: skip
NAMELESS = """
() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea')]
  .filter(each => !(each.labels?.length || each.ariaLabel || each.innerText?.trim() ||
    each.querySelector('[aria-label], .visually-hidden') || each.ariaHidden === 'true' ||
    each.textContent.trim()))
  .map(each => each.outerHTML.slice(0, 120))
"""


def test_every_control_has_a_name_and_every_page_one_heading(owner):
    for path in PAGES:
        owner.goto(path)
        assert owner.evaluate(NAMELESS) == [], path
        assert owner.locator("h1").count() == 1, path
        ids = owner.evaluate("[...document.querySelectorAll('[id]')].map(each => each.id)")
        assert len(ids) == len(set(ids)), path


def test_a_wrong_address_leads_back(plain):
    assert plain.goto("/nothing-here/").status == 404
    expect(plain.locator("h1")).to_be_visible()
    plain.locator("main a").first.click()
    expect(plain.locator("h1")).to_have_text("Overview")
