"""The worker's run: find profiles anew, keep their identities, move people, say what moves them.

Deterministic: people are read in the order of their ids, samples follow from a constant seed, and
the time that recency counts back from is that of the newest act.
"""

import math
from dataclasses import asdict
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

import numpy as np

from attribution.behaviour import projection
from attribution.behaviour.features import Behaviour, behaviour
from attribution.behaviour.history import Histories
from attribution.behaviour.psychology import CLASSES, FIGURES, psychology
from attribution.credit.paths import Ints
from attribution.learned import journeys
from attribution.learned.compute import Observed
from attribution.profiles import store
from attribution.profiles.effects import Effects, effects
from attribution.profiles.fit import KNOWN, Found, fit
from attribution.profiles.matching import identities
from attribution.profiles.moving import move
from attribution.profiles.naming import named, unusual
from attribution.projection import sums
from attribution.store.words import CONVERSION_TYPE, device_and_profile
from eventlog import subscriptions

CLEAR = 0.1
"""How sure somebody's profile has to be to count as clear: nine in ten of them are right."""

_SEED = 1
_AT_ONCE = 50
_Members = dict[str, tuple[int, float]]


def due(*, now: datetime, after: timedelta) -> bool:
    """Whether a search is worth its time: none yet, or the log moved on ``after`` the last."""
    log, last = sums.checkpoint(), store.last_fit()
    if log == (0, 0):
        return False
    return last is None or ((last.xid, last.position) != log and now - last.fitted_at >= after)


def refit(*, now: datetime) -> None:
    """Find the active tenant's profiles and bring everything under them up to date."""
    log = sums.checkpoint()
    people, seen = projection.everybody()
    found = behaviour(seen, now=int(seen.at.max(initial=0)))
    result = fit(found, seed=_SEED)
    before, earlier = store.members(), store.last_fit()
    last = earlier.last if earlier else 0
    numbers: tuple[int, ...] = ()
    kept: list[store.Kept] = []
    if result is not None:
        numbers = _numbers(people, result, before, last)
        kept = _kept(seen, found, result, numbers)
    store.begin(kept)
    _move(_changed(people, result, numbers, before))
    store.finish()
    store.record(
        now=now,
        log=log,
        people=len(people),
        known=int((found.visits >= KNOWN).sum()),
        last=max((last, *numbers)),
        details={**_details(result, numbers), "profiles": [asdict(each) for each in kept]},
    )


def _numbers(
    people: tuple[str, ...], result: Found, before: _Members, last: int
) -> tuple[int, ...]:
    """The identities of the profiles found, by the people they share with those known."""
    names = np.array(people, dtype=object)
    now = [frozenset(names[result.label == row]) for row in range(len(result.centres))]
    then: dict[int, set[str]] = {}
    for person, (profile, _) in before.items():
        then.setdefault(profile, set()).add(person)
    known = {number: frozenset(each) for number, each in then.items()}
    return identities(now, known, last=last)


def _kept(
    seen: Histories, found: Behaviour, result: Found, numbers: tuple[int, ...]
) -> list[store.Kept]:
    mind = psychology(seen)
    kept = []
    for row, (number, name) in enumerate(zip(numbers, named(result.centres), strict=True)):
        mine = result.label == row
        classes = np.bincount(mind.intent[mine], minlength=len(CLASSES))
        kept.append(
            store.Kept(
                number=number,
                name=name,
                people=int(mine.sum()),
                details={
                    "sure": float(result.sure[mine].mean()),
                    "clear": float((result.sure[mine] >= CLEAR).mean()),
                    "visits": float(found.visits[mine].mean()),
                    "pages": float(found.pages[mine].mean()),
                    "intent": CLASSES[int(classes.argmax())],
                    "intents": dict(zip(CLASSES, (classes / classes.sum()).tolist(), strict=True)),
                    "figures": dict(
                        zip(FIGURES, mind.figures[mine].mean(axis=0).tolist(), strict=True)
                    ),
                    "unusual": unusual(result.centres[row]),
                },
            )
        )
    return kept


def _changed(
    people: tuple[str, ...], result: Found | None, numbers: tuple[int, ...], before: _Members
) -> _Members:
    """Who belongs elsewhere than before, or is more or less sure of it."""
    after: _Members = dict.fromkeys(before, (0, 0.0))
    if result is not None:
        for person, row, sure in zip(
            people, result.label.tolist(), result.sure.tolist(), strict=True
        ):
            if row >= 0:
                after[person] = (numbers[row], sure)
    return {person: each for person, each in after.items() if before.get(person) != each}


def _move(changed: _Members) -> None:
    rest = iter(sorted(changed.items()))
    while batch := dict(islice(rest, _AT_ONCE)):
        move(batch)
        if len(batch) == _AT_ONCE:
            subscriptions.give_way("attribution")


def _details(result: Found | None, numbers: tuple[int, ...]) -> dict[str, Any]:
    """What was weighed, and what moves whom in the conversions that earn most."""
    if result is None:
        return {}
    choices = {
        str(number): {"silhouette": each.silhouette, "stability": each.stability}
        for number, each in result.choices.items()
    }
    return {"choices": choices, "chosen": len(result.centres), "effects": _effects(numbers)}


def _effects(numbers: tuple[int, ...]) -> dict[str, Any]:
    """Per channel and group; the groups are everybody (-1), the profiles, and 0: none yet."""
    seen = journeys.observed()
    kind = main_type(seen)
    if not kind:
        return {}
    mine = (seen.conversion_type == kind) | (seen.conversion_type == 0)
    profile = np.array([device_and_profile(each)[1] for each in seen.segment[mine].tolist()])
    groups, day = (*numbers, 0), seen.day[mine]
    found = effects(seen.paths.of(mine), profile.astype(np.int64), groups, seed=_SEED)
    return {
        "conversion_type": sums.labels(CONVERSION_TYPE)[kind],
        "first_day": _day(int(day.min())),
        "last_day": _day(int(day.max())),
        "groups": [-1, *groups],
        "journeys": [int(mine.sum()), *_journeys(profile, groups)],
        **_columns(found),
    }


def main_type(seen: Observed) -> int:
    """The conversion type worth most (by number where none has a value); 0 without any."""
    kinds = seen.conversion_type[seen.conversion_type > 0]
    if not kinds.size:
        return 0
    value = np.bincount(seen.conversion_type, weights=seen.paths.value)
    value[0] = -1.0
    count = np.bincount(seen.conversion_type)
    count[0] = 0
    return int(np.lexsort((count, value))[-1])


def _journeys(profile: Ints, groups: tuple[int, ...]) -> list[int]:
    return [int((profile == group).sum()) for group in groups]


def _day(number: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=number)).isoformat()


def _columns(found: Effects) -> dict[str, Any]:
    """The arrays as lists that JSON can hold; what is not known is null."""
    return {name: _plain(getattr(found, name)) for name in Effects.__dataclass_fields__}


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
