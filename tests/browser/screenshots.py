"""Photograph every page of a running portal, narrow and wide, light and dark.

    python tests/browser/screenshots.py http://localhost:8000 SLUG EMAIL PASSWORD OUT_DIR

Logs in through the pages a person uses. Ends with status 1 when the console of any page had errors
or a page is wider than its window; prints which.
"""

import sys
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PAGES = {
    "overview": "/",
    "attribution": "/attribution/",
    "channels": "/channels/",
    "campaigns": "/campaigns/",
    "journeys": "/journeys/",
    "paths": "/paths/",
    "fraud": "/fraud/",
    "backtest": "/fraud/backtest/",
    "publishers": "/fraud/publishers/",
    "refunds": "/fraud/refunds/",
    "cases": "/fraud/cases/",
    "scoring": "/fraud/scoring/",
    "review": "/fraud/review/",
    "models": "/fraud/models/",
    "rings": "/fraud/rings/",
    "alerts": "/alerts/",
    "alert-settings": "/alerts/settings/",
    "segments": "/segments/",
    "profiles": "/segments/profiles/",
    "budget": "/budget/",
    "rates": "/settings/rates/",
    "events": "/events/",
    "import": "/import/",
    "keys": "/settings/keys/",
    "team": "/settings/team/",
    "missing": "/nothing-here/",
}
REGULATOR = {
    "market": "/",
    "market-usd": "/?currency=USD&metric=margin",
    "wall": "/wall/",
    "operators": "/operators/",
    "register": "/register/",
    "anomalies": "/anomalies/",
    "sensitivity": "/operators/cardinal/sensitivity/",
    "findings": "/findings/",
    "forecasts": "/forecasts/",
    "detectors": "/detectors/",
    "regulator-cases": "/cases/",
    "audit": "/audit/",
    "returns": "/returns/",
    "operator-cardinal": "/operators/cardinal/",
    "operator-hours": "/operators/cardinal/?by=hour",
    "operator-games": "/operators/aurora/?by=game",
    "operator-returns": "/operators/fanduel/",
    "alerts": "/alerts/",
    "events": "/events/",
    "keys": "/settings/keys/",
    "team": "/settings/team/",
    "missing": "/nothing-here/",
}
"""Pages of a regulator's host, as the demo's authority has them."""
OPENED = {"journey": "/journeys/", "case": "/fraud/cases/", "ring": "/fraud/rings/"}
"""Pages of the first thing of a list."""
PUBLIC = {"landing": "/", "signup": "/signup/", "login": "/login/", "wrong-host": "/nothing-here/"}
SIZES = {"375": (375, 812), "1440": (1440, 900)}


def log_in(page: Page, base: str, slug: str, email: str, password: str) -> None:
    """Log in at the bare host and walk to the tenant's."""
    page.goto(f"{base}/login/?next={_tenant(base, slug)}/")
    page.fill("#id_username", email)
    page.fill("#id_password", password)
    page.click("main button[type=submit]")
    page.wait_for_url(f"{_tenant(base, slug)}/**")


def shoot(context: BrowserContext, base: str, out: Path, tag: str) -> list[str]:
    """One picture per page; the complaints found on the way."""
    page, found = context.new_page(), []
    page.on(
        "console", lambda m: found.append(f"{page.url}: {m.text}") if m.type == "error" else None
    )
    page.on("pageerror", lambda error: found.append(f"{page.url}: {error}"))
    page.goto(base)
    regulator = page.locator('nav a[href="/wall/"]').count() > 0
    pages = dict(REGULATOR if regulator else PAGES)
    for name, path in {}.items() if regulator else OPENED.items():
        page.goto(base + path)
        first = page.locator("tbody th a").first
        if first.count():
            pages[name] = first.get_attribute("href") or path
    found.clear()
    for name, path in pages.items():
        page.goto(base + path)
        page.wait_for_load_state("networkidle")
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if overflow > 0:
            found.append(f"{path} at {tag}: {overflow} px too wide")
        page.screenshot(path=out / f"{name}-{tag}.png", full_page=True)
    found += [] if regulator else _opened(page, base, out, tag)
    page.close()
    # A page that is not there is one of the pictures; the browser logs its status.
    return [line for line in found if "/nothing-here/" not in line]


def _opened(page: Page, base: str, out: Path, tag: str) -> list[str]:
    """What opens on a page: the shortcuts, the filters of a phone, where figures come from."""
    page.goto(f"{base}/attribution/")
    page.keyboard.press("?")
    page.screenshot(path=out / f"help-{tag}.png")
    page.keyboard.press("Escape")
    page.locator("#more-filters").evaluate("box => { box.checked = true; }")
    page.locator(".origin").evaluate("fold => { fold.open = true; }")
    page.screenshot(path=out / f"opened-{tag}.png", full_page=True)
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [f"opened at {tag}: {overflow} px too wide"] if overflow > 0 else []


def main(base: str, slug: str, email: str, password: str, out: str) -> int:
    """All pages in all sizes and themes; 0 when nothing complained."""
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        first = browser.new_context()
        log_in(first.new_page(), base, slug, email, password)
        state = first.storage_state()
        for size, (width, height) in SIZES.items():
            for theme in ("light", "dark"):
                context = browser.new_context(
                    storage_state=state,
                    viewport={"width": width, "height": height},
                    color_scheme=theme,
                )
                complaints += shoot(context, _tenant(base, slug), folder, f"{size}-{theme}")
                for name, path in PUBLIC.items():
                    page = context.new_page()
                    page.goto(base + path)
                    page.screenshot(path=folder / f"{name}-{size}-{theme}.png", full_page=True)
                context.close()
        browser.close()
    sys.stdout.write("\n".join(complaints) + "\n")
    return 1 if complaints else 0


def _tenant(base: str, slug: str) -> str:
    parts = urlsplit(base)
    return f"{parts.scheme}://{slug}.{parts.netloc}"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:6]))
