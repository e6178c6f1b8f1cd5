"""Returns watched as a market: tax where the register is silent, versions against each other."""

from datetime import date, datetime, timedelta
from itertools import product

from regulator.contracts import Bracket, Rates, TaxBase
from regulator.detectors.anomaly import Kind
from regulator.returns.history import Filed
from regulator.watch.filings import incidents, taxes
from regulator.watch.holds import of_returns, short
from regulator.watch.sensitivity import Levels
from tests.regulator.watch.markets import START

NAMES = ("amber", "birch", "cedar")
DAY = timedelta(days=1)


def filed(operator, start, end, ggr, *, tax=None, vintage=None, place=0, stakes=None):
    stakes = ggr * 10 if stakes is None else stakes
    return Filed(
        operator=operator, start=start, end=end, vintage=vintage or end, known_at=START,
        place=place, currency="USD", stakes=stakes, payouts=stakes - ggr, refunds=0, ggr=ggr,
        tax=tax,
    )  # fmt: skip


def months(wrong=None, rate=0.15):
    """A year of three operators on one rate; one of its rows with another tax."""
    rows = []
    for month, (place, name) in product(range(1, 13), enumerate(NAMES)):
        start = date(2025, month, 1)
        end = (start.replace(day=28) + 4 * DAY).replace(day=1) - DAY
        ggr = 1_000_000 + 37_100 * month + 91_300 * place
        tax = round(ggr * rate) if (name, month) != ("birch", 7) or wrong is None else wrong
        rows.append(filed(name, start, end, ggr, tax=tax))
    return rows


def test_a_tax_off_the_rate_that_the_market_shares_is_told():
    (told,) = taxes(months(wrong=91_000), {})
    assert (told.operator, told.kind) == ("birch", Kind.TAX)
    assert told.started_at.isoformat()[:10] == "2025-07-01"
    assert told.ended_at.isoformat()[:10] == "2025-08-01"
    assert taxes(months(), {}) == []


def test_what_the_register_rules_is_a_finding_and_no_anomaly():
    brackets = (Bracket(above=0, rate=150_000),)
    ruled = {"birch": [Rates(since=date(2025, 1, 1), base=TaxBase.GGR, brackets=brackets)]}
    assert taxes(months(wrong=91_000), ruled) == []


def publication(number, rows):
    """All weeks of the market as they are published in week ``number``."""
    return [
        filed(name, start, start + 6 * DAY, ggr, vintage=START.date() + timedelta(days=7 * number),
              place=number)
        for name, start, ggr in rows
    ]  # fmt: skip


def history(weeks):
    return [
        (
            name,
            START.date() - timedelta(days=7 * (20 - week)),
            10_000_00 + 1_000_00 * place + week * 777,
        )
        for week, (place, name) in product(range(weeks), enumerate(NAMES))
    ]


def test_figures_that_are_anothers_are_told_once_and_are_over_when_they_are_its_own_again():
    good = history(8)
    own = {(name, start): ggr for name, start, ggr in good}
    bad = [(name, start, own["amber", start] if name == "birch" else ggr)
           for name, start, ggr in good]  # fmt: skip
    while_bad = incidents(publication(1, good) + publication(2, bad) + publication(3, bad))
    after = incidents(publication(1, good) + publication(2, bad) + publication(3, good))
    assert [(each.kind, each.operator, each.done) for each in while_bad] == [
        (Kind.BRAND_MIX_UP, "birch", False)
    ]
    assert [(each.kind, each.done) for each in after] == [(Kind.BRAND_MIX_UP, True)]


def test_an_incomplete_week_is_over_when_it_is_complete():
    good = history(8)
    part = [row for row in good if row[:2] != ("cedar", good[-1][1])]
    (told,) = incidents(publication(1, part))
    assert (told.kind, told.operator, told.done) == (Kind.INCOMPLETE_PERIOD, "cedar", False)
    (told,) = incidents(publication(1, part) + publication(2, good))
    assert told.done


def test_returns_that_operators_file_one_by_one_are_no_publication():
    rows = [filed("amber", START.date() + n * 7 * DAY, START.date() + (n * 7 + 6) * DAY, 5_000 + n)
            for n in range(9)]  # fmt: skip
    assert incidents(rows) == []


def weekly(cut=1.0):
    """Two years of weeks with a hold of a tenth; the last half year of cedar's is cut."""
    rows = []
    for week, (place, name) in product(range(104), enumerate(NAMES)):
        noise = 1 + 0.05 * ((week * (place + 3) * 7) % 11 - 5) / 5
        kept = cut if name == "cedar" and week >= 78 else 1.0
        stakes = 100_000_00
        start = START.date() + timedelta(days=7 * (week - 104))
        rows.append(filed(name, start, start + 6 * DAY, round(stakes * 0.1 * noise * kept),
                          stakes=stakes))  # fmt: skip
    return of_returns(rows)


def test_a_hold_that_stays_short_is_told_with_the_money():
    told = [each for each in short(weekly(cut=0.8), Levels()) if each.operator == "cedar"]
    assert [each.kind for each in told] == [Kind.UNDER_REPORTING]
    assert isinstance(told[0].started_at, datetime)
    assert "USD less revenue than expected" in told[0].explanation


def test_too_few_weeks_or_operators_are_not_judged():
    assert of_returns([]) is None
    assert of_returns([filed("amber", START.date(), START.date() + 6 * DAY, 5)]) is None
