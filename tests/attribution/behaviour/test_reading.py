"""Events as acts: pages, searches, arrivals; what can't be read says nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attribution.behaviour.history import histories
from attribution.behaviour.reading import Act, act, intent_of, page_of
from attribution.behaviour.vocabulary import ARRIVALS, INTENTS, KINDS, PAGES
from attribution.contracts import AdImpression, ConversionRecorded
from ingest.contracts import Page, Tracked, WebPage

SHOP = "https://www.northwind-outdoor.example/"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("", "home"),
        ("journal/ten-walks", "content"),
        ("tents", "category"),
        ("tents/ridge-2", "product"),
        ("sale/tents", "price"),
        ("compare/tents", "compare"),
        ("tents/ridge-2/reviews", "reviews"),
        ("search?q=tent", "search"),
        ("?s=tent", "search"),
        ("account/orders", "account"),
        ("delivery", "service"),
        ("checkout/payment", "basket"),
    ],
)
def test_it_tells_a_page_by_its_address(path, kind):
    assert PAGES[page_of(f"{SHOP}{path}")[0]] == kind


@pytest.mark.parametrize(
    ("query", "intent"),
    [
        ("how to choose a tent", "informational"),
        ("Best 2-person tent", "commercial"),
        ("cheap tent", "price"),
        ("buy ridge 2", "transactional"),
        ("northwind boots sale", "brand"),
        ("titanium mug", "commercial"),
        ("", "none"),
        ("???", "none"),
    ],
)
def test_it_tells_a_search_by_its_words(query, intent):
    assert INTENTS[intent_of(query, "northwind")] == intent


def test_it_reads_a_visit_by_a_paid_keyword():
    body = WebPage(
        page=Page(url=f"{SHOP}tents/ridge-2?utm_term=cheap+tent"),
        touch={"channel": "Paid Search", "term": "cheap tent"},
        device="mobile",
    )
    found = act("web.page", body)
    assert (PAGES[found.page], INTENTS[found.intent]) == ("product", "price")
    assert (ARRIVALS[found.arrival], found.device) == ("paid search", 2)


def test_it_reads_orders_with_their_codes_goals_and_impressions():
    order = act("custom.tracked", Tracked(name="Order Completed", properties={"coupon": "X"}))
    assert (KINDS[order.kind], order.coupon) == ("order", True)
    assert KINDS[act("custom.tracked", Tracked(name="Signed Up")).kind] == "goal"
    assert KINDS[act("conversion.recorded", ConversionRecorded()).kind] == "order"
    seen = act("ad.impression", AdImpression(touch={"channel": "Display"}))
    assert (KINDS[seen.kind], ARRIVALS[seen.arrival]) == ("impression", "advertising")


def test_it_reads_the_events_of_shops_and_passes_over_others():
    found = act("custom.tracked", Tracked(name="Products Searched", properties={"query": "sale"}))
    assert (PAGES[found.page], INTENTS[found.intent]) == ("search", "price")
    assert act("custom.tracked", Tracked(name="Video Paused")) is None


@given(st.text())
def test_it_takes_any_address_and_any_search(text):
    assert 0 <= page_of(text)[0] < len(PAGES)
    assert 0 <= intent_of(text, "brand") < len(INTENTS)


@given(
    st.integers(0, 4), st.integers(0, 12), st.integers(0, 5), st.integers(0, 9), st.integers(0, 3),
    st.booleans(),
)  # fmt: skip
def test_it_packs_an_act_without_loss(kind, page, intent, arrival, device, coupon):
    import numpy as np

    code = Act(kind, page, intent, arrival, device, coupon).packed()
    packed = np.array([[5, code]], dtype=">i8").tobytes()
    seen = histories([packed], np.array([0]), 1)
    found = (seen.kind, seen.page, seen.intent, seen.arrival, seen.device, seen.coupon)
    assert tuple(int(each[0]) for each in found) == (kind, page, intent, arrival, device, coupon)
