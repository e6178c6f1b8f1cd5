"""What a model can't be expected to know, told from what is known of its training. Pure."""

from collections.abc import Iterator

from fraud.rules.words import NAMES
from fraud.training.item import ModelItem

FEW_FRAUD, FEW_JUDGED, FEW_OF_A_KIND = 200, 50, 20
"""Examples below which a figure, or a kind, is said to stand on little."""
WIDE = 0.1
"""An interval of average precision that leaves much open."""
SHORT_DAYS = 28.0
_DAY = 86_400.0
_ALWAYS = (
    "Fraud that nobody labelled, and that comes in a new way, it has not learned: the rules and the"
    " review of cases are there for that."
)


def limits(item: ModelItem) -> list[str]:
    """Sentences; the last holds for every model."""
    return [*_labels(item), *_kinds(item), *_judging(item), *_time(item), _ALWAYS]


def _labels(item: ModelItem) -> Iterator[str]:
    counts = item.learned_from
    fraud, honest, presumed = counts["fraud"], counts.get("honest", 0), counts.get("presumed", 0)
    if fraud < FEW_FRAUD:
        yield f"Only {fraud:,} events were called false; more labels would make it surer."
    if presumed:
        yield (
            f"Of {honest:,} honest examples {presumed:,} are presumed honest: nobody said so, and"
            " no rule had anything against them. Fraud among them was learned as honest."
        )


def _kinds(item: ModelItem) -> Iterator[str]:
    told = {kind: item.learned_from.get(f"kind_{kind}", 0) for kind in NAMES}
    if not any(told.values()):
        yield "No label said of what kind the fraud was, so nobody can tell which kinds it knows."
        return
    if rare := [NAMES[kind] for kind, count in told.items() if 0 < count < FEW_OF_A_KIND]:
        yield f"It saw fewer than {FEW_OF_A_KIND} examples of: {', '.join(rare)}."
    if missing := [NAMES[kind] for kind, count in told.items() if not count]:
        yield f"No label named these kinds, so it may not find them: {', '.join(missing)}."


def _judging(item: ModelItem) -> Iterator[str]:
    figures, judged = item.figures, item.learned_from.get("judged_fraud")
    if judged is not None and judged < FEW_JUDGED:
        yield f"It was judged by {judged:,} false events, which is few: the figures may be luck."
    low, high = figures.get("average_precision_low"), figures.get("average_precision_high")
    if low is not None and high is not None and high - low > WIDE:
        yield f"How well it does is not sure: average precision between {low:.2f} and {high:.2f}."


def _time(item: ModelItem) -> Iterator[str]:
    first, last = item.learned_from.get("first_at"), item.learned_from.get("last_at")
    if first is not None and last is not None and last - first < SHORT_DAYS * _DAY:
        days = (last - first) / _DAY
        yield (
            f"Its examples are of {max(days, 1.0):.0f} day{'s' if days >= 1.5 else ''}: what comes"
            " with the season or the month it does not know."
        )
