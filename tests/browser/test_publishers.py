"""The publishers' page in a browser: who claims installs, seen, drawn and taken away."""

import csv
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from simulation.installs import Manner, Publisher, installs
from tests.browser.conftest import WAIT, browsing, make_key, shoot, sign_up, watched

MARKET = (
    *(Publisher(name=f"network-{n}", installs=70) for n in range(5)),
    Publisher(name="fastclicks", installs=80, manner=Manner.HIJACK, share=0.7),
)


def events(now):
    """Clicks of six publishers in the last three weeks, and the installs they claim."""
    made = installs(MARKET, seed=8)
    for number, (place, seconds) in enumerate(
        zip(made.publisher.tolist(), made.seconds.tolist(), strict=True)
    ):
        clicked = now - timedelta(days=8 + number % 12)
        who, name = {"anonymous_id": f"device-{number}"}, MARKET[place].name
        yield {
            **who,
            "type": "ad.click",
            "timestamp": clicked.isoformat(),
            "properties": {"touch": {"channel": "Display", "source": name}},
        }
        yield {
            **who,
            "type": "conversion.recorded",
            "timestamp": (clicked + timedelta(seconds=seconds)).isoformat(),
            "properties": {"conversion_type": "install"},
        }


def test_who_claims_installs_is_named_and_drawn(product, tmp_path):
    with browsing() as browser:
        page = browser.new_context(accept_downloads=True).new_page()
        complaints = watched(page)
        home = sign_up(page, product, "installer")
        key = make_key(page, home)
        page.goto(f"{home}/fraud/publishers/")
        expect(page.get_by_role("heading", name="No ad click led here")).to_be_visible()
        shoot(page, "publishers-empty")
        sent = list(events(datetime.now(UTC)))
        for low in range(0, len(sent), 500):
            assert product.post(key, *sent[low : low + 500])["rejected"] == []

        found = page.locator("#found-title")
        for _ in range(120):
            page.goto(f"{home}/fraud/publishers/?range=30d")
            if "430 of 430" in page.locator("main").inner_text():
                break
            page.wait_for_timeout(500)
        expect(found).to_be_visible(timeout=WAIT)
        first = page.locator("tbody tr").first
        expect(first).to_contain_text("fastclicks")
        expect(first).to_contain_text("install hijack")
        expect(
            page.locator("[data-chart=times] svg, [data-chart=times] canvas").first
        ).to_be_visible(timeout=WAIT)
        shoot(page, "publishers")
        page.get_by_role("link", name="network-2").click()
        expect(page.get_by_role("heading", name="network-2 and all others")).to_be_visible()
        with page.expect_download() as download:
            page.locator("a", has_text="CSV").first.click()
        table = tmp_path / "publishers.csv"
        download.value.save_as(table)
        page.get_by_role("link", name="Reject its touches").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Rejected touches")
        expect(page.get_by_label("Source (publisher)")).to_have_value("fastclicks")
        page.get_by_role("button", name="Reject", exact=True).click()
        expect(page.get_by_role("status")).to_contain_text("Decided", timeout=WAIT)
        for _ in range(120):
            page.goto(f"{home}/fraud/publishers/?range=30d")
            if "350 of 430" in page.locator("main").inner_text():
                break
            page.wait_for_timeout(500)
        expect(page.locator("main")).to_contain_text("No source differs")
        assert complaints == []
    rows = list(csv.DictReader(table.read_text().splitlines()))
    assert [row["found"] for row in rows if row["found"] != "nothing found"] == ["install hijack"]
