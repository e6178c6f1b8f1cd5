"""A paper for a court: the same bytes from the same facts, whatever stands in them."""

from datetime import UTC, datetime, timedelta

import pytest

from regulator.contracts_cases import About, AboutKind
from regulator.dossier import drawn, figures
from regulator.dossier.figures import Played
from regulator.dossier.said import Chart, Held, Summary, Told

SINCE = datetime(2026, 6, 10, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)


def week_of_hours(weeks=9, level=1_000):
    """Hours of a feed that takes ``level`` by day and half of it by night."""
    begin = SINCE - timedelta(weeks=weeks)
    return {
        begin + number * HOUR: Played(stakes=level if (begin + number * HOUR).hour >= 8 else 500,
                                      payouts=0, events=10)
        for number in range(weeks * 168)
    }  # fmt: skip


def test_it_expects_the_median_of_the_same_hours_and_tells_what_is_missing():
    found = figures.compare(
        week_of_hours(), "stakes", since=SINCE, until=SINCE + 6 * HOUR, step=HOUR,
        known_until=SINCE + 6 * HOUR,
    )  # fmt: skip

    assert (found.seen, found.expected) == (0, 4 * 1_000 + 2 * 500)
    assert [each.inside for each in found.spans] == [False] * 24 + [True] * 6
    assert "expected 50.00 EUR, -100.0 %" in figures.words(found, "EUR", 100)


def test_without_enough_earlier_weeks_nothing_is_expected():
    found = figures.compare(
        week_of_hours(weeks=2), "stakes", since=SINCE, until=SINCE + HOUR, step=HOUR,
        known_until=SINCE + HOUR,
    )  # fmt: skip
    assert found.expected is None
    assert "too few earlier weeks" in figures.words(found, "EUR", 100)


@pytest.fixture
def paper():
    """A summary with charts, a restated return and awkward words."""
    compared = figures.compare(
        week_of_hours(), "ggr", since=SINCE, until=SINCE + 6 * HOUR, step=HOUR,
        known_until=SINCE + 12 * HOUR,
    )  # fmt: skip
    from charts.pictures import png

    spec = drawn.against_expected(
        compared, since=SINCE, until=SINCE + 6 * HOUR, unit="EUR", scale=100
    )
    held = (Held(period="1 to 7 June", vintage="2026-06-08", declared=500, fed=None),
            Held(period="8 to 14 June", vintage="2026-06-15", declared=900, fed=1_000))  # fmt: skip
    feed = drawn.against_feed(held, unit="EUR", scale=100)
    return Summary(
        organisation="Authority <b>& Co", title="C-1 Ωμέγα Silence", operator="lucky", since=SINCE,
        until=SINCE + 6 * HOUR, made_at=SINCE + 48 * HOUR,
        facts=(("Operator", "Lucky & Sons <i>"),), decision="Fine of 50.00 EUR. Because.",
        about=(About(kind=AboutKind.ANOMALY, id="a" * 36, title="Silent", operator="lucky",
                     text="<script>alert(1)</script>"),),
        charts=(Chart(title="GGR", png=png(spec), note="It fell."),
                Chart(title="Returns", png=png(feed), note="Off.")),
        held=held, unit="EUR", scale=100,
        timeline=(Told(number=1, at=SINCE, who="Olga", label="Wrote a note", event="e" * 36,
                       lines=(("", "words without end " * 1_200), ("By", "tomorrow"))),),
        events=7, size=9, root="r" * 44, sealed_at=SINCE, keys=("acme/log+1a2b3c4d+AX" + "x" * 40,),
        sums={"events.jsonl": "0" * 64},
    )  # fmt: skip


def test_equal_facts_give_equal_bytes_and_other_facts_others(paper):
    from dataclasses import replace

    from regulator.dossier.summary import pdf

    first = pdf(paper)

    assert first.startswith(b"%PDF-")
    assert pdf(paper) == first
    assert pdf(replace(paper, events=8)) != first
