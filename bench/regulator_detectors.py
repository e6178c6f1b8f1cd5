"""The regulator's detectors on public figures: digits, taxes, feed incidents, under-reporting.

Protocols are those of the README beside the data (gaming); rows are skipped where it is absent.
"""

import os
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from config import env
from regulator.detectors import Kind, benford, tax, underreporting, vintages
from regulator.detectors.anomaly import Floats
from regulator.detectors.tax import Cause
from regulator.detectors.underreporting import Panel

Row = dict[str, Any]
DATA = Path(env.text("TOUCHSTONE_DATA_DIR", str(env.ROOT.parent / "shared" / "data"))) / "gaming"
SAMPLES = int(os.environ.get("BENCH_BENFORD_SAMPLES", "40000"))
SIZES = (200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 200_000)
MIX_UPS = (3, 10, 42, 62)
"""First bad versions of the four incidents that the README lists."""


def _absent(file: str) -> bool:
    """Whether the data of a measurement is not here; then it is skipped, and that is said."""
    absent = not (DATA / file).is_file()
    if absent:
        print(f"skipped: {DATA / file} is absent, set TOUCHSTONE_DATA_DIR", file=sys.stderr)
    return absent


def digits() -> list[Row]:
    """The published deviation, false alarms at every size, and what is noticed."""
    if _absent("benford_corporate_payment.csv.gz"):
        return []
    amounts = pd.read_csv(DATA / "benford_corporate_payment.csv.gz")["Amount"].to_numpy(float)
    found = benford.examine(benford.tally(amounts[amounts > 0]))
    rng, alarms = np.random.default_rng(42), {}
    for places in (1, 2):
        chances = benford.law(places)
        for size in SIZES:
            counts = rng.multinomial(size, chances, size=SAMPLES)
            mads = np.abs(counts / size - chances).mean(axis=1)
            alarms[places, size] = float((mads > benford.limit(size, places)).mean())
    chances = benford.law()
    mixed = rng.multinomial(10_000, 0.9 * chances + 0.1 / 90, size=SAMPLES // 4)
    seen = np.abs(mixed / 10_000 - chances).mean(axis=1) > benford.limit(10_000)
    low, high = min(alarms.values()), max(alarms.values())
    return [
        {
            "name": "regulator/benford", "value": round(found.mad, 6), "unit": "MAD, first two",
            "bar": "0.002337 for 185,083 corporate payments", "n": found.count,
            "ok": round(found.mad, 6) == 0.002337 and found.count == 185_083,
            "peer": f"chi-square {found.chi_square:,.1f}; limit for so many {found.limit:.6f}",
        },
        {
            "name": "regulator/benford false", "value": round(high, 4),
            "unit": "share of honest samples accused, worst size", "bar": "0.04 to 0.06",
            "ok": low >= 0.04 and high <= 0.06, "n": SAMPLES,
            "peer": "; ".join(
                f"{size:,}: {alarms[1, size]:.3f} / {alarms[2, size]:.3f}" for size in SIZES
            ) + " (first digit / first two)",
        },
        {
            "name": "regulator/benford power", "value": round(float(seen.mean()), 3),
            "unit": "found of 10,000 amounts with a tenth invented", "bar": ">= 0.80",
            "ok": float(seen.mean()) >= 0.8, "n": SAMPLES // 4,
            "peer": f"stated beforehand {benford.power(10_000, 0.1):.3f}",
        },
    ]  # fmt: skip


def _markets() -> dict[tuple[str, str], tax.Returns]:
    """Monthly returns by state and channel, in cents, where taxes and taxable bases are stated."""
    rows = pd.read_csv(DATA / "us_sportsbook_operator_month.csv.gz", low_memory=False)
    rows = rows[
        (rows.period_type == "monthly") & rows.sport_category.isna()
        & (rows.operator_standard != "TOTAL")
    ].sort_values("period_end")  # fmt: skip
    found: dict[tuple[str, str], tax.Returns] = {}
    for (state, channel), part in rows.groupby(["state_code", "channel"]):
        if part.tax_paid.notna().any() and part.net_revenue.notna().any():
            month = pd.to_datetime(part.period_end)
            losses = part.gross_revenue.where(part.gross_revenue < 0)
            found[str(state), str(channel)] = tax.Returns(
                period=np.asarray(month.dt.year * 12 + month.dt.month - 1, dtype=np.int64),
                operator=tuple(part.operator_raw),
                base=part.net_revenue.fillna(losses).to_numpy(float),
                tax=part.tax_paid.to_numpy(float),
            )
    return found


def taxes() -> list[Row]:
    """Off-rate rows of the American sportsbooks, found and explained, and rates that changed."""
    if _absent("us_sportsbook_operator_month.csv.gz"):
        return []
    markets = _markets()
    causes: Counter[Cause] = Counter()
    off, flagged, false, taxed = 0, 0, 0, 0
    changes = []
    for (state, channel), returns in markets.items():
        found = tax.examine(returns)
        truth = _off_by_protocol(returns, found.rates)
        told = {each.row for each in found.off}
        off, flagged = off + len(truth), flagged + len(truth & told)
        false, taxed = false + len(told - truth), taxed + found.taxed
        causes.update(each.cause for each in found.off)
        changes += [
            f"{state} {channel} {each.before:.2%} to {each.after:.2%} in "
            f"{each.period // 12}-{each.period % 12 + 1:02d}" for each in found.changes
        ]  # fmt: skip
    explained = 1 - causes[Cause.UNEXPLAINED] / max(sum(causes.values()), 1)
    return [
        {
            "name": "regulator/tax-identity", "value": round(explained, 3), "n": off,
            "unit": "share of off-rate rows explained",
            "bar": ">= 0.90, all flagged, <= 1 % false flags",
            "ok": explained >= 0.9 and flagged == off and false <= 0.01 * taxed,
            "peer": f"{flagged} of {off} flagged, {false} false of {taxed} taxed rows; "
            + ", ".join(f"{cause} {count}" for cause, count in causes.most_common()),
        },
        _rate_changes(markets, changes),
        _injected(markets),
    ]  # fmt: skip


def _off_by_protocol(returns: tax.Returns, rates: tuple[float, ...]) -> set[int]:
    """Rows with a base whose ratio is more than .0005 from every legal rate."""
    usable = np.flatnonzero((returns.base > 0) & np.isfinite(returns.tax))
    apart = np.abs((returns.tax[usable] / returns.base[usable])[:, None] - np.array(rates))
    return set(usable[apart.min(axis=1) > 0.0005 + 1e-12].tolist())


def _rate_changes(markets: dict[tuple[str, str], tax.Returns], changes: list[str]) -> Row:
    """Maryland as it is; New Jersey's last month in the copy, put on its rate of the next day."""
    jersey = markets["NJ", "online"]
    last = jersey.period == jersey.period.max()
    moved = np.where(last & (jersey.tax > 0), np.round(jersey.base * 0.1975, -2), jersey.tax)
    put = tax.examine(
        tax.Returns(period=jersey.period, operator=jersey.operator, base=jersey.base, tax=moved)
    ).changes
    found = ["MD online 15.00% to 20.00% in 2025-06" in changes and len(changes) == 1]
    found.append([(each.before, each.after) for each in put] == [(0.13, 0.1975)])
    return {
        "name": "regulator/tax-identity rates", "value": sum(found), "n": 2,
        "unit": "rate changes found in their first month", "bar": "2 of 2, no other",
        "ok": all(found),
        "peer": f"found in the figures: {', '.join(changes)}; the copy ends the day before New "
        "Jersey's 13 to 19.75 %, which was put on its last month",
    }  # fmt: skip


def _injected(markets: dict[tuple[str, str], tax.Returns]) -> Row:
    """Errors put into Pennsylvania's rows, which are all on their rate, one after the other."""
    returns = markets["PA", "online"]
    rng, right, tries = np.random.default_rng(42), 0, 300
    rows = rng.choice(np.flatnonzero(returns.base > 1e7), tries)
    for place, row in enumerate(rows):
        wanted, wrong = (Cause.UNIT, Cause.DIGIT, Cause.UNEXPLAINED)[place % 3], returns.tax.copy()
        if wanted is Cause.UNIT:
            wrong[row] *= rng.choice([0.01, 0.1, 10, 100, 1000])
        elif wanted is Cause.DIGIT:
            text = list(str(int(wrong[row])))
            text[1] = str((int(text[1]) + int(rng.integers(1, 10))) % 10)
            wrong[row] = int("".join(text))
        else:
            wrong[row] = round(wrong[row] * rng.uniform(0.5, 0.99))
        off = tax.examine(
            tax.Returns(
                period=returns.period, operator=returns.operator, base=returns.base, tax=wrong
            )
        ).off
        right += [(each.row, each.cause) for each in off] == [(row, wanted)]
    return {
        "name": "regulator/tax-identity injected", "value": round(right / tries, 3), "n": tries,
        "unit": "injected errors flagged alone and named rightly", "bar": ">= 0.95",
        "ok": right >= 0.95 * tries, "peer": "units, single digits, understatements of 1 to 50 %",
    }  # fmt: skip


def incidents() -> Row | list[Row]:
    """The 114 versions of the New York feed in their order, as its readers saw them."""
    if _absent("ny_feed_vintages.csv.gz"):
        return []
    rows = pd.read_csv(DATA / "ny_feed_vintages.csv.gz", low_memory=False)
    truth = pd.read_csv(DATA / "ny_feed_versions.csv.gz")
    period = {week: place for place, week in enumerate(sorted(rows.week_ending.unique()))}
    versions = [
        {
            (period[week], brand): (handle, revenue)
            for week, brand, handle, revenue in zip(
                part.week_ending, part.brand, part.handle_usd, part.ggr_usd, strict=True
            )
        }
        for _, part in rows.groupby("version")
    ]
    told = vintages.replay(versions)
    where = {
        kind: {place for place, found in enumerate(told) if any(x.kind is kind for x in found)}
        for kind in (Kind.BRAND_MIX_UP, Kind.SHRUNKEN_HISTORY, Kind.INCOMPLETE_PERIOD)
    }
    shrunk = set((np.flatnonzero(np.diff(truth.rows) < 0) + 1).tolist())
    partial = set(np.flatnonzero(truth.brands_in_last_week < 8).tolist())
    wrong = set(np.flatnonzero((truth.wrong_brand > 0) | (truth.value_differs > 100)).tolist())
    lost = {place for place in range(1, len(versions)) if versions[place - 1].keys()
            - versions[place].keys()}  # fmt: skip
    found = (
        len(set(MIX_UPS) & where[Kind.BRAND_MIX_UP]),
        len(shrunk & where[Kind.SHRUNKEN_HISTORY]), len(partial & where[Kind.INCOMPLETE_PERIOD]),
    )  # fmt: skip
    false = (
        len(where[Kind.BRAND_MIX_UP] - wrong) + len(where[Kind.SHRUNKEN_HISTORY] - lost)
        + len(where[Kind.INCOMPLETE_PERIOD] - partial)
    )  # fmt: skip
    return {
        "name": "regulator/feed-incidents", "value": sum(found), "n": len(versions),
        "unit": "incidents found at the first bad version", "bar": "4 + 18 + 67, <= 1 false",
        "ok": found == (4, len(shrunk), 67) == (4, 18, 67) and false <= 1,
        "peer": f"{found[0]} of 4 mix-ups, {found[1]} of {len(shrunk)} shrunken histories, "
        f"{found[2]} of {len(partial)} incomplete weeks, {false} false alarms",
    }  # fmt: skip


def weekly() -> Row | list[Row]:
    """Revenue withheld from New York's weekly figures, at half a false alarm a year."""
    if _absent("ny_weekly_operator.csv.gz"):
        return []
    rows = pd.read_csv(DATA / "ny_weekly_operator.csv.gz")
    handle, revenue = (
        rows.pivot_table(index="week_ending", columns="brand", values=each).to_numpy(float)
        for each in ("handle_usd", "ggr_usd")
    )
    panel, count = Panel(handle=handle, revenue=revenue), handle.shape[1]
    clean = [underreporting.scores(panel, each) for each in range(count)]
    together = [underreporting.calibrate(clean)] * count
    apart = [underreporting.calibrate(clean[:each] + clean[each + 1 :]) for each in range(count)]
    years = sum(int(np.isfinite(each).sum()) for each in clean) / underreporting.YEAR
    false = sum(len(underreporting.alarms(clean[each], together[each])) for each in range(count))
    cases = {
        (cut, weeks): _power(panel, clean, (together, apart), cut, weeks)
        for cut, weeks in ((0.0, 26), (0.1, 26), (0.0, 13), (0.2, 13), (0.2, 26), (0.3, 26))
    }
    power = cases[0.1, 26][0]
    return {
        "name": "regulator/under-reporting-weekly", "value": round(power, 3), "n": 12 * count,
        "unit": "found of 10 % withheld for 26 weeks", "ok": power >= 0.45,
        "bar": ">= 0.45 at 0.5 false alarms per operator-year",
        "peer": "; ".join(
            f"{cut:.0%} x {weeks}: {found[0]:.3f} (limit set on the other operators {found[1]:.3f})"
            for (cut, weeks), found in cases.items()
        ) + f"; {false / years:.3f} false alarms per operator-year; CUSUM had 0.27 by chance 0.13",
    }  # fmt: skip


def _power(
    panel: Panel, clean: list[Floats], limits: tuple[list[float], list[float]], cut: float,
    weeks: int,
) -> tuple[float, float]:  # fmt: skip
    """The share of 12 starts per operator whose window has an alarm's beginning, by both limits."""
    rng, hits, tries = np.random.default_rng(42), [0, 0], 0
    for place, told in enumerate(clean):
        stated = np.flatnonzero(np.isfinite(panel.revenue[:, place]))
        for start in rng.integers(underreporting.LEAST, stated.size - weeks + 1, 12):
            part = stated[start : start + weeks]
            first, last = int(part[0]), int(part[-1]) + 1
            revenue, scores = panel.revenue.copy(), told.copy()
            revenue[part, place] *= 1 - cut
            if cut:
                cheated = Panel(handle=panel.handle, revenue=revenue)
                new = underreporting.scores(cheated, place, first=first, last=last)
                scores[first:last] = new[first:last]
            tries += 1
            for which, limit in enumerate(limits):
                alarms = underreporting.alarms(scores, limit[place])
                hits[which] += any(first <= week < last for week in alarms)
    return hits[0] / tries, hits[1] / tries


ROWS: dict[str, Callable[[], Row | list[Row]]] = {
    "regulator/benford": digits,
    "regulator/tax-identity": taxes,
    "regulator/feed-incidents": incidents,
    "regulator/under-reporting-weekly": weekly,
}
