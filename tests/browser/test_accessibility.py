"""Every page a person can reach from the navigation, light and dark: axe finds nothing serious."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

AXE = Path(__file__).parents[1] / "clients" / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = {"serious", "critical"}
THEMES = ["light", "dark"]
PUBLIC = ["/", "/signup/", "/login/"]
RUN = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations.map(({id, impact, nodes}) => ({
    id, impact, where: nodes.slice(0, 3).map(({html}) => html.slice(0, 160)),
  }));
}"""

pytestmark = pytest.mark.skipif(
    not AXE.exists(), reason="axe-core is not installed (npm ci --prefix tests/clients)"
)


def complaints(page) -> list[str]:
    """What axe says of the page as it is now, the grave part of it."""
    page.evaluate(AXE.read_text())
    return [
        f"{page.url}: {each['id']} ({each['impact']}) {each['where']}"
        for each in page.evaluate(RUN)
        if each["impact"] in GRAVE
    ]


def use(context, home: str, theme: str) -> None:
    context.add_cookies([{"name": "theme", "value": theme, "url": home}])


@pytest.mark.parametrize("theme", THEMES)
def test_every_page_of_the_navigation_can_be_used_by_everybody(owner, shop, theme):
    use(owner.context, shop["home"], theme)
    owner.goto("/")
    addresses = [link.get_attribute("href") for link in owner.locator(".nav li a").all()]
    assert len(addresses) > 8
    owner.goto("/journeys/")
    addresses.append(owner.locator("tbody th a").first.get_attribute("href"))
    found = []
    for address in addresses:
        owner.goto(address)
        owner.wait_for_load_state("networkidle")
        found += complaints(owner)
    assert owner.locator("html").get_attribute("data-theme") == theme
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("theme", THEMES)
def test_the_pages_before_the_log_in_can_be_used_by_everybody(chromium, product, theme):
    context = chromium.new_context(base_url=product.public)
    use(context, product.public, theme)
    page = context.new_page()
    found = []
    for address in PUBLIC:
        page.goto(address)
        found += complaints(page)
    context.close()
    assert found == [], "\n".join(found)


def test_every_control_of_a_page_is_reached_by_the_keyboard_and_shows_it(owner):
    owner.goto("/attribution/?range=30d")
    seen = set()
    for _ in range(120):
        owner.keyboard.press("Tab")
        state = owner.evaluate(
            """() => {
              const it = document.activeElement, style = getComputedStyle(it);
              const name = `${it.tagName}#${it.id}.${it.className}:${it.name || it.href || ""}`;
              const shown = style.outlineStyle !== "none" || style.boxShadow !== "none";
              return [name, shown, it === document.body];
            }"""
        )
        name, shown, outside = state
        if outside:
            break
        assert shown, f"{name} has the focus and does not show it"
        seen.add(name)
    assert any("by" in name for name in seen)
    assert len(seen) > 20
    expect(owner.locator("h1")).to_be_visible()
