"""GGR of the American sportsbooks a year ahead, beside Prophet, ETS, ARIMA, Theta and their mean.

Protocol of the README beside the data (gaming), on the copy that is there (it ends in June 2025):
months, all sports, operators summed over channels, a state's own total where it publishes no
operators; states of 60 months and more at three origins, operators of eight states with 54 months
and 100,000 USD in each of the last 24 at two, six months apart; what came after an origin is not
read by anything before it. States are one panel; operators are forecast as a regulator has them,
state by state, and sum to their market. Constants of the members were chosen on the series and
origins that are not measured here: other states, and origins 18 months and more before the last.
"""

import os
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from bench.regulator_detectors import DATA, _absent
from regulator.detectors.anomaly import Floats
from regulator.forecasts import ahead, members
from regulator.forecasts.ahead import Ahead
from regulator.forecasts.panel import Panel, known

Row = dict[str, Any]
FILE = "us_sportsbook_operator_month.csv.gz"
HORIZON, STEP, SPAN = 12, 6, 186
STATES = ("PA", "MI", "AZ", "IN", "MD", "OH", "NY", "NJ")
PEERS = ("prophet", "ets", "arima", "theta", "naive")
SEED = int(os.environ.get("BENCH_FORECAST_SEED", "100"))
MARKETS = int(os.environ.get("BENCH_FORECAST_MARKETS", "8"))
_FIRST = 2010 * 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One series from one origin: what was said, by us and by the peers, and what came."""

    actual: Floats
    ours: Ahead
    peers: dict[str, Floats]
    prophet_low: Floats
    prophet_high: Floats


@cache
def _months() -> pd.DataFrame:
    rows = pd.read_csv(DATA / FILE, low_memory=False)
    rows = rows[(rows.period_type == "monthly") & rows.sport_category.isna()].copy()
    parts = rows.period_end.str.split("-", expand=True).astype(int)
    rows["place"] = parts[0] * 12 + parts[1] - 1 - _FIRST
    return rows


def _tables(keys: list[str], rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {
        column: rows.groupby([*keys, "place"])[column].sum(min_count=1).unstack("place")
        .reindex(columns=range(SPAN)) / 100
        for column in ("gross_revenue", "handle")
    }  # fmt: skip


def _panel(tables: dict[str, pd.DataFrame], names: Iterable[Any]) -> Panel:
    wanted = list(names)
    ggr, handle = (
        tables[each].reindex(wanted).to_numpy(float).T for each in ("gross_revenue", "handle")
    )
    return Panel(
        first=_FIRST, names=tuple(str(each) for each in wanted), ggr=ggr, handle=handle
    )  # fmt: skip


def states() -> Panel:
    """All states: the sum of their operators, or their own total where there are none."""
    rows = _months()
    total = rows.operator_standard == "TOTAL"
    own, stated = (_tables(["state_code"], rows[part]) for part in (~total, total))
    merged = {
        name: pd.concat([table.dropna(how="all"), stated[name]]).groupby(level=0).first()
        for name, table in own.items()
    }
    return _panel(merged, merged["gross_revenue"].index)


def operators() -> dict[str, Panel]:
    """The operators of each of the eight states."""
    rows = _months()
    rows = rows[rows.operator_standard != "TOTAL"]
    found = {}
    for state in STATES:
        tables = _tables(["operator_standard"], rows[rows.state_code == state])
        found[state] = _panel(tables, tables["gross_revenue"].dropna(how="all").index)
    return found


def _measured(panel: Panel, least: int, floor: float = -np.inf) -> set[str]:
    """Series that go on to the last month, long enough, with at least ``floor`` in 24 months."""
    return {
        name
        for name, series in zip(panel.names, panel.ggr.T, strict=True)
        if np.isfinite(series).sum() >= least
        and np.isfinite(series[-1])
        and known(series)[-24:].min() > floor
    }


def _told(panel: Panel, wanted: set[str], origins: int, *, market: bool) -> list[Told]:
    """Forecasts of the ``wanted`` series from each origin, and the peers' from the same months."""
    found = []
    for back in range(origins):
        until = panel.until(SPAN - HORIZON - STEP * back)
        made = ahead.together(until) if market else ahead.alone(until)
        for each in made:
            if each.name not in wanted or not np.isfinite(each.point).all():
                continue
            column = panel.names.index(each.name)
            actual = panel.ggr[until.months : until.months + HORIZON, column]
            series = known(until.ggr[:, column])
            first = until.end - series.size
            point, low, high = members.prophet_bands(series, first, HORIZON)
            peers = {
                name: members.ahead(name, series, first, HORIZON)
                for name in PEERS if name != "prophet"
            }  # fmt: skip
            peers |= {"prophet": point, "mean": np.mean(
                [peers[name] for name in ("naive", "arima", "theta")], axis=0)}  # fmt: skip
            found.append(Told(actual=actual, ours=each, peers=peers, prophet_low=low,
                              prophet_high=high))  # fmt: skip
    return found


def _wmape(told: Iterable[Told], of: Callable[[Told], Floats]) -> float:
    return 100 * float(np.mean([
        np.nansum(np.abs(of(each) - each.actual)) / np.nansum(np.abs(each.actual))
        for each in told
    ]))  # fmt: skip


