"""Anomalies on request: of an operator's own figures, or of a series that the caller sends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from kernel.errors import DomainError, InvalidInput
from regulator import queries
from regulator.detectors import baseline
from regulator.detectors.anomaly import Anomaly, Kind
from regulator.features.series import FIGURES, Series
from regulator.learned import reading, serving
from regulator.learned.judging import anomalies
from regulator.learned.members import BASELINE, COURSE, ISOLATION, MEMBERS
from regulator.learned.model import Model
from regulator.learned.tails import REFRACTORY

HISTORY = 70 * 24
"""Hours before the first that is judged: what is due, and the own past, are learned of them."""
LEAST_HISTORY = 49 * 24
MOST_DAYS = 31
MOST_VALUES = HISTORY + MOST_DAYS * 24
_HOUR = timedelta(hours=1)
BASELINE_VERSION = "1"
KINDS = [str(each) for each in (Kind.BASELINE, Kind.ISOLATED, Kind.COURSE, Kind.TOGETHER)]


class TooFewValues(InvalidInput):
    """What is usual can't be told from so few hours."""

    code = "too_few_values"
    title = "There are too few hours before"


class InvalidSeries(InvalidInput):
    """Values that are not one hour after the other."""

    code = "invalid_series"
    title = "The values can't be used"


class NoModel(DomainError):
    """Members were asked that have not been trained."""

    code = "no_model"
    http_status = 409
    title = "Nothing was learned of this market yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """An hour of a caller's series; amounts in the smallest unit."""

    at: datetime
    stakes: float
    payouts: float
    events: float
    refunds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """What was found in the hours from ``start`` until ``end``, by whom."""

    operator: str
    start: datetime
    end: datetime
    members: tuple[tuple[str, str], ...]
    """By name, the version of each member that judged."""
    series: Series
    found: tuple[Anomaly, ...]


def of_operator(
    name: str, *, start: datetime, end: datetime, members: Sequence[str] = ()
) -> Detected:
    """Anomalies in an operator's hours from ``start`` until ``end``.

    Raises ``NotFound``, ``InvalidSeries``, ``TooFewValues`` or ``NoModel``.
    """
    queries.operator(name)
    hours = (end - start) // _HOUR
    if not 1 <= hours <= MOST_DAYS * 24:
        raise InvalidSeries(f"At most {MOST_DAYS} days, and at least an hour, are judged at once.")
    series = reading.series(until=end, hours=hours + HISTORY)
    place = series.operators.index(name)
    known = np.flatnonzero(np.isfinite(series.values[:, place, 0]))
    first = len(series) - hours
    if not known.size or first - known[0] < LEAST_HISTORY:
        raise TooFewValues(_few())
    return _detected(series, place, first, members)


def of_values(values: Sequence[Value], *, members: Sequence[str] = ()) -> Detected:
    """Anomalies in a caller's series: those after the first weeks, which say what is usual.

    Hours may be missing. Raises ``InvalidSeries``, ``TooFewValues`` or ``NoModel``.
    """
    series = _series(values)
    first = min(HISTORY, max(LEAST_HISTORY, len(series) - MOST_DAYS * 24))
    if len(series) <= first:
        raise TooFewValues(_few())
    return _detected(series, 0, first, members)


def _series(values: Sequence[Value]) -> Series:
    begins = values[0].at
    places = [(each.at - begins) / _HOUR for each in values]
    if any(place != int(place) for place in places) or places != sorted(set(places)):
        raise InvalidSeries("Values are whole hours apart, each hour once, in the order of time.")
    if places[-1] >= MOST_VALUES:
        raise InvalidSeries(f"A series may span {MOST_VALUES:,} hours.")
    hours = int(places[-1]) + 1
    found, refunds = np.full((hours, 1, len(FIGURES)), np.nan), np.full((hours, 1), np.nan)
    for place, each in zip(places, values, strict=True):
        found[int(place), 0] = (each.stakes, each.payouts, each.events)
        refunds[int(place), 0] = each.refunds
    return Series(start=begins, operators=("",), values=found, refunds=refunds)


def _detected(series: Series, place: int, first: int, members: Sequence[str]) -> Detected:
    model = serving.champion()
    if model is None:
        if members and set(members) != {BASELINE}:
            raise NoModel("Only the baseline can judge; the other members are not trained yet.")
        found = _by_baseline(series, place, first)
        versions: tuple[tuple[str, str], ...] = ((BASELINE, BASELINE_VERSION),)
    else:
        found = anomalies(series, model, first=first, members=members)[place]
        versions = _versions(model, series.operators[place], members or model.packed.members)
    return Detected(
        operator=series.operators[place], start=series.at(first), end=series.at(len(series)),
        members=versions, series=series, found=tuple(found),
    )  # fmt: skip


def _by_baseline(series: Series, place: int, first: int) -> list[Anomaly]:
    """What any figure shows by itself, from ``first`` on, the earliest first."""
    told: list[Anomaly] = []
    for name in FIGURES:
        of = baseline.anomalies(series.figure(name), refractory=REFRACTORY)[place]
        told += [each for each in of if each.ended >= first]
    return sorted(told, key=lambda each: (each.started, -each.score))


def _versions(model: Model, operator: str, members: Sequence[str]) -> tuple[tuple[str, str], ...]:
    names = {
        BASELINE: BASELINE_VERSION, ISOLATION: model.version,
        COURSE: f"{model.way(operator)} {model.version}",
    }  # fmt: skip
    return tuple((name, names[name]) for name in MEMBERS if name in members)


def _few() -> str:
    return f"What is usual is learned of the {LEAST_HISTORY // 24} days before what is judged."


def document(found: Detected) -> dict[str, Any]:
    """As the API answers."""
    return {
        "operator": found.operator, "start": found.start, "end": found.end,
        "members": [{"name": name, "version": version} for name, version in found.members],
        "anomalies": [
            {
                "operator": found.operator, "kind": str(each.kind),
                "started_at": found.series.at(each.started),
                "ended_at": found.series.at(each.ended + 1),
                "severity": each.severity, "score": each.score, "evidence": dict(each.evidence),
                "explanation": each.explanation,
            }
            for each in found.found
        ],
    }  # fmt: skip
