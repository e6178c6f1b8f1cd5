"""What every served model must be, whatever its family: checks that a new one gets by existing.

After scikit-learn's ``check_estimator`` (Buitinck et al. 2013, "API design for machine learning
software") and river's ``checks``: a check is a small function in ``CHECKS``, which says in words
what is wrong, or nothing. A model with a finding may not be registered.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from scipy.special import expit, logit

from kernel.errors import DomainError
from ml.features.layout import Floats

CLOSE = 1e-5
"""How far, in probability, an explanation's sum may be from what was scored."""
CLOSE_ODDS = 1e-3
"""The same in log-odds, where a probability has digits left to compare."""
_CERTAIN = 1e-6
_ALONE = 16
_GREAT = 1e300


class _Header(Protocol):
    @property
    def features(self) -> Sequence[str]: ...


class Served(Protocol):
    """A model as it is served; one may also ``explain``: ``values`` and ``bias`` in log-odds."""

    @property
    def version(self) -> str:
        """Names its bytes."""

    @property
    def header(self) -> _Header:
        """What it is of; ``features`` in their order."""

    def probabilities(self, matrix: Floats) -> Floats:
        """The probability of each row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A check that a model fails, and in words how."""

    check: str
    words: str

    def __str__(self) -> str:
        return f"{self.check}: {self.words}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """A model, rows of real events for it, and how it is loaded again from its bytes."""

    served: Served
    matrix: Floats
    load: Callable[[], Served]

    @property
    def explain(self) -> Callable[[Floats], Any] | None:
        """How it explains, where it does."""
        return getattr(self.served, "explain", None)

    def extreme(self, value: float) -> Floats:
        """A row of nothing but ``value``, then real rows with ``value`` in one feature each."""
        width = self.matrix.shape[1]
        rows = self.matrix[np.arange(width) % len(self.matrix)]
        np.fill_diagonal(rows, value)
        return np.concatenate([np.full((1, width), value), rows])


Check = Callable[[Case], str | None]
CHECKS: dict[str, Check] = {}


def check(served: Served, matrix: Floats, *, load: Callable[[], Served]) -> list[Finding]:
    """All findings on ``served``; ``matrix`` (n x features) holds at least one real row.

    ``load`` makes it again from the same bytes.
    """
    found = []
    for name, one in CHECKS.items():
        try:
            words = one(Case(served=served, matrix=matrix.copy(), load=load))
        except Exception as error:  # noqa: BLE001  # whatever it raises is what was found
            words = f"it raised {type(error).__name__}: {error}"
        if words:
            found.append(Finding(check=name, words=words))
    return found


def named(name: str) -> Callable[[Check], Check]:
    """Register a check."""

    def register(one: Check) -> Check:
        CHECKS[name] = one
        return one

    return register


@named("probabilities")
def probabilities(case: Case) -> str | None:
    """One number from 0 to 1 for each row."""
    return _no_probabilities(case.served.probabilities(case.matrix), len(case.matrix))


@named("alone or among others")
def alone(case: Case) -> str | None:
    """A row has the same bits alone and among others."""
    rows = case.matrix[:_ALONE]
    each = [case.served.probabilities(row[None])[0] for row in rows]
    return _differ(np.array(each), case.served.probabilities(case.matrix)[:_ALONE])


@named("order")
def order(case: Case) -> str | None:
    """A row has the same bits wherever it stands."""
    there, back = case.matrix, case.matrix[::-1].copy()
    return _differ(case.served.probabilities(back)[::-1], case.served.probabilities(there))


@named("unknown values")
def unknown(case: Case) -> str | None:
    """Where nothing is known, or one thing is not, there is still a probability."""
    return _of_extremes(case, float("nan"))


@named("infinite values")
def infinite(case: Case) -> str | None:
    """The same with infinities."""
    return _of_extremes(case, float("inf")) or _of_extremes(case, float("-inf"))


@named("zeros")
def zeros(case: Case) -> str | None:
    """The same with zeros."""
    return _of_extremes(case, 0.0)


@named("huge values")
def huge(case: Case) -> str | None:
    """The same with numbers too great for single precision."""
    return _of_extremes(case, _GREAT) or _of_extremes(case, -_GREAT)


@named("input unchanged")
def unchanged(case: Case) -> str | None:
    """Scoring and explaining leave the rows as they were."""
    before = case.matrix.copy()
    case.served.probabilities(case.matrix)
    if case.explain:
        case.explain(case.matrix)
    same = np.array_equal(before, case.matrix, equal_nan=True)
    return None if same else "the rows it was given are not what they were"


@named("no rows")
def empty(case: Case) -> str | None:
    """No rows give no answers."""
    none = case.matrix[:0]
    if case.served.probabilities(none).shape != (0,):
        return "no rows give an answer"
    names = getattr(case.served, "names", case.served.header.features)
    if case.explain and case.explain(none).values.shape != (0, len(names)):
        return "no rows give an explanation"
    return None


@named("width")
def width(case: Case) -> str | None:
    """Rows of another number of features are refused in our own words, not judged somehow."""
    features = len(case.served.header.features)
    if features != case.matrix.shape[1]:
        return f"it names {features} features, its rows have {case.matrix.shape[1]}"
    wrong = (case.matrix[:, :-1], np.concatenate([case.matrix, case.matrix[:, :1]], axis=1))
    asked = [case.served.probabilities, *([case.explain] if case.explain else [])]
    for rows in wrong:
        for ask in asked:
            try:
                ask(rows)
            except DomainError:
                continue
            return f"rows of {rows.shape[1]} instead of {features} features are taken"
    return None


@named("loaded again")
def again(case: Case) -> str | None:
    """The same bytes give the same model."""
    other = case.load()
    if other.version != case.served.version:
        return "the same bytes have another name"
    return _differ(other.probabilities(case.matrix), case.served.probabilities(case.matrix))


@named("explanation")
def explanation(case: Case) -> str | None:
    """What features add, with the bias, is the log-odds of what was scored, of extremes as well."""
    if case.explain is None:
        return None
    extremes = [case.extreme(each) for each in (np.nan, np.inf, -np.inf, _GREAT, -_GREAT)]
    rows = np.concatenate([case.matrix, *extremes])
    scored, told = case.served.probabilities(rows), case.explain(rows)
    odds = told.values.sum(axis=1) + told.bias
    if not np.isfinite(told.values).all():
        return "it explains by what is no number"
    off = float(np.abs(expit(odds) - scored).max(initial=0.0))
    unsure = (scored > _CERTAIN) & (scored < 1.0 - _CERTAIN)
    off_odds = float(np.abs(odds - logit(scored))[unsure].max(initial=0.0))
    if off <= CLOSE and off_odds <= CLOSE_ODDS:
        return None
    return f"it is off by {off:.1e}, in log-odds by {off_odds:.1e}"


def _of_extremes(case: Case, value: float) -> str | None:
    rows = case.extreme(value)
    return _no_probabilities(case.served.probabilities(rows), len(rows))


def _no_probabilities(found: Floats, rows: int) -> str | None:
    if found.shape != (rows,):
        return f"{rows} rows give {found.shape} answers"
    wrong = int((~((found >= 0.0) & (found <= 1.0))).sum())
    return f"{wrong} of {rows} answers are no probabilities" if wrong else None


def _differ(found: Floats, expected: Floats) -> str | None:
    """Compared to the bit: a decision is made again from its record."""
    wrong = int((found != expected).sum()) if found.shape == expected.shape else found.size
    return f"{wrong} of {expected.size} answers differ" if wrong else None
