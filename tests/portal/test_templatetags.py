from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from portal.icons import ICONS
from portal.templatetags import portal


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, portal.DASH),
        (0, "0"),
        (12.34, "12.3"),
        (99.97, "100"),
        (950, "950"),
        (999.9, "1.0k"),
        (1_234, "1.2k"),
        (99_960, "100k"),
        (1_500_000, "1.5M"),
        (-2_500, "-2.5k"),
    ],
)
def test_it_shortens_numbers(value, text):
    assert portal.compact(value) == text


def test_money_carries_its_currency_and_sign():
    assert portal.money(1234.5, "EUR") == "€1,234.50"
    assert portal.money(Decimal("-3"), "USD") == "-$3.00"
    assert portal.money(7, "SEK") == "SEK 7.00"
    assert portal.money(None) == portal.DASH
    assert portal.compact_money(-12_345, "EUR") == "-€12.3k"


def test_a_delta_knows_good_from_bad():
    assert "delta-good" in portal.delta(12, 10)
    assert "delta-bad" in portal.delta(12, 10, "down")
    assert "delta-none" in portal.delta(12, 10, "none")
    assert "20.0%" in portal.delta(8, 10)


@pytest.mark.parametrize("previous", [0, None])
def test_a_delta_without_an_earlier_value_invents_none(previous):
    assert "no earlier value" in portal.delta(12, previous)


def test_a_delta_from_almost_nothing_shows_what_was():
    assert "before: 2" in portal.delta(1000, 2)
    assert "before: €2" in portal.delta(1000, 2, currency="EUR")


def test_lengths_of_time_use_their_largest_unit():
    assert [portal.duration(s) for s in (4, 300, 7_200, 86_400, 200_000)] == [
        "4 s",
        "5 min",
        "2 h",
        "1 day",
        "2 days",
    ]


def test_ago_counts_from_now(monkeypatch):
    now = datetime(2026, 1, 2, 12, tzinfo=UTC)
    monkeypatch.setattr(portal.clock, "now", lambda: now)
    assert portal.ago(now - timedelta(seconds=5)) == "just now"
    assert portal.ago(now - timedelta(hours=3)) == "3 h ago"
    assert portal.ago(None) == "never"


def test_equal_neighbours_are_counted():
    assert portal.runs(["a", "a", "b", "a"]) == [("a", 2), ("b", 1), ("a", 1)]


def test_the_query_string_is_changed_and_cleared():
    request = RequestFactory().get("/?q=x&cursor=abc")
    text = Template("{% query cursor=None sort='-cost' %}").render(Context({"request": request}))
    assert text == "?q=x&amp;sort=-cost"


@pytest.mark.parametrize("name", sorted(ICONS))
def test_every_icon_is_drawn_and_hidden_from_screen_readers(name):
    assert 'aria-hidden="true"' in portal.icon(name)


def test_an_icons_label_is_escaped():
    assert "<script>" not in portal.icon("key", "<script>")


@pytest.mark.parametrize(
    ("value", "text"),
    [(12.34, "+12.3"), (-4, "-4.0"), (0.01, "0.0"), (-0.01, "0.0"), (None, portal.DASH)],
)
def test_a_difference_has_its_sign(value, text):
    assert portal.signed(value, 1) == text
