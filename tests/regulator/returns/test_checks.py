"""Exact checks of returns: every injected mismatch is found, and an honest market is silent."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulator.contracts import FindingKind, Severity
from regulator.feeds.checks import Offered, of_feed
from regulator.feeds.state import FeedState, Hole
from regulator.returns.checks import Fed, of_returns
from regulator.returns.finding import ranked
from regulator.returns.history import Filed, current, restatements
from tests.regulator.told import entry

JANUARY = date(2026, 1, 1)
TERMS = msgspec.structs.replace(
    entry(), licensed_from=JANUARY,
    rates=(msgspec.structs.replace(entry().rates[0], since=JANUARY),),
)  # fmt: skip
NOW = datetime.combine(JANUARY + timedelta(days=95), datetime.min.time(), UTC)
DAYS = {
    JANUARY + timedelta(days=n): Fed(stakes=1_000_000 + n, payouts=900_000, refunds=5_000)
    for n in range(90)
}


def month(number, **changes):
    """The honest return of 30 days: what the feed holds, its GGR and 20 % tax."""
    start = JANUARY + timedelta(days=30 * number)
    mine = [fed for day, fed in DAYS.items() if start <= day < start + timedelta(days=30)]
    sums = {name: sum(getattr(fed, name) for fed in mine)
            for name in ("stakes", "payouts", "refunds")}  # fmt: skip
    ggr = sums["stakes"] - sums["payouts"] - sums["refunds"]
    to_date = sum(fed.ggr for day, fed in DAYS.items() if day < start + timedelta(days=30))
    fields = {
        "operator": "lucky", "start": start, "end": start + timedelta(days=29),
        "vintage": start + timedelta(days=40), "known_at": NOW, "place": number, "currency": "EUR",
        **sums, "ggr": ggr, "tax": round(ggr / 5), "ggr_to_date": to_date,
    }  # fmt: skip
    return Filed(**{**fields, **changes})


HONEST = [month(0), month(1), month(2)]


def found(versions, days=DAYS, terms=TERMS):
    return ranked(of_returns(terms, versions, days, NOW.date()))


def codes(*args, **kwargs):
    return [each.code for each in found(*args, **kwargs)]


def test_an_honest_market_is_silent():
    assert found(HONEST) == []


@given(
    st.sampled_from(["stakes", "payouts", "refunds", "ggr"]),
    st.integers(-10_000_000, 10_000_000).filter(bool),
)
def test_any_mismatch_with_the_feed_is_found_with_its_size(figure, off):
    wrong = replace(HONEST[1], **{figure: getattr(HONEST[1], figure) + off})

    (finding,) = [each for each in found([HONEST[0], wrong, HONEST[2]])
                  if each.code == "feed_differs"]  # fmt: skip

    assert (finding.kind, finding.difference) == (FindingKind.EXTERNAL, off)
    material = abs(off) * 10_000 >= max(wrong.stakes, HONEST[1].stakes)
    assert finding.severity is (Severity.CRITICAL if material else Severity.WARNING)
    assert (finding.start, finding.end) == (wrong.start, wrong.end)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"ggr": HONEST[1].ggr + 1, "ggr_to_date": HONEST[1].ggr_to_date + 1}, "ggr_identity"),
        ({"tax": HONEST[1].tax + 2}, "tax_differs"),
        ({"ggr_to_date": HONEST[1].ggr_to_date - 1}, "roll_forward"),
        ({"currency": "USD"}, "currency_differs"),
        ({"refunds": -1}, "negative_figure"),
        ({"end": HONEST[1].end + timedelta(days=1)}, "period_overlaps"),
        ({"end": HONEST[1].end - timedelta(days=1)}, "period_missing"),
        ({"vintage": HONEST[1].end + timedelta(days=36)}, "filed_late"),
    ],
)
def test_each_check_finds_what_it_is_for(changes, expected):
    assert expected in codes([HONEST[0], replace(HONEST[1], **changes), HONEST[2]])


def test_a_cent_of_rounding_is_no_wrong_tax():
    assert codes([replace(HONEST[0], tax=HONEST[0].tax + 1), *HONEST[1:]]) == []


@pytest.mark.parametrize(
    ("tax", "reason"),
    [
        (HONEST[0].tax * 100, "100 times too much"),
        (round(HONEST[0].tax / 1_000), "1000 times too little"),
        (round(HONEST[0].ggr * 0.1), "It is what the rates of"),
        (round(HONEST[0].ggr * 0.35), "That is 35.00% of GGR."),
    ],
)
def test_a_wrong_tax_says_what_would_explain_it(tax, reason):
    older = msgspec.structs.replace(
        TERMS.rates[0], since=JANUARY - timedelta(days=365),
        brackets=(msgspec.structs.replace(TERMS.rates[0].brackets[0], rate=100_000),),
    )  # fmt: skip
    terms = msgspec.structs.replace(TERMS, rates=(older, *TERMS.rates))
    (finding,) = found([replace(HONEST[0], tax=tax), *HONEST[1:]], terms=terms)
    assert reason in finding.text


def test_what_was_played_and_not_declared_in_time_is_found_once_a_run():
    missing = found([HONEST[0], HONEST[2]])
    assert "period_missing" in {each.code for each in missing}
    played = [each for each in missing if each.code == "not_declared"]
    assert [(each.start, each.end) for each in sorted(played, key=lambda each: each.start)] == [
        (date(2026, 1, 31), date(2026, 1, 31)), (date(2026, 2, 1), date(2026, 2, 28))
    ]  # fmt: skip
    due = [fed.stakes for day, fed in DAYS.items() if date(2026, 1, 30) < day < date(2026, 3, 1)]
    assert sum(each.difference for each in played) == sum(due)
    assert "not_declared" not in codes(HONEST[:2])  # what is of March is not due in April


def test_a_return_from_before_the_feed_began_is_held_against_nothing():
    days = {day: fed for day, fed in DAYS.items() if day >= HONEST[1].start}
    earlier = replace(HONEST[0], stakes=1, payouts=0, refunds=0, ggr=1, tax=0, ggr_to_date=None)
    assert codes([earlier, *HONEST[1:]], days) == []


def test_a_restatement_holds_from_its_vintage_and_both_are_kept():
    later = replace(
        HONEST[0], vintage=HONEST[0].vintage + timedelta(days=60), place=9,
        stakes=HONEST[0].stakes + 500_000, ggr=HONEST[0].ggr + 500_000,
    )  # fmt: skip
    versions = [later, *HONEST]  # the order they were learnt in is not that of their vintages

    assert current(versions)[0] is later
    assert current(versions, as_of=HONEST[0].vintage)[0] is HONEST[0]
    assert current(versions, as_of=HONEST[0].start) == []
    assert restatements(versions) == [(HONEST[0], later)]
    (finding,) = [each for each in found(versions) if each.code == "restated"]
    assert (finding.kind, finding.difference) == (FindingKind.STUDY, 500_000)


def test_the_worst_comes_first():
    wrong = [replace(HONEST[0], tax=HONEST[0].tax + 2), replace(HONEST[1], stakes=1), HONEST[2]]
    ranks = [list(Severity).index(each.severity) for each in found(wrong)]
    assert ranks == sorted(ranks)
    assert ranks[0] < ranks[-1]


def test_a_feed_is_judged_by_its_numbers_its_silence_and_its_licence():
    whole = FeedState(records=9, highest=9, heard_at=NOW - timedelta(hours=1))
    assert of_feed(TERMS, whole, [Offered(game="slots", stakes=5, first=JANUARY, last=JANUARY)],
                   NOW) == []  # fmt: skip
    torn = replace(
        whole, missing=2, holes=(Hole(first=3, last=4, opened_at=NOW),), reused=1, twice=(7,),
        refused=1, filled=1, late=1, heard_at=NOW - timedelta(days=2),
    )  # fmt: skip
    unlicensed = [
        Offered(game="poker", stakes=5, first=JANUARY, last=JANUARY),
        Offered(game="slots", stakes=5, first=JANUARY - timedelta(days=1), last=JANUARY),
    ]
    assert [each.code for each in of_feed(TERMS, torn, unlicensed, NOW)] == [
        "records_missing", "numbers_reused", "records_changed", "out_of_order", "late", "silent",
        "game_not_licensed", "before_licence",
    ]  # fmt: skip
    ended = msgspec.structs.replace(TERMS, licensed_until=NOW.date() - timedelta(days=3))
    late = [Offered(game="slots", stakes=5, first=JANUARY, last=NOW.date())]
    found_after = of_feed(ended, replace(whole, heard_at=NOW - timedelta(days=2)), late, NOW)
    assert [each.code for each in found_after] == ["after_licence"]
