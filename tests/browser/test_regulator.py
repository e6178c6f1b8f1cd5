"""An authority from its sign-up to a finding: register, key, feed, returns; by clicks."""

import json
from datetime import UTC, datetime, timedelta
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from simulation import gaming
from tests.browser.conftest import WAIT, fits, shoot, sign_up, watched
from tests.browser.test_accessibility import AXE, complaints

DAYS = 8


def send(product, key, events):
    request = Request(
        f"{product.public}/api/v1/gaming/events",
        data=json.dumps({"events": events}).encode(),
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    with urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())


def shown(page, address, text):
    """Load ``address`` until the projector has brought ``text`` to it."""
    for _ in range(120):
        page.goto(address)
        if text in page.locator("main").inner_text():
            return
        page.wait_for_timeout(250)
    pytest.fail(f"{address} never says {text!r}")


def register(page, home, since):
    """Enter the operator lucky, licensed for slots, and make it a key; the key's text."""
    page.get_by_role("link", name="Register an operator").click()
    page.fill("#id_operator", "lucky")
    page.fill("#id_name", "Lucky Games")
    page.fill("#id_licence", "GA-2026-17")
    page.fill("#id_licensed_from", str(since))
    page.get_by_label("slot machines").check()
    page.fill("#id_rates", f"{since} ggr 20%")
    page.get_by_role("button", name="Register").click()
    shown(page, f"{home}/operators/", "Lucky Games")
    page.get_by_role("link", name="Lucky Games").click()
    page.get_by_role("button", name="Make a key").click()
    shoot(page, "regulator-key")
    return page.locator("#secret").inner_text()


def play(product, key, start):
    """A week of slots and tables, of which four records are never sent; the last number."""
    house = gaming.Operator(name="lucky", games={"slots": 12.0, "table": 5.0})
    records = list(gaming.records(house, seed=5, start=start, hours=24 * DAYS))
    kept = [each for each in records if each["sequence"] not in range(40, 44)]
    for low in range(0, len(kept), 1_000):
        assert send(product, key, kept[low : low + 1_000])["rejected"] == []
    return records[-1]["sequence"]


def wall_changes_by_itself(page, product, key, home, number):
    """One more record is on the open wall without anybody loading it again."""
    page.goto(f"{home}/wall/")
    expect(page.locator("#wall-link")).to_have_text("live")
    expect(page.locator("#tile-lucky")).to_contain_text("4 missing")
    record = {
        "id": "live-1", "type": "stake", "sequence": number + 3, "amount": 500, "currency": "EUR",
        "game_type": "slots", "player": "p-1", "occurred_at": datetime.now(UTC).isoformat(),
    }  # fmt: skip
    assert send(product, key, [record])["accepted"] == 1
    expect(page.locator("#tile-lucky.wall-gaps")).to_contain_text("6 missing", timeout=10_000)


def file_return(page, home, file, start):
    file.write_text(
        "operator,start,end,vintage,stakes,payouts,refunds,ggr,tax\n"
        f"lucky,{start},{start + timedelta(days=2)},{start + timedelta(days=3)},10,2,1,7,1.4\n"
    )
    page.goto(f"{home}/returns/")
    page.set_input_files("#file", file)
    page.get_by_role("button", name="File them").click()
    expect(page.locator("#taken-title")).to_have_text("1 filed")


def test_an_authority_registers_an_operator_and_sees_what_it_sends(chromium, product, tmp_path):
    context = chromium.new_context()
    page = context.new_page()
    found = watched(page)
    home = sign_up(page, product, "meadow", kind="regulator")
    expect(page.locator("main")).to_contain_text("No operator yet", timeout=WAIT)
    shoot(page, "regulator-empty")
    start = datetime.now(UTC).date() - timedelta(days=DAYS)
    key = register(page, home, start - timedelta(days=200))

    last = play(product, key, start)
    shown(page, f"{home}/operators/lucky/", f"{last:,}")
    file_return(page, home, tmp_path / "returns.csv", start)
    shown(page, f"{home}/findings/", "The return is not what was sent")
    expect(page.locator("tbody")).to_contain_text("4 records never came")
    expect(page.locator("tbody")).to_contain_text("Stakes on table without a licence")
    page.locator("#kind").select_option("external")
    expect(page.locator("tbody")).not_to_contain_text("never came")

    wall_changes_by_itself(page, product, key, home, last)
    unusable = []
    for path in ("/", "/wall/", "/register/", "/operators/", "/operators/lucky/",
                 "/operators/lucky/?by=hour", "/operators/lucky/change/", "/findings/",
                 "/returns/", "/forecasts/", "/anomalies/", "/detectors/", "/cases/", "/audit/",
                 "/operators/lucky/sensitivity/"):  # fmt: skip
        page.goto(f"{home}{path}")
        page.wait_for_load_state("networkidle")
        shoot(page, "regulator" + path.replace("/", "-").replace("?", "").rstrip("-"))
        unusable += complaints(page) if AXE.exists() else []
        assert fits(page), f"{path} is wider than its window"
    assert unusable == []
    context.close()
    assert found == []