def _annual(told: Iterable[Told], of: Callable[[Told], Floats]) -> float:
    off = [
        abs(np.nansum(np.where(np.isnan(each.actual), np.nan, of(each)))
            / np.nansum(each.actual) - 1)
        for each in told
    ]  # fmt: skip
    return 100 * float(np.median(off))


def _inside(told: Iterable[Told], low: Callable[[Told], Floats],
            high: Callable[[Told], Floats]) -> float:  # fmt: skip
    hits = [(low(each) <= each.actual) & (each.actual <= high(each)) for each in told]
    return float(np.concatenate(hits).mean())


def _row(name: str, value: float, **rest: object) -> Row:
    return {"name": f"regulator/ggr-forecast{name}", "value": round(value, 2), **rest}


def _beside(told: list[Told], figure: Callable[..., float]) -> str:
    return ", ".join(
        f"{name} {figure(told, lambda each, name=name: each.peers[name]):.1f}"
        for name in (*PEERS, "mean")
    )  # fmt: skip


def _ours(each: Told) -> Floats:
    return each.ours.point


def real() -> Row | list[Row]:
    """States and operators, a year ahead."""
    if _absent(FILE):
        return []
    began, whole = time.monotonic(), states()
    told = _told(whole, _measured(whole, 60) - {"NE"}, 3, market=False)
    seconds = (time.monotonic() - began) / max(len(told), 1)
    apart = [
        each
        for panel in operators().values()
        if (wanted := _measured(panel, 54, 1e5))
        for each in _told(panel, wanted, 2, market=True)
    ]
    rows = []
    for name, series, bar in (("", told, 22.0), (" operators", apart, 26.0)):
        value = _wmape(series, _ours)
        rows.append(_row(
            name, value, unit="wMAPE, %, 12 months ahead", bar=f"<= {bar:.0f}", ok=value <= bar,
            peer=f"same series and origins: {_beside(series, _wmape)}", n=len(series),
        ))  # fmt: skip
    year = _annual(told, _ours)
    rows.append(_row(
        " annual", year, unit="median error of the year's total, %, states", bar="<= 6",
        ok=year <= 6, peer=f"same: {_beside(told, _annual)}", n=len(told),
    ))  # fmt: skip
    rows += [_covered(" coverage", told), _covered(" operators coverage", apart)]
    print(f"{seconds:.2f} s a series and origin, peers included", file=sys.stderr)
    return rows


def _covered(name: str, told: list[Told]) -> Row:
    inside = _inside(told, lambda each: each.ours.low, lambda each: each.ours.high)
    stated = _inside(told, lambda each: each.prophet_low, lambda each: each.prophet_high)
    total = np.mean([
        abs(each.ours.total - each.actual.sum()) <= each.ours.half_total for each in told
    ])  # fmt: skip
    return _row(
        name, inside, unit="share of months in the 80 % interval", bar="0.76 to 0.84",
        ok=0.76 <= inside <= 0.84, peer=f"Prophet {stated:.2f}; totals of the year {total:.2f}",
        n=len(told),
    )  # fmt: skip


def market(seed: int, operators: int = 4, months: int = 60) -> Panel:
    """A market whose truth is known: growth that fades, seasons, hold by what its games pay.

    Payouts of a month are sums of millions of bets with the games' own mean and spread
    (simulation.gaming: slots .94 and 5.8 of a stake, sports .93 and 1.6), so hold is noise about
    its level, the more the fewer bets there are.
    """
    rng, time_ = np.random.default_rng(seed), np.arange(months)[:, None]
    bets = np.exp(rng.uniform(np.log(2e6), np.log(5e7), operators))
    peak, swing = rng.uniform(0, 12), rng.uniform(0.05, 0.3)
    growth = np.exp(rng.uniform(0.0, 0.5, operators) * (1 - 0.5 ** (time_ / 12)))
    season = 1 + swing * np.cos(2 * np.pi * (time_ - peak) / 12)
    count = bets * growth * season * np.exp(rng.normal(0, 0.03, (months, operators)))
    slots = rng.uniform(0.2, 0.8, operators)
    hold = slots * 0.06 + (1 - slots) * 0.07
    spread = np.sqrt(slots * 5.8**2 + (1 - slots) * 1.6**2)
    kept = count * hold + spread * np.sqrt(count) * rng.normal(size=count.shape)
    return Panel(
        first=_FIRST, names=tuple(f"o{each}" for each in range(operators)), ggr=1e3 * kept,
        handle=1e3 * count,
    )  # fmt: skip


def simulated() -> Row:
    """Markets of four operators, the last of five years forecast from the others."""
    errors = []
    for seed in range(SEED, SEED + MARKETS):
        whole = market(seed)
        for each in ahead.together(whole.until(whole.months - HORIZON)):
            column = whole.ggr.sum(axis=1) if not each.name else whole.ggr[:, int(each.name[1:])]
            errors.append(float(np.mean(np.abs(each.point / column[-HORIZON:] - 1))))
    value = 100 * float(np.mean(errors))
    return _row(
        " simulated", value, unit="MAPE, %, 12 months ahead", bar="< 10", ok=value < 10,
        peer=f"{MARKETS} markets and their operators, seeds from {SEED}", n=len(errors),
    )  # fmt: skip


ROWS: dict[str, Callable[[], Row | list[Row]]] = {
    "regulator/ggr-forecast": real,
    "regulator/ggr-forecast simulated": simulated,
}
