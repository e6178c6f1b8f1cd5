"""The product as it is served, with a shop in it whose history came in by the upload page.

One product for the whole suite: granian, projector and a Celery worker on a database, a Redis
database and a state folder of their own. The shop signs up and uploads by clicks, as people do.
"""

import json
import os
import re
import shutil
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Error, Page, expect, sync_playwright
from redis import Redis

from bench.served import ROOT, prepared, start, start_web, stop

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WAIT = 90_000
SIZES = {"375": (375, 812), "1440": (1440, 900)}
PASSWORD = "a long and winding password"
SHOP = "lantern"
CHANNELS = ("Paid Search", "Email", "Organic Search", "Display")


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups in this very hook
def pytest_collection_modifyitems(items):
    """All of this folder's tests run in one process: they share the product."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.xdist_group("browser"))
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """Where the product answers, and what its programs find in their environment."""

    port: int
    environment: dict[str, str]

    @property
    def public(self) -> str:
        """The bare host: sign-up, log-in."""
        return f"http://localhost:{self.port}"

    def home(self, slug: str) -> str:
        """A tenant's host."""
        return f"http://{slug}.localhost:{self.port}"

    def post(self, key: str, *events: dict[str, object]) -> dict[str, object]:
        """Send events with a key; what the API answers."""
        request = Request(
            f"http://127.0.0.1:{self.port}/api/v1/events",
            data=json.dumps({"events": events}).encode(),
            headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
        )
        with urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())


@pytest.fixture(scope="session")
def product(tmp_path_factory):
    from django.conf import settings

    redis = urlsplit(settings.REDIS_URL)
    own = urlunsplit(redis._replace(path=f"/{1 + os.getpid() % 15}"))
    with Redis.from_url(own) as earlier:
        earlier.flushdb()  # counts of an earlier run would turn this one's sign-ups away
    state = tmp_path_factory.mktemp("state")
    with ExitStack() as stack:
        place, environment = stack.enter_context(prepared())
        environment |= {"TOUCHSTONE_REDIS_URL": own, "TOUCHSTONE_STATE": str(state)}
        stack.callback(stop, start_web(place, environment))
        stack.callback(
            stop, start([sys.executable, str(ROOT / "manage.py"), "project"], environment)
        )
        worker = [
            sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency", "1",
            "--loglevel", "warning", "--queues", "ingest,project,train,report",
        ]  # fmt: skip
        stack.callback(stop, start(worker, environment))
        yield Product(port=place.port, environment=environment)


@contextmanager
def browsing():
    """A Chromium for the length of one test: Playwright's event loop must not outlive it.

    Django refuses its database to code that runs beside an event loop, as the next test would.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def chromium():
    with browsing() as browser:
        yield browser


def watched(page: Page) -> list[str]:
    """What the page's console complains about from now on."""
    page.set_default_timeout(WAIT)
    found: list[str] = []
    page.on("console", lambda each: found.append(each.text) if each.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def sign_up(page: Page, product: Product, slug: str, kind: str = "") -> str:
    """Create an organisation by the sign-up page; its address."""
    page.goto(f"{product.public}/signup/")
    if kind:
        page.locator(f"input[name=kind][value={kind}]").check(force=True)
    page.get_by_label("Organisation").fill(f"{slug.title()} Shop")
    page.fill("#id_slug", slug)
    page.fill("input[type=email]", f"owner@{slug}.example")
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.get_by_label("Your name").fill("Olga")
    page.locator("main button[type=submit]").click()
    page.wait_for_url(re.compile(rf"//{slug}\.localhost:\d+/"))
    return product.home(slug)


def make_key(page: Page, home: str) -> str:
    """Make a key that may send by the keys page; its text."""
    page.goto(f"{home}/settings/keys/")
    page.fill("#id_name", "Website")
    page.locator("input[name=scopes]").first.check()
    page.get_by_role("button", name="Make the key").click()
    return page.locator("#secret").inner_text()


def history(now: datetime, people: int = 120) -> str:
    """A CSV of touches of the last three weeks: every second person converts, for 20 to 60."""
    lines = ["customer_id,time,interaction,channel,campaign,cost,conversion,value"]
    for number in range(people):
        moment = now - timedelta(hours=4 * number + 6)
        for step in range(1 + number % 3):
            channel = CHANNELS[(number + step) % len(CHANNELS)]
            last = step == number % 3
            bought = int(last and number % 2 == 0)
            value = 20 + number % 41 if bought else ""
            at = (moment + timedelta(minutes=31 * step)).isoformat(timespec="seconds")
            lines.append(
                f"person-{number},{at},click,{channel},autumn-{number % 4},0.4,{bought},{value}"
            )
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="session")
def shop(product, tmp_path_factory):
    """The log-in of an owner whose shop has three weeks of history, uploaded through the portal."""
    file = tmp_path_factory.mktemp("upload") / "history.csv"
    file.write_text(history(datetime.now(UTC)))
    with browsing() as browser:
        return _opened(product, browser, file)


def _opened(product, browser, file):
    context = browser.new_context()
    page = context.new_page()
    complaints = watched(page)
    home = sign_up(page, product, SHOP)
    page.goto(f"{home}/import/")
    page.set_input_files("#file", file)
    page.get_by_role("button", name="Upload and look").click()
    expect(page.locator("#field-subject")).to_have_value("customer_id")
    page.get_by_role("button", name="Start the import").click()
    # The page asks the server until the worker is done; nobody reloads it.
    expect(page.locator("#progress .tag")).to_have_text("done", timeout=WAIT)
    seen = page.locator("#progress").inner_text()
    for _ in range(60):
        page.goto(f"{home}/attribution/?range=30d")
        if page.locator("tfoot").count() and "60.0" in page.locator("tfoot").inner_text():
            break
        page.wait_for_timeout(250)
    state = context.storage_state()
    context.close()
    assert complaints == []
    return {"home": home, "state": state, "imported": seen}


@pytest.fixture
def owner(shop, chromium):
    """The shop's owner at the shop's overview; a console that complains fails the test."""
    context = chromium.new_context(
        storage_state=shop["state"], base_url=shop["home"], accept_downloads=True
    )
    page = context.new_page()
    complaints = watched(page)
    page.goto("/")
    yield page
    context.close()
    assert complaints == []


def fits(page: Page, width: int = 375) -> bool:
    """Whether the page becomes no wider than a window of this width (a telephone's, untold).

    It is waited for: what is drawn for a width is drawn anew after the window has changed.
    """
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": 812})
    try:
        page.wait_for_function("document.documentElement.scrollWidth <= window.innerWidth")
        return True
    except Error:
        return False
    finally:
        page.set_viewport_size(before)


def shoot(page, name):
    """For the eye of whoever changes the page: LOOK=folder keeps pictures."""
    folder = os.environ.get("LOOK")
    for size, (width, height) in SIZES.items() if folder else ():
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=f"{folder}/{name}-{size}-{scheme}.png", full_page=True)
