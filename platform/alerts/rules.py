"""Rules over how many events come. Pure: counts in, a verdict in words out."""

from dataclasses import dataclass
from enum import StrEnum

from scipy import stats

CHANCE = 0.001
"""A change is told when chance alone would bring one so large less often than this."""
_UNITS = ((1_440, "day"), (60, "hour"), (1, "minute"))
WEEKS = 2
"""How many earlier weeks' same minutes a change is held against."""


class Check(StrEnum):
    """What a rule asks of the count in its window."""

    ABOVE = "above"
    BELOW = "below"
    CHANGE = "change"
    ABSENCE = "absence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Events in the window; in the same minutes of each of the weeks before; ever, as remembered.

    Weeks the log does not reach back to are not in ``before``.
    """

    now: int
    before: tuple[int, ...] = ()
    ever: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a rule's condition holds, in words; ``p``: how often chance alone does that."""

    holds: bool
    text: str
    p: float | None = None


def judge(check: Check, counts: Counts, *, amount: float, minutes: int) -> Verdict:
    """Hold ``counts`` against a rule. ``amount``: events, or for a change per cent."""
    came = f"{counts.now:,} came in the last {last(minutes)}"
    if check is Check.ABOVE:
        return Verdict(holds=counts.now > amount, text=f"{came}; the limit is {amount:,.0f}.")
    if check is Check.BELOW:
        return Verdict(holds=counts.now < amount, text=f"{came}; at least {amount:,.0f} should.")
    if check is Check.ABSENCE:
        return Verdict(
            holds=counts.now == 0 and counts.ever > 0,
            text=f"None came in the last {last(minutes)}.",
        )
    return _change(counts, amount, came)


def _change(counts: Counts, amount: float, came: str) -> Verdict:
    """The ratio of two Poisson counts, exactly: given their sum the new one is binomial.

    Przyborowski and Wilenski (1940). Two-sided by doubling the smaller tail.
    """
    if not counts.before or not sum(counts.before):
        return Verdict(holds=False, text=f"{came}; nothing came in those of earlier weeks.")
    usual = sum(counts.before) / len(counts.before)
    total, share = counts.now + sum(counts.before), 1 / (1 + len(counts.before))
    tails = (
        stats.binom.cdf(counts.now, total, share),
        stats.binom.sf(counts.now - 1, total, share),
    )
    p = min(1.0, 2 * float(min(tails)))
    percent = 100 * (counts.now / usual - 1)
    text = f"{came}, {percent:+.0f} % against {usual:,.0f} in the same minutes of earlier weeks."
    return Verdict(holds=abs(percent) >= amount and p < CHANCE, text=text, p=p)


def span(minutes: int) -> str:
    """Minutes in words: "45 minutes", "2 hours", "1 day"."""
    size, name = next(each for each in _UNITS if minutes % each[0] == 0)
    count = minutes // size
    return f"{count} {name}{'s' if count > 1 else ''}"


def last(minutes: int) -> str:
    """The same after "in the last": "45 minutes", "hour"."""
    return span(minutes).removeprefix("1 ")
