"""What was seen in a stretch against what was to be expected, by hour or day. Pure.

Expected is the median of the same hour of the week (or the same weekday) in the eight weeks before
the stretch: no model a court would have to believe, and one bad week does not move it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

WEEKS = 8
LEAST = 3
"""Earlier values without which nothing is expected."""
HOURLY = timedelta(days=4)
"""A stretch up to so long is shown by hour."""
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What was played in an hour or on a day, in the currency's smallest unit."""

    stakes: int = 0
    payouts: int = 0
    refunds: int = 0
    events: int = 0

    @property
    def ggr(self) -> int:
        """Stakes less payouts less refunds."""
        return self.stakes - self.payouts - self.refunds


NOTHING = Played()
METRICS = ("stakes", "payouts", "ggr", "events")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A span beside what was expected of it; ``expected`` is ``None`` without earlier values.

    ``inside`` says whether it lies in the stretch: those around it are shown too.
    """

    start: datetime
    seen: int
    expected: float | None
    inside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A metric over a stretch: its spans, and the sums of those inside that have an expectation."""

    metric: str
    spans: tuple[Seen, ...]
    seen: int
    expected: float | None

    @property
    def share(self) -> float | None:
        """What was seen of what was expected."""
        return self.seen / self.expected if self.expected else None


def hourly(since: datetime, until: datetime) -> bool:
    """Whether a stretch is shown by hour."""
    return until - since <= HOURLY


def shown(since: datetime, until: datetime) -> tuple[datetime, datetime]:
    """What is drawn: the stretch and as much around it, a day at least, two weeks at most."""
    around = min(max(until - since, timedelta(days=1)), timedelta(weeks=2))
    return since - around, until + around


def compare(
    played: Mapping[datetime, Played],
    metric: str,
    *,
    since: datetime,
    until: datetime,
    step: timedelta,
    known_until: datetime,
) -> Comparison:
    """Hold a metric's spans around [``since``, ``until``) against the weeks before ``since``.

    ``played`` by the spans' starts; a span missing between the first and ``known_until`` is one
    without play.
    """
    first = min(played, default=known_until)
    begin, end = shown(since, until)
    begin = _floor(max(begin, first), step)
    spans = []
    start = begin
    while start < min(end, known_until):
        value = int(getattr(played.get(start, NOTHING), metric))
        spans.append(
            Seen(
                start=start, seen=value, inside=since < start + step and start < until,
                expected=_expected(played, metric, start, since, first),
            )
        )  # fmt: skip
        start += step
    inside = [each for each in spans if each.inside]
    known = [each.expected for each in inside if each.expected is not None]
    return Comparison(
        metric=metric, spans=tuple(spans), seen=sum(each.seen for each in inside),
        expected=sum(known) if known and len(known) == len(inside) else None,
    )  # fmt: skip


def _expected(
    played: Mapping[datetime, Played],
    metric: str,
    start: datetime,
    since: datetime,
    first: datetime,
) -> float | None:
    back = start - _WEEK
    values: list[int] = []
    while len(values) < WEEKS and back >= first:
        if back < since:
            values.append(int(getattr(played.get(back, NOTHING), metric)))
        back -= _WEEK
    return float(median(values)) if len(values) >= LEAST else None


def _floor(moment: datetime, step: timedelta) -> datetime:
    whole = moment.replace(minute=0, second=0, microsecond=0)
    return whole if step < timedelta(days=1) else whole.replace(hour=0)


def longest_history(since: datetime) -> datetime:
    """From where on figures are needed for a stretch that began at ``since``."""
    return since - WEEKS * _WEEK - timedelta(weeks=2)


def words(comparison: Comparison, unit: str, scale: int) -> str:
    """A comparison in a sentence; ``scale`` smallest units make one ``unit``."""
    name = "GGR" if comparison.metric == "ggr" else comparison.metric.capitalize()
    seen = f"{comparison.seen / scale:,.{2 if scale > 1 else 0}f} {unit}".strip()
    if comparison.expected is None:
        return f"{name} of the stretch: {seen}. There are too few earlier weeks to expect anything."
    expected = f"{comparison.expected / scale:,.{2 if scale > 1 else 0}f} {unit}".strip()
    off = "" if comparison.share is None else f", {(comparison.share - 1) * 100:+.1f} %"
    return f"{name} of the stretch: {seen}, expected {expected}{off}."


def rows(comparisons: Sequence[Comparison]) -> list[dict[str, object]]:
    """Comparisons for programs, in smallest units."""
    return [
        {
            "metric": each.metric, "seen": each.seen, "expected": each.expected,
            "spans": [
                {"start": one.start.isoformat(), "seen": one.seen, "expected": one.expected,
                 "inside": one.inside}
                for one in each.spans
            ],
        }
        for each in comparisons
    ]  # fmt: skip
