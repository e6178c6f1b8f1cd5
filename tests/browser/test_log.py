"""The log integrity page in a browser: sealed by itself, verified and taken away by clicks."""

import re
import zipfile

from playwright.sync_api import expect

from evidence import verifier
from tests.browser.conftest import WAIT, browsing, make_key, shoot, sign_up, watched


def test_the_log_is_verified_and_taken_away(product, tmp_path):
    with browsing() as browser:
        page = browser.new_context(accept_downloads=True).new_page()
        complaints = watched(page)
        home = sign_up(page, product, "sealing")
        key = make_key(page, home)
        page.goto(f"{home}/log/")
        expect(page.get_by_role("heading", name="Newest checkpoint")).to_be_visible(timeout=WAIT)
        product.post(key, *({"type": "web.page", "anonymous_id": f"v{n}"} for n in range(200)))
        sealed = page.locator("#newest .facts dd").first  # what waits is told beside it
        expect(sealed).to_have_text(re.compile(r"^\s*20\d\s*$"), timeout=WAIT)
        page.get_by_role("button", name="Verify now").click()
        expect(page.locator("#verification .tag")).to_have_text("whole", timeout=WAIT)
        page.get_by_label("Event type").fill("web.page")
        page.get_by_role("button", name="Write evidence").click()
        link = page.get_by_role("link", name=re.compile(r"evidence-\d+\.zip"))
        expect(link).to_be_visible(timeout=WAIT)
        with page.expect_download() as download:
            link.click()
        bundle = tmp_path / "evidence.zip"
        download.value.save_as(bundle)
        shoot(page, "log")
        assert complaints == []

    assert verifier.main([str(bundle)]) == 0
    with zipfile.ZipFile(bundle) as held:
        assert len(held.read("events.jsonl").splitlines()) == 200
