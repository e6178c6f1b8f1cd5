"""Whether people who looked at the same events say the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Of ``events`` seen by two people or more: the share of pairs of words that are the same.

    ``alpha`` is Krippendorff's for two values: 1 for full agreement, 0 for chance; ``None`` where
    all say the same, as then nothing tells agreement from habit.
    """

    events: int
    share: float
    alpha: float | None


def agreement(words: Iterable[Sequence[bool]]) -> Agreement:
    """The agreement of what was said of each event, one sequence an event.

    Source: Krippendorff 2011, "Computing Krippendorff's alpha-reliability", nominal data.
    """
    said = [each for each in words if len(each) > 1]
    if not said:
        return Agreement(events=0, share=0.0, alpha=None)
    pairs = [one == other for each in said for one, other in combinations(each, 2)]
    values = [value for each in said for value in each]
    n, true = len(values), sum(values)
    # An event counts by its words: pairs within it by one less than their number.
    differing = sum(
        2.0 * sum(each) * (len(each) - sum(each)) / (len(each) - 1) for each in said
    ) / n  # fmt: skip
    expected = 2.0 * true * (n - true) / (n * (n - 1))
    return Agreement(
        events=len(said), share=sum(pairs) / len(pairs),
        alpha=None if expected == 0.0 else 1.0 - differing / expected,
    )  # fmt: skip
