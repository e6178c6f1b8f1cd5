"""The card of learned detectors: what for, made from what, what they can and can't do. Pure.

After Mitchell et al. 2019, "Model cards for model reporting".
"""

from collections.abc import Iterator, Sequence

from regulator.learned.item import ModelItem
from regulator.learned.members import NETWORK
from regulator.learned.trial import Shape

_PURPOSE = (
    "They say which hours of an operator are unusual: by themselves, together, or in the course of "
    "a day. An alarm is a reason to look and no finding against anybody. They know this market's "
    "past alone; an anomaly that lasted throughout it is what they hold for usual."
)
_LIMITS = (
    "What was wrong in the past that they learned from, they learned as right.",
    "They were tried on anomalies that were put into clean figures; others may be found less well.",
    "Of an operator with less than seven weeks of figures they say nothing.",
)


def card(item: ModelItem, *, failures: Sequence[str] = ()) -> str:
    """As Markdown; ``failures`` say why they may not serve."""
    return "\n".join(_lines(item, failures)) + "\n"


def _lines(item: ModelItem, failures: Sequence[str]) -> Iterator[str]:
    figures, counts = item.figures, item.learned_from
    yield from (f"# Model {item.digest[:8]} ({item.family})", "", _PURPOSE)
    yield from ("", "## What they were made from", "")
    yield (
        f"{counts['hours']:,} hours of {counts['operators']} operators, in the order of time: "
        f"{counts['learned_hours']:,} hours to learn from, the last {counts['tried_hours']:,} to "
        "be tried on, which nothing was chosen by."
    )
    yield from ("", "## What they can", "", "| | |", "| --- | --- |")
    yield f"| Average precision on trial | {figures['average_precision']:.3f} |"
    yield f"| By chance | {figures['chance']:.3f} |"
    yield (
        f"| False alarms in {figures['quarters']:.1f} clean operator-quarters "
        f"| {figures['false_alarms']:.0f} |"
    )
    for shape in Shape:
        if f"found_{shape}" in figures:
            words = shape.replace("_", " ")
            yield f"| Found of: {words} | {figures[f'found_{shape}']:.0%} |"
    yield from _ways(item)
    if failures:
        yield from ("", "## Why they may not judge", "")
        yield from (f"- {each}" for each in failures)
    yield from ("", "## What they do not know", "")
    yield from (f"- {each}" for each in _LIMITS)


def _ways(item: ModelItem) -> Iterator[str]:
    yield from ("", "## Who judges the course of a day", "")
    yield (
        "The network judges an operator only where it beat principal components on the same "
        "windows: the whole 99 % interval of the difference in average precision is above nothing."
    )
    yield from ("", "| operator | judged by | components | network | difference |",
                "| --- | --- | --- | --- | --- |")  # fmt: skip
    for name, told in sorted(item.ways.items()):
        by = "network" if told["way"] == NETWORK else "components"
        if "difference" in told:
            yield (
                f"| {name} | {by} | {told['components']:.3f} | {told['network']:.3f} "
                f"| {told['difference']:+.3f} ({told['low']:+.3f} to {told['high']:+.3f}) |"
            )
        else:
            yield f"| {name} | {by} | | | too few trials |"
