"""An operator's hours judged by all members together, and what is told of it. Pure.

Each member's score becomes the chance p of as much among clean hours (``tails``); the members that
have a say are combined by Fisher's statistic, the sum of -log10 p (Statistical Methods for Research
Workers, 1925). Members look at the same hours and so are not independent: the limit is not
chi-squared's but what the combined clean scores themselves exceed once a quarter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ml.isolation.served import Isolation
from regulator.detectors.anomaly import Anomaly, Kind, Streak, severity, streaks
from regulator.features.series import Floats, Series
from regulator.learned import words
from regulator.learned.levels import STEPS
from regulator.learned.members import (
    BASELINE,
    COURSE,
    ISOLATION,
    LEAST_PAST,
    Compresses,
    Prepared,
    baseline,
    course,
    isolation,
    prepare,
    rows,
)
from regulator.learned.model import Model
from regulator.learned.tails import PAST, REFRACTORY, Tail, against_past, chances

ODD = 1e-3
"""A chance below which a member counts as having found something of its own."""
_NOTHING = float(np.log10(2.0))
KINDS = {BASELINE: Kind.BASELINE, ISOLATION: Kind.ISOLATED, COURSE: Kind.COURSE}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judged:
    """``chances`` by member and ``combined``, [hours, operators]; NaN where unknown.

    ``rows``: the features, [hours, operators, features], by each operator's own past.
    """

    given: Prepared
    rows: Floats
    chances: Mapping[str, Floats]
    combined: Floats


def scored(
    given: Prepared, told: Floats, forest: Isolation, ways: Mapping[str, Compresses],
    chosen: Mapping[str, str], other: str, *, past: slice,
) -> dict[str, Floats]:  # fmt: skip
    """Each member's scores by each operator's own ``past``; ``told`` are the features' ``rows``."""
    first = past.start or 0
    plain = {
        BASELINE: baseline(given),
        ISOLATION: isolation(forest, told),
        COURSE: course(ways, chosen, other, given, first=first),
    }
    return {
        name: against_past(each, past, least=LEAST_PAST, together=True)
        for name, each in plain.items()
    }


def combined(found: Mapping[str, Floats], members: Sequence[str]) -> Floats:
    """The sum of -log10 of the ``members``' chances; one that can't tell adds what halves add."""
    told = np.stack([-np.log10(found[name]) for name in members])
    known = np.isfinite(told)
    total = np.where(known, told, _NOTHING).sum(axis=0)
    return np.where(known.any(axis=0), total, np.nan)


def of_tails(scores: Mapping[str, Floats], tails: Mapping[str, Tail]) -> dict[str, Floats]:
    """The chance of each score, by member."""
    return {name: chances(each, tails[name]) for name, each in scores.items()}


def judge(series: Series, model: Model, *, past: slice, members: Sequence[str] = ()) -> Judged:
    """All hours, held against each operator's own hours ``past``; by the model's own members."""
    given, told = prepare(series), rows(series, past)
    packed = model.packed
    found = scored(
        given, told, model.forest, model.ways, packed.course, packed.other, past=past
    )  # fmt: skip
    likely, asked = of_tails(found, packed.tails), members or packed.members
    return Judged(
        given=given, rows=told, combined=combined(likely, asked),
        chances={name: likely[name] for name in asked},
    )  # fmt: skip


def anomalies(
    series: Series, model: Model, *, first: int, members: Sequence[str] = (),
    limit: float | None = None,
) -> list[list[Anomaly]]:  # fmt: skip
    """Of each operator what is unusual from the hour ``first`` on, each streak told once.

    Held against each operator's four weeks before ``first``. ``members`` judge instead of the
    model's own, ``limit`` stands for theirs, which clean hours exceed once a quarter.
    """
    asked = tuple(members) or tuple(model.packed.members)
    above = model.limit(asked) if limit is None else limit
    past = slice(max(first - PAST, 0), first)
    judged = judge(series, model, past=past, members=asked)
    scores = judged.combined.copy()
    scores[:first] = np.nan
    return [
        [
            _told(judged, model, operator, streak, above)
            for streak in streaks(scores[:, operator], above, refractory=REFRACTORY)
        ]
        for operator in range(len(series.operators))
    ]


def _told(judged: Judged, model: Model, operator: int, streak: Streak, limit: float) -> Anomaly:
    likely = {
        name: float(each[streak.peak, operator])
        for name, each in judged.chances.items()
        if np.isfinite(each[streak.peak, operator])
    }
    leads = min(likely, key=lambda name: likely[name])
    odd = [name for name in likely if likely[name] < ODD]
    started, ended = streak.started, streak.ended
    if leads == COURSE:  # the window that ends at the peak holds it
        started = min(streak.started, streak.peak - STEPS + 1)
        ended = max(streak.peak, streak.ended - STEPS // 2)
    score = float(judged.combined[streak.peak, operator])
    said = words.say(judged.given, judged.rows, model, operator, streak.peak, leads)
    return Anomaly(
        kind=Kind.TOGETHER if len(odd) > 1 else KINDS[leads],
        started=started, ended=ended, severity=severity(score, limit), score=score,
        explanation=f"{said.text} {words.rarity(likely[leads])}",
        evidence={
            "peak": streak.peak, "limit": limit, "leads": leads, "chances": likely,
            "model": model.version, "way": model.way(judged.given.series.operators[operator]),
            **said.evidence,
        },
    )  # fmt: skip
