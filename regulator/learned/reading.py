"""The active tenant's hours as arrays, from the projection of its figures."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from django.db.models import Min

from kernel.errors import NotFound
from regulator.features.series import FIGURES, Series
from regulator.figures.projection import ALL, HOUR
from regulator.models import Operator, Total

_HOUR = timedelta(hours=1)
MOST_HOURS = 60 * 168
"""Hours that are read at once: more than a year."""
_COLUMNS = ("stakes", "payouts", "events", "refunds")


def series(*, until: datetime, hours: int = MOST_HOURS, games: bool = True) -> Series:
    """All operators' hours that end by ``until``, at most ``hours``; raises ``NotFound``: none.

    An hour without a record is one in which nothing was played, from an operator's first hour on;
    before that nothing is known. Amounts are in each operator's own currency.
    """
    last = until.replace(minute=0, second=0, microsecond=0)
    first = last - hours * _HOUR
    names = list(Operator.objects.order_by("name").values_list("name", flat=True))
    rows = Total.objects.filter(span=HOUR, operator__in=names, start__gte=first, start__lt=last)
    begun = dict(_begun(names))
    if not begun or not rows.exists():
        raise NotFound("There are no figures of these hours.")
    first = max(first, min(begun.values()))
    table = _table(names, begun, first=first, last=last)
    found: dict[str, np.ndarray] = {}
    rows = rows.filter(currency__in=Operator.objects.values("currency"))
    if not games:
        rows = rows.filter(game=ALL)
    places = {name: place for place, name in enumerate(names)}
    for operator, game, start, *amounts in rows.values_list(
        "operator", "game", "start", *_COLUMNS
    ).iterator(chunk_size=20_000):
        of = found.get(game)
        if of is None:
            of = found[game] = np.repeat(table[:, :, None], len(_COLUMNS), axis=2)
        of[(start - first) // _HOUR, places[operator]] += amounts
    whole = found.pop(ALL)
    return Series(
        start=first, operators=tuple(names), values=whole[:, :, : len(FIGURES)],
        refunds=whole[:, :, len(FIGURES)], games={game: of[:, :, :2] for game, of in found.items()},
    )  # fmt: skip


def _begun(names: Sequence[str]) -> list[tuple[str, datetime]]:
    """By operator, its first hour in the figures."""
    rows = Total.objects.filter(span=HOUR, game=ALL, operator__in=names)
    return list(rows.values_list("operator").annotate(Min("start")))


def _table(
    names: Sequence[str], begun: dict[str, datetime], *, first: datetime, last: datetime
) -> np.ndarray:
    """[hours, operators]: nothing, and not known before an operator's first hour."""
    found = np.zeros(((last - first) // _HOUR, len(names)))
    for place, name in enumerate(names):
        hours = (begun[name] - first) // _HOUR if name in begun else len(found)
        found[: max(hours, 0), place] = np.nan
    return found
