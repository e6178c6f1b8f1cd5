"""Two members that know what gaming revenue is made of. Pure; all series of a panel at once.

*Hold times handle*: GGR is what was staked times the share that the house kept. Stakes are smooth
and seasonal, hold is noise about a level that hardly moves, so each is forecast for what it is:
stakes as the same months of the last year times half of the growth that the latest months show
(growth fades: half of it was best on young and old markets alike), hold as its weighted mean with a
season that all series share. *Level times season*: the same where stakes are unknown.

Constants were chosen on series and origins that the benchmark does not measure.
"""

import numpy as np

from regulator.detectors.anomaly import Floats, Ints
from regulator.forecasts.panel import YEAR, Panel, bridged

GROWTH_KEPT = 0.5
GROWTH_MONTHS = 4
GROWTH_MOST = 0.5
"""In logarithms: a market is not expected to grow or shrink by more than a factor of 1.65."""
OLDER_YEAR = 0.2
"""The weight of the year before last, brought to the level of the last one."""
HOLD_HALF_LIFE = 8.0
HOLD_SEASON = 0.5
HOLD_MONTHS = 48
HOLD_FAR = 1.5
"""Holds further from the median than this share of it are slips of the pen or jackpots."""
LEVEL_HALF_LIFE = 6.0
OWN_SEASON = 0.5
LEAST_SEASON = 18
_SEASON_FLOOR = 0.2


def handle_ahead(panel: Panel, horizon: int) -> Floats:
    """Stakes of the next ``horizon`` months by series; NaN where under a year is known."""
    positive = np.where(panel.handle > 0, panel.handle, np.nan)
    logs = bridged(np.log(positive))
    if panel.months < YEAR:
        return np.full((horizon, len(panel.names)), np.nan)
    base = logs[-YEAR:].copy()
    yearly = logs[YEAR:] - logs[:-YEAR]
    recent = _mean(yearly[-GROWTH_MONTHS:])
    if panel.months >= 2 * YEAR:
        older = logs[-2 * YEAR : -YEAR] + _mean(yearly[-YEAR:])
        mixed = (1 - OLDER_YEAR) * base + OLDER_YEAR * older
        base = np.where(np.isfinite(mixed), mixed, base)
    growth = np.clip(np.nan_to_num(recent), -GROWTH_MOST, GROWTH_MOST)
    ahead = np.arange(horizon)
    years = 1 + ahead // YEAR
    kept = GROWTH_KEPT * (1 - GROWTH_KEPT**years) / (1 - GROWTH_KEPT)
    told: Floats = np.exp(base[ahead % YEAR] + kept[:, None] * growth)
    return told


def hold_ahead(panel: Panel, horizon: int) -> Floats:
    """The share of stakes kept in the next ``horizon`` months; NaN where under a year is known."""
    with np.errstate(divide="ignore", invalid="ignore"):
        hold = np.where(panel.handle > 0, panel.ggr / panel.handle, np.nan)
    usual = _median(hold[-3 * YEAR :])
    hold = np.where(np.abs(hold - usual) <= HOLD_FAR * np.abs(usual) + 1e-12, hold, np.nan)
    level = _weighted(hold, HOLD_HALF_LIFE)
    season = _hold_season(hold / np.where(level == 0, np.nan, level), panel)
    return level * season[panel.calendar(horizon)][:, None]


def _hold_season(relative: Floats, panel: Panel) -> Floats:
    """By month of the year, what all series' hold has been beside its level; half of it."""
    shared = _median(relative[-HOLD_MONTHS:].T)
    calendar, season = panel.calendar()[-HOLD_MONTHS:], np.ones(YEAR)
    if not np.isfinite(shared).any():
        return season
    usual = float(np.nanmean(shared))
    for month in range(YEAR):
        of = shared[(calendar == month) & np.isfinite(shared)]
        if of.size:
            season[month] += HOLD_SEASON * (float(of.mean()) - usual)
    return season


def held(panel: Panel, horizon: int) -> Floats:
    """Hold times handle of the next ``horizon`` months by series."""
    return handle_ahead(panel, horizon) * hold_ahead(panel, horizon)


def level_season(panel: Panel, horizon: int) -> Floats:
    """Level times season of the next ``horizon`` months; NaN where under 18 months are known."""
    shared, calendar = _shared_season(panel), panel.calendar()
    told = np.full((horizon, len(panel.names)), np.nan)
    for place, series in enumerate(bridged(panel.ggr).T):
        if np.isfinite(series).sum() < LEAST_SEASON or not np.isfinite(series[-1]):
            continue
        season = _season(series, calendar, shared)
        level = float(_weighted((series / season[calendar])[:, None], LEVEL_HALF_LIFE)[0])
        growth = np.exp(GROWTH_KEPT * _growth(series))
        told[:, place] = level * growth * season[panel.calendar(horizon)]
    return told


def _shared_season(panel: Panel) -> Floats:
    """The season of stakes, by month of the year with mean 1: the median of all series."""
    season = np.zeros(YEAR)
    if panel.months >= YEAR:
        logs = bridged(np.log(np.where(panel.handle > 0, panel.handle, np.nan)))[-YEAR:]
        season[panel.calendar()[-YEAR:]] = np.nan_to_num(_median((logs - _mean(logs)).T))
    shaped: Floats = np.exp(season) / np.exp(season).mean()
    return shaped


def _season(series: Floats, calendar: Ints, shared: Floats) -> Floats:
    """A series' own season of up to three whole years, half of it, with the shared one."""
    own, years = np.zeros(YEAR), 0
    for ago in range(3):
        end = series.size - YEAR * ago
        year = series[max(end - YEAR, 0) : end]
        if year.size < YEAR or not np.isfinite(year).all() or year.mean() <= 0:
            break
        own[calendar[end - YEAR : end]] += year / year.mean()
        years += 1
    if not years:
        return np.ones(YEAR)
    mixed = np.maximum(OWN_SEASON * own / years + (1 - OWN_SEASON) * shared, _SEASON_FLOOR)
    return mixed / float(mixed.mean())


def _growth(series: Floats) -> float:
    """The growth of the last year over the one before, in logarithms; 0 where it has none."""
    last, before = series[-YEAR:], series[-2 * YEAR : -YEAR]
    if np.isfinite(before).sum() < YEAR - GROWTH_MONTHS:
        return 0.0
    new, old = float(np.nanmean(last)), float(np.nanmean(before))
    if new <= 0 or old <= 0:
        return 0.0
    return float(np.clip(np.log(new / old), -GROWTH_MOST, GROWTH_MOST))


def _weighted(table: Floats, half_life: float) -> Floats:
    """The mean of each column, a month's weight halved every ``half_life`` months."""
    weights = 0.5 ** (np.arange(table.shape[0])[::-1] / half_life)
    seen = np.isfinite(table)
    total = np.where(seen, weights[:, None], 0.0).sum(axis=0)
    level = np.where(seen, table * weights[:, None], 0.0).sum(axis=0)
    enough = seen.sum(axis=0) >= YEAR
    return np.where(enough, level / np.where(enough, total, 1.0), np.nan)


def _mean(table: Floats) -> Floats:
    """The mean of what is known of each column; NaN where nothing is."""
    seen = np.isfinite(table)
    count = seen.sum(axis=0)
    total = np.where(seen, table, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _median(table: Floats) -> Floats:
    """The median of what is known of each column; NaN where nothing is."""
    seen = np.isfinite(table).any(axis=0)
    found = np.full(table.shape[1], np.nan)
    if seen.any():
        found[seen] = np.nanmedian(table[:, seen], axis=0)
    return found
