"""Reconciliation: returns that differ from the feed, and records that were tampered with."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np

from bench.served import ROOT, prepared
from regulator.contracts import Bracket, Rates, Severity, TaxBase, Terms
from regulator.returns.checks import Fed, of_returns
from regulator.returns.history import Filed
from simulation.gaming_calendar import DAY
from simulation.gaming_market import HOUR, Book, market

Row = dict[str, Any]
SEED, DAYS = 7_101, 60
MISMATCHES, ATTACKS = 1_000, 240
MONDAY = date(2026, 3, 2)
RATE = 200_000


def reconciliation() -> list[Row]:
    """Mismatches of a ten-thousandth of the stakes and more, and attacks on single records."""
    return [_mismatches(), _attacks()]


def _mismatches() -> Row:
    """One figure of one return is off; the return stays whole in itself, its tax included."""
    rng, made = np.random.default_rng(SEED), market(SEED, days=DAYS)
    fed = {house.name: _days(book) for house, book in zip(made.houses, made.books, strict=True)}
    honest = {(name, span): _returns(name, fed[name], span) for name in fed for span in (1, 7, 30)}
    false = sum(
        len(of_returns(_terms(name), returns, fed[name], _filed(span)))
        for (name, span), returns in honest.items()
    )
    found, kinds = 0, Counter[str]()
    for _ in range(MISMATCHES):
        name, span = str(rng.choice(list(fed))), int(rng.choice([1, 7, 30]))
        figure = str(rng.choice(["stakes", "payouts", "refunds"]))
        returns = honest[name, span]
        place = int(rng.integers(len(returns)))
        true = returns[place]
        off = max(1, round(true.stakes * 10 ** rng.uniform(-4, -1))) + 1
        wrong = _whole(
            replace(true, **{figure: getattr(true, figure) + int(rng.choice([-1, 1])) * off})
        )
        told = of_returns(
            _terms(name), [*returns[:place], wrong, *returns[place + 1 :]], fed[name], wrong.vintage
        )
        named = [each for each in told if each.code == "feed_differs" and each.start == wrong.start]
        found += bool(named) and named[0].severity is Severity.CRITICAL
        kinds[figure] += 1
    return {
        "name": "regulator/reconciliation", "value": round(found / MISMATCHES, 4),
        "unit": "mismatches found on the day the return is filed, as critical",
        "bar": "1.0 of mismatches >= 0.01 % of stakes", "n": MISMATCHES,
        "ok": found == MISMATCHES and false == 0,
        "peer": f"0.01 to 10 % of stakes, {dict(kinds)}, of daily, weekly and monthly returns;"
        f" {false} findings on {sum(map(len, honest.values())):,} honest returns",
    }  # fmt: skip


def _days(book: Book) -> dict[date, Fed]:
    """What the feed holds of each day: stakes as they are placed, the rest as it comes back."""
    span = DAY * HOUR
    sums = {
        "stakes": np.bincount(book.placed // span, book.stake, DAYS + 2),
        "payouts": np.bincount(book.settled // span, book.payouts, DAYS + 2),
        "refunds": np.bincount(
            book.settled // span, np.where(book.refunded, book.back, 0), DAYS + 2
        ),
    }
    return {
        MONDAY + timedelta(days=day): Fed(**{name: int(each[day]) for name, each in sums.items()})
        for day in range(DAYS)
    }


def _returns(operator: str, days: dict[date, Fed], span: int) -> list[Filed]:
    """The honest returns of periods of so many days."""
    found = []
    for first in range(0, DAYS - span + 1, span):
        start = MONDAY + timedelta(days=first)
        mine = [days[start + timedelta(days=day)] for day in range(span)]
        end = start + timedelta(days=span - 1)
        found.append(
            _whole(
                Filed(
                    operator=operator, start=start, end=end, vintage=end + timedelta(days=1),
                    known_at=datetime.combine(end, time(), UTC), place=first, currency="EUR",
                    stakes=sum(each.stakes for each in mine),
                    payouts=sum(each.payouts for each in mine),
                    refunds=sum(each.refunds for each in mine), ggr=0,
                )
            )
        )  # fmt: skip
    return found


def _whole(filed: Filed) -> Filed:
    """A return whose GGR and tax follow from its other figures."""
    ggr = filed.stakes - filed.payouts - filed.refunds
    return replace(filed, ggr=ggr, tax=max(ggr, 0) * RATE // 1_000_000)


def _terms(operator: str) -> Terms:
    rates = Rates(since=MONDAY, base=TaxBase.GGR, brackets=(Bracket(above=0, rate=RATE),))
    return Terms(
        operator=operator, name=operator, licence=operator, licensed_from=MONDAY,
        licensed_until=None, currency="EUR", game_types=(), rates=(rates,), actor="",
    )  # fmt: skip


def _filed(span: int) -> date:
    return MONDAY + timedelta(days=DAYS // span * span)


def _attacks() -> Row:
    """Records deleted, edited, reordered, duplicated: by the sender, and in the database."""
    with prepared() as (_, environment):
        done = subprocess.run(
            [sys.executable, "-m", "bench.feed_worker", str(ATTACKS), str(SEED)],
            cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
    told = json.loads(done.stdout.splitlines()[-1])
    attacks, found = sum(told["put"].values()), sum(told["found"].values())
    each = [f"{kind} {told['found'][kind]} of {put}" for kind, put in told["put"].items()]
    return {
        "name": "regulator/reconciliation records", "value": round(found / attacks, 4),
        "unit": "attacks on records found", "bar": "1.0, no alarm on honest feeds", "n": attacks,
        "ok": found == attacks and told["false"] == 0,
        "peer": f"{'; '.join(each)}; {told['false']} findings on {told['honest']} honest feeds and"
        f" their {told['receipts']} receipts",
    }  # fmt: skip


ROWS: dict[str, Callable[[], Row | list[Row]]] = {
    "regulator/reconciliation": reconciliation,
}
