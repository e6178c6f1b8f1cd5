"""How many touches should a Markov model remember? As many as predict journeys it has not seen.

Journeys are dealt into folds at random; each fold is predicted from the others, step by step: the
next touch, or the end with or without conversion. All orders predict the same steps, those to a
touch of the same channel too (removal effects don't mind them), so their log-likelihoods compare.

The probability of a step x after the last k touches s is what was counted, and one imaginary step
that the order below predicts:

    P_k(x | s) = (N(s x) + P_{k-1}(x | s')) / (N(s) + 1),

s' = s without its first touch, P_{-1} equal for all. It is as close to the frequencies that the
model itself uses as a finite likelihood allows: a longer memory pays for what it learns too rarely.
Of the orders within one standard error of the best the lowest is chosen.

Journeys must be independent. Those of a report that lists frequent paths alone are not: each of its
long paths was seen in the other folds too, so a long memory seems to predict it. ``whole_paths``
deals all journeys of a path together, which takes that advantage away; where journeys are complete
it is too strict, as common short paths are then predicted from none of their kind.
Sources: Csiszar, Shields (2000), "The consistency of the BIC Markov order estimator", Ann. Stat.
28(6), on choosing orders by likelihood; MacKay, Peto (1995), "A hierarchical Dirichlet language
model", Natural Language Engineering 1(3), for the imaginary steps; Breiman et al. (1984),
"Classification and Regression Trees", section 3.4.3, for the rule of one standard error.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from attribution.credit.bootstrap.sampler import canonical
from attribution.credit.counts import ORDERS, check_order
from attribution.credit.errors import CreditError
from attribution.credit.paths import Floats, Ints, Paths

FOLDS = 5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OrderChoice:
    """The ``order`` chosen among ``orders``, and why.

    ``likelihood`` is the held-out log-likelihood per journey (nats) of each order, ``behind`` by
    how much less than the best one it is and ``error`` the standard error of that difference,
    taken journey by journey; ``best`` has the highest likelihood. ``journeys`` were predicted.
    """

    order: int
    best: int
    orders: tuple[int, ...]
    likelihood: Floats
    behind: Floats
    error: Floats
    journeys: int

    def sentence(self) -> str:
        """The choice and its reason in one sentence."""
        asked = f"{self.journeys:,} held-out journeys"
        if self.order < self.best:
            place = self.orders.index(self.order)
            reason = (
                f"order {self.best} predicts {asked} better by no more than one standard error "
                f"({self.behind[place]:.2g} of {self.error[place]:.2g} nats per journey)"
            )
        elif self.order == self.orders[0]:
            reason = f"no longer memory predicts {asked} better"
        else:
            reason = f"it predicts {asked} best, by more than one standard error"
        return f"Order {self.order}: {reason}."


def choose_order(
    paths: Paths,
    *,
    seed: int,
    folds: int = FOLDS,
    orders: Sequence[int] = ORDERS,
    whole_paths: bool = False,
) -> OrderChoice:
    """Choose the order of a Markov model for ``paths`` by held-out likelihood.

    Journeys are dealt one by one, or with ``whole_paths`` all of a path together; errors are taken
    accordingly. The same whatever the order of the rows and however journeys are spread over rows.
    Orders whose states can't be numbered are left out. Raises ``CreditError`` for parts of
    journeys, which can't be dealt out, and for fewer journeys than folds.
    """
    merged = canonical(paths)
    possible = tuple(order for order in sorted(orders) if _fits(order, len(paths.channels)))
    dealt = _deal(merged, np.random.default_rng(seed), folds, whole_paths)
    total = dealt.sum()
    if total < folds or not possible:
        raise CreditError(f"Choosing an order takes at least {folds} journeys.")
    # Rows x kinds of end x folds: the log-likelihood of a journey under each order.
    logs = list(_likelihoods(_Steps.of(merged), dealt, possible))
    means = np.array([(log * dealt).sum() for log in logs]) / total
    best = int(means.argmax())
    errors = np.array([_error(logs[best] - log, dealt, whole_paths) for log in logs])
    behind = means[best] - means
    return OrderChoice(
        order=possible[int(np.argmax(behind <= errors))],
        best=possible[best],
        orders=possible,
        likelihood=means,
        behind=behind,
        error=errors,
        journeys=int(total),
    )


def _error(apart: Floats, dealt: Floats, whole_paths: bool) -> float:
    """Standard error of the mean of ``apart`` over journeys, or over paths of many journeys."""
    total = dealt.sum()
    off = apart - (apart * dealt).sum() / total
    if whole_paths:
        return float(np.sqrt(((off * dealt).sum(axis=(1, 2)) ** 2).sum()) / total)
    return float(np.sqrt((dealt * off**2).sum()) / total)


def _fits(order: int, channels: int) -> bool:
    try:
        check_order(order, channels + 2)
    except CreditError:
        return False
    return True


def _deal(paths: Paths, rng: np.random.Generator, folds: int, whole_paths: bool) -> Floats:
    """Journeys dealt into folds: (rows, 2 (converting, null), folds)."""
    counts = np.column_stack([paths.conversions, paths.nulls])
    whole = np.rint(counts)
    if not np.allclose(counts, whole, rtol=0, atol=1e-6):
        raise CreditError("Choosing an order takes whole numbers of journeys.")
    if whole_paths:
        fold = rng.integers(folds, size=(whole.shape[0], 1, 1))
        together: Floats = np.where(fold == np.arange(folds), whole[:, :, None], 0.0)
        return together
    dealt = rng.multinomial(whole.astype(np.int64), np.full(folds, 1 / folds))
    return dealt.astype(np.float64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Steps:
    """All steps to a touch, row after row, then the ends: per row with and without conversion.

    ``recent`` (4, steps) are the touches before each step, latest first, as digits (0: before the
    start); ``follows`` is the digit of what follows.
    """

    rows: int
    row: Ints
    recent: Ints
    follows: Ints
    base: int

    @classmethod
    def of(cls, paths: Paths) -> "_Steps":
        rows, channels = paths.lengths.size, len(paths.channels)
        row = np.repeat(np.arange(rows), paths.lengths)
        digits = paths.tokens.astype(np.int64) + 1
        at = np.concatenate([np.arange(row.size), np.repeat(paths.offsets[1:], 2)])
        row = np.concatenate([row, np.repeat(np.arange(rows), 2)])
        recent = np.zeros((max(ORDERS), at.size), dtype=np.int64)
        for back in range(1, max(ORDERS) + 1):
            there = at - back >= paths.offsets[row]
            recent[back - 1, there] = digits[at[there] - back]
        kinds = np.tile([channels + 1, channels + 2], rows)
        return cls(
            rows=rows,
            row=row,
            recent=recent,
            follows=np.concatenate([digits, kinds]),
            base=channels + 3,
        )

    def numbered(self, order: int) -> tuple[Ints, Ints, Ints]:
        """Different steps of ``order`` by number: of each step; their states; a step of each."""
        state = np.zeros(self.follows.size, dtype=np.int64)
        for back in range(order - 1, -1, -1):
            state = state * self.base + self.recent[back]
        keys, first, number = np.unique(
            state * self.base + self.follows, return_index=True, return_inverse=True
        )
        _, states = np.unique(keys // self.base, return_inverse=True)
        return number, states, first

    def sums(self, values: Floats) -> Floats:
        """Per row and kind of end the sum of ``values`` over the steps of such a journey."""
        touches = self.row.size - 2 * self.rows
        inner = np.bincount(self.row[:touches], values[:touches], self.rows)
        return inner[:, None] + values[touches:].reshape(self.rows, 2)


def _likelihoods(steps: _Steps, dealt: Floats, orders: Sequence[int]) -> Iterator[Floats]:
    """Log-likelihood of a journey of each row, kind and fold, under each order: (rows, 2, folds).

    A step among the touches is made by all journeys of its row, an end by those that end so.
    """
    rows, _, folds = dealt.shape
    touches = steps.row.size - 2 * rows
    below: Any = None
    before: NDArray[Any] = np.zeros(0, dtype=np.int64)
    for order in range(max(orders) + 1):
        number, states, first = steps.numbered(order)
        size = states.size
        chances = np.empty((size, folds))
        for fold in range(folds):
            others = dealt.sum(axis=2) - dealt[:, :, fold]
            made = np.concatenate([others.sum(axis=1)[steps.row[:touches]], others.ravel()])
            counted = np.bincount(number, made, size)
            total = np.bincount(states, counted)[states]
            lower = 1 / (steps.base - 1) if below is None else below[before[first], fold]
            chances[:, fold] = (counted + lower) / (total + 1)
        below, before = chances, number
        if order in orders:
            logs = np.log(chances)
            yield np.stack([steps.sums(logs[number, fold]) for fold in range(folds)], axis=2)
