"""The order of the Markov chain where nobody names one: as much memory as predicts new journeys.

Chosen for the very journeys a report stands on, from the stored paths (``credit.order_selection``),
and kept for some minutes: a few more journeys don't change it. Where it would keep a page waiting
the worker chooses, and until then the chain has order 1.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.core.cache import cache

from attribution import queries, tasks
from attribution.contracts import By
from attribution.credit.errors import CreditError
from attribution.credit.order_selection import choose_order
from attribution.projection import report, sums
from attribution.store import chains

AUTO = "auto"
ORDERS = ("1", "2", "3", "4")
PATIENCE = 20_000
"""Journeys of a range from which on the worker chooses: a quarter of a second where few repeat."""

_PREFIX = "attribution-order"
_SECONDS = 600
_DRIFT = 0.1
_SEED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenOrder:
    """The ``order`` used and why, in a ``sentence``.

    For each of ``orders``: the held-out log-likelihood per journey (nats), how far it is ``behind``
    the best one's, and that difference's standard ``error``; empty where nothing could be compared
    or (``pending``) is compared just now. ``journeys`` there were.
    """

    order: int
    sentence: str
    journeys: int
    orders: tuple[int, ...] = ()
    likelihood: tuple[float, ...] = ()
    behind: tuple[float, ...] = ()
    error: tuple[float, ...] = ()
    pending: bool = False

    @property
    def rows(self) -> list[dict[str, float]]:
        """The compared orders, one by one."""
        columns = zip(self.orders, self.likelihood, self.behind, self.error, strict=True)
        names = ("order", "likelihood", "behind", "error")
        return [dict(zip(names, each, strict=True)) for each in columns]


def choose(
    *, start: date, end: date, by: By, segment: str, conversion_type: str, wait: bool = False
) -> ChosenOrder:
    """The order for a report of these days and filters.

    For very many journeys the worker is asked and the choice is ``pending``, unless it is to
    ``wait``. Raises as ``queries.attribution`` does.
    """
    scope = queries.scope_of(start, end, by, segment, conversion_type)
    conversions, nulls, *_ = report.column_sums(sums.totals(scope))
    journeys = conversions + nulls
    found = None if wait else _kept(scope, journeys)
    if found is not None:
        return found
    if journeys > PATIENCE and not wait:
        tasks.ask_for_order(
            start=start, end=end, by=by, segment=segment, conversion_type=conversion_type
        )
        text = "Order 1 for now: which order predicts so many journeys best is being computed."
        return ChosenOrder(order=1, sentence=text, journeys=journeys, pending=True)
    found = _chosen(scope, journeys)
    cache.set(_key(scope), asdict(found), _SECONDS)
    return found


def _chosen(scope: sums.Scope, journeys: int) -> ChosenOrder:
    try:
        choice = choose_order(chains.paths_of(sums.paths(scope)), seed=_SEED)
    except CreditError as error:
        return ChosenOrder(order=1, sentence=f"Order 1: {error.detail}", journeys=journeys)
    return ChosenOrder(
        order=choice.order,
        sentence=choice.sentence(),
        journeys=journeys,
        orders=choice.orders,
        likelihood=tuple(choice.likelihood.tolist()),
        behind=tuple(choice.behind.tolist()),
        error=tuple(choice.error.tolist()),
    )


def _kept(scope: sums.Scope, journeys: int) -> ChosenOrder | None:
    """What was chosen lately for nearly as many journeys; cache keys carry the active schema."""
    kept: Mapping[str, Any] | None = cache.get(_key(scope))
    if kept is None or abs(journeys - kept["journeys"]) > _DRIFT * kept["journeys"]:
        return None
    return ChosenOrder(**kept)


def _key(scope: sums.Scope) -> str:
    return f"{_PREFIX}:{hashlib.blake2b(repr(scope).encode(), digest_size=16).hexdigest()}"
