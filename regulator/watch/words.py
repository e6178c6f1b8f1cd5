"""What an anomaly is called, what it says, and by which formula it was found. Pure."""

from typing import Any, NamedTuple

from regulator.detectors.anomaly import Anomaly, Kind
from regulator.money import said
from regulator.watch.market import HOUR, Market


class About(NamedTuple):
    """A kind in words: its name in a list, and how it is found, with the source."""

    name: str
    formula: str


_DROP = (
    "The chance of so few records, negative binomial around what the same hour of earlier weeks,"
    " the level since and the other operators make likely; two hours in a row by Fisher's method"
    " (1925)."
)
ABOUT: dict[Kind, About] = {
    Kind.FEED_SILENT: About(
        "Silent feed",
        "Nothing came for twice the feed's usual time between batches, in which the chance of no"
        " record at all was below one in a million (negative binomial).",
    ),
    Kind.FEED_DROP: About("Feed stopped", _DROP),
    Kind.PARTIAL_DROP: About("Records missing", _DROP),
    Kind.BASELINE: About(
        "Unusual hours",
        "The logarithm of seen by expected, in robust deviations of the operator's own past (1.4826"
        " times the median absolute one: Rousseeuw & Croux, 1993).",
    ),
    Kind.PAYOUT_SPIKE: About(
        "Payout spike",
        "The chance of paying so much on these stakes, wins cut at a cap, from what the game paid"
        " before (saddle-point tail of Lugannani & Rice, 1980), over one to twelve hours. Games"
        " settled much later: against what the same hours cost the other operators, in robust"
        " deviations of the operator's own past.",
    ),
    Kind.THINNING: About(
        "Bets that never arrive",
        "The largest generalised likelihood ratio, over the days it may have begun on, of a lasting"
        " fall below what the other operators' days make likely (Willsky & Jones, 1976); and a"
        " cumulative sum of the bets that are missing from players' sittings (Page, 1954; false"
        " alarms by Lorden, 1971).",
    ),
    Kind.UNDER_REPORTING: About(
        "Revenue stated too low",
        "The mean shortfall of the hold in the last weeks by its standard error, against the"
        " operator's past and its market (matched windows: Lai, 1995).",
    ),
    Kind.MISSING_HIGH_STAKES: About(
        "High stakes missing",
        "A cumulative sum, game by game, of the share of stakes that are among the highest"
        " hundredth of the operator's own earlier days (Page, 1954; false alarms by Lorden, 1971).",
    ),
    Kind.RENUMBERED: About(
        "Records renumbered",
        "The same records were sent again under other numbers: the step shows how many were taken"
        " out before them.",
    ),
    Kind.DIGITS: About(
        "Unusual digits",
        "Pearson's chi-square of this week's leading digits against earlier weeks, divided by how"
        " much those differ (Rao & Scott, 1981).",
    ),
    Kind.ISOLATED: About(
        "Unusual together",
        "An isolation forest over the hour's figures against their own past and the market's"
        " (Liu, Ting & Zhou, 2008); the chance of its score among clean hours.",
    ),
    Kind.COURSE: About(
        "A day that goes otherwise",
        "How badly the last 24 hours fit through the narrow place of a network, or of principal"
        " components, that learned this market's days; the chance of it among clean hours.",
    ),
    Kind.TOGETHER: About(
        "Unusual by several measures",
        "The chances that the baseline, the forest and the course of the day give, put together by"
        " Fisher's method (1925); its limit is what clean hours exceed once a quarter.",
    ),
    Kind.TAX: About(
        "Tax off its rate",
        "Tax is rate times base; rates are those that the market's own returns share, since the"
        " register has none for these days.",
    ),
    Kind.RATE_CHANGE: About(
        "Tax rate changed",
        "At least half of the operators on one rate moved to the same new one in this period.",
    ),
    Kind.BRAND_MIX_UP: About(
        "Another's figures",
        "At least half of the changed figures are another operator's, or the market's total:"
        " compared exactly, version by version.",
    ),
    Kind.SHRUNKEN_HISTORY: About(
        "History shrank", "Figures that an earlier version held are no longer in the newest one."
    ),
    Kind.INCOMPLETE_PERIOD: About(
        "Incomplete period",
        "Operators that reported in half of the four periods before are missing from the newest.",
    ),
}
"""Kinds in words; ``about`` tells of those that others add."""


def about(kind: str) -> About:
    """A kind in words, also one that has none here."""
    known = ABOUT.get(Kind(kind)) if kind in set(Kind) else None
    return known or About(kind.replace("_", " ").capitalize(), "")


def worded(market: Market, place: int, each: Anomaly) -> str:
    """What a detector of steps found, with amounts in the operator's currency."""
    evidence = each.evidence
    steps, unit = each.ended - each.started + 1, market.currencies[place]
    span = "hour" if market.step == HOUR else "day"
    if each.kind in (Kind.FEED_DROP, Kind.PARTIAL_DROP) and "events" in evidence:
        seen, due = float(evidence["events"]), float(evidence["expected"])
        stopped = each.kind is Kind.FEED_DROP
        return (
            f"{seen:,.0f} records arrived in {steps} {span}{'s' if steps > 1 else ''}, where"
            f" {due:,.0f} were to be expected: "
            + ("the feed stopped." if stopped else f"{1 - seen / due:.0%} are missing.")
        )
    if each.kind is not Kind.BASELINE or "seen" not in evidence:
        return each.explanation
    return _unusual(market, each, unit, span, steps)


def _unusual(market: Market, each: Anomaly, unit: str, span: str, steps: int) -> str:
    evidence = each.evidence
    seen, due = (_amount(evidence, name, unit) for name in ("seen", "expected"))
    at = f"{market.at(int(evidence['peak'])):%-d %B %Y, %H:%M} UTC"
    more = f" {steps} {span}s in all." if steps > 1 else ""
    staked = " staked" if evidence.get("figure") == "stakes" else ""
    return (
        f"{seen}{staked} in the {span} from {at}, where {due} {'was' if staked else 'were'} to be"
        f" expected from the same time of earlier weeks and from the market.{more}"
    )


def _amount(evidence: Any, name: str, unit: str) -> str:
    value = float(evidence[name])
    if evidence.get("figure") == "events":
        return f"{value:,.0f} record{'s' if round(value) != 1 else ''}"
    return said(round(value), unit)
