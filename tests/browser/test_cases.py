"""From a finding to evidence that stands in court: a case opened, explained, decided, exported."""

import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.browser.conftest import WAIT, fits, shoot, sign_up, watched
from tests.browser.test_accessibility import AXE, complaints
from tests.browser.test_regulator import file_return, play, register, shown

DAYS = 8


def take(page, title, button, **fields):
    """Fill the form of a step and take it."""
    form = page.locator("details.case-form").filter(has=page.locator("summary", has_text=title))
    form.evaluate("each => { each.open = true; }")
    for label, value in fields.items():
        field = form.get_by_label(label.replace("_", " "))
        if field.evaluate("each => each.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)
    form.get_by_role("button", name=button).click()


def done(page, label):
    """Wait until the newest step is shown."""
    expect(page.locator(".case-step-head").first).to_contain_text(label, timeout=WAIT)


def found_and_opened(page, product, home, folder):
    """An operator whose return differs from its feed, and a case opened from the finding."""
    start = datetime.now(UTC).date() - timedelta(days=DAYS)
    key = register(page, home, start - timedelta(days=200))
    last = play(product, key, start)
    shown(page, f"{home}/operators/lucky/", f"{last:,}")
    file_return(page, home, folder / "returns.csv", start)
    shown(page, f"{home}/findings/", "The return is not what was sent")
    shoot(page, "findings")
    row = page.locator("tbody tr").filter(has_text="The return is not what was sent")
    row.get_by_role("link", name="Open a case").click()
    shoot(page, "case-open")
    page.get_by_role("button", name="Open the case").click()
    done(page, "Opened a case")


def decided(page):
    """Assign the case, hear the operator, decide."""
    take(page, "Assign it", "Assign", Officer="Olga")
    done(page, "Assigned a case")
    due = str(datetime.now(UTC).date() + timedelta(days=10))
    question = "Why does the return declare 10 EUR?"
    take(page, "Request an explanation", "Request it", What_the_operator=question, By=due)
    done(page, "Requested an explanation")
    expect(page.locator("summary", has_text="Decide")).to_have_count(0)
    explained = "A slip of the pen. " * 12
    take(page, "Enter the explanation", "Enter it", The_operator=explained)
    done(page, "Entered an explanation")
    reasons = "The return hid nearly all of what was staked."
    take(page, "Decide", "Decide", Decision="Fine", Amount="2500.00", Reasons=reasons)
    done(page, "Decided a case")
    expect(page.locator(".lead")).to_have_text("Fine of 2,500.00 EUR")


def exported(page, folder):
    """Have evidence written, take it away, and check it as somebody outside would."""
    page.get_by_role("button", name="Write evidence").click()
    link = page.locator("#dossiers a")
    expect(link).to_have_text("evidence-1.zip", timeout=WAIT)
    shoot(page, "case")
    with page.expect_download() as coming:
        link.click()
    bundle = folder / "evidence.zip"
    coming.value.save_as(bundle)
    with zipfile.ZipFile(bundle) as held:
        held.extract("verifier.py", folder)
        assert held.read("summary.pdf").startswith(b"%PDF-")
    checked = subprocess.run(
        [sys.executable, "-I", folder / "verifier.py", bundle], capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert checked.stdout.endswith("HOLDS\n"), checked.stdout + checked.stderr


def looked_at(page, home, *paths):
    """Open the pages; what their controls lack."""
    unusable = []
    for path in paths:
        page.goto(f"{home}{path}")
        page.wait_for_load_state("networkidle")
        shoot(page, path.strip("/").replace("/", "-").replace("?", "")[:30])
        unusable += complaints(page) if AXE.exists() else []
        assert fits(page), f"{path} is wider than its window"
    return unusable


def test_a_case_is_opened_decided_and_proved_to_somebody_outside(chromium, product, tmp_path):
    context = chromium.new_context(accept_downloads=True)
    page = context.new_page()
    found = watched(page)
    home = sign_up(page, product, "tribunal", kind="regulator")
    page.goto(f"{home}/cases/")
    expect(page.locator("main")).to_contain_text("No case yet")
    page.goto(f"{home}/")
    found_and_opened(page, product, home, tmp_path)
    case = page.url.removeprefix(home)
    decided(page)
    exported(page, tmp_path)

    unusable = looked_at(
        page, home, case, "/cases/", "/cases/open/", "/audit/", "/audit/?type=gaming.page_viewed"
    )
    page.locator("tbody a code").last.click()
    expect(page.locator("main")).to_contain_text("What proves it")
    shoot(page, "audit-event")
    assert unusable == []
    context.close()
    assert found == []
