"""Every part of the kit in both widths and themes: drawn, inside its window, and it works."""

import pytest
from playwright.sync_api import expect

from tests.browser import gallery
from tests.browser.conftest import fits, watched

DRAWN = (
    "[...document.querySelectorAll('[data-chart]')].every(each => each.dataset.state === 'drawn')"
)


@pytest.fixture
def shown(chromium):
    """A function that opens the gallery in a window; its console must stay silent."""
    opened = []

    def show(width=1440, scheme="light"):
        page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        opened.append((page, watched(page)))
        gallery.serve(page, gallery.html())
        page.wait_for_function(DRAWN)
        return page

    yield show
    for page, complaints in opened:
        page.close()
        assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1440])
def test_everything_is_drawn_and_fits(shown, width, scheme):
    page = shown(width, scheme)
    assert fits(page, width)
    assert page.locator(".chart svg").count() == 6


@pytest.mark.parametrize(("kind", "start"), [("png", b"\x89PNG"), ("svg", b"<svg"), ("csv", b"")])
def test_every_chart_downloads_in_all_forms(shown, kind, start):
    page = shown()  # its own: Chromium holds back the eleventh download of a burst
    found = {}
    for button in page.locator(f'[data-chart-save="{kind}"]').all():
        with page.expect_download() as waiting:
            button.click()
        found[waiting.value.suggested_filename] = waiting.value.path().read_bytes()
    assert len(found) == 6
    assert all(content.startswith(start) and len(content) > 100 for content in found.values())
    if kind == "csv":
        assert found["flow.csv"].startswith(b"from,to,step,journeys")


def test_a_slider_moves_the_line_and_reads_the_curve(shown):
    page = shown()
    revenue = page.locator('output[data-column="y"]')
    expect(revenue).to_have_text("€10,286")
    page.locator("#spend").fill("8000")
    expect(page.locator('output[for="spend"]').first).to_have_text("€8,000")
    expect(revenue).to_have_text("€16,000")


def test_the_badge_says_why_on_focus(shown):
    page = shown()
    badge = page.locator(".tag-open").first
    expect(page.locator("#why-email")).to_be_hidden()
    badge.focus()
    expect(page.locator("#why-email")).to_be_visible()
    assert badge.get_attribute("aria-describedby") == "why-email"


@pytest.mark.parametrize("width", [375, 1440])
def test_an_explanation_is_whole_wherever_its_word_stands(shown, width):
    page = shown(width)
    for word in page.locator(".tag-open").all():
        word.scroll_into_view_if_needed()
        word.hover()
        text = page.locator(f"#{word.get_attribute('aria-describedby')}")
        expect(text).to_be_visible()
        box = text.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] >= 0


def test_the_pointer_reads_a_chart(shown):
    page = shown()
    page.locator('[data-chart="models"] g.mark-rect.role-mark path').first.hover()
    told = page.locator("#vg-tooltip-element")
    expect(told).to_be_visible()
    expect(told).to_contain_text("Paid Search")
    expect(told).to_contain_text("95 % from")


def test_nothing_is_styled_in_line(shown):
    page = shown()
    assert page.locator("style").count() == 0


def test_a_long_job_shows_that_it_is_done_by_itself(chromium):
    page = chromium.new_page()
    complaints = watched(page)
    gallery.serve(page, gallery.html(every="1s"), gallery.html(working=False))
    expect(page.locator("#job-one")).to_contain_text("epoch 5 of 12")
    expect(page.locator("#job-one")).to_contain_text("done")
    assert page.locator("#job-one").get_attribute("hx-get") is None
    page.close()
    assert complaints == []


def test_a_chart_that_fails_says_so(shown):
    page = shown()
    page.evaluate(
        "() => { document.getElementById('daily').textContent = '{broken';"
        " document.dispatchEvent(new CustomEvent('themechange')); }"
    )
    expect(page.locator('[data-chart="daily"]')).to_contain_text("could not be drawn")
