"""The active tenant's rings: found among its newest cases, kept until a case comes or goes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import msgspec
from django.core.cache import cache
from django.db.models import Count, Exists, Max, OuterRef, QuerySet
from django.urls import reverse

from attribution import queries as attribution
from fraud.features import words
from fraud.features.sighting import identity
from fraud.models import Case, Label
from fraud.rings.found import Ring, name_of, rings
from fraud.rings.graph import Graph, Suspicious, graph
from fraud.rings.naming import renamed
from fraud.rings.words import short
from kernel.errors import NotFound

DAYS = 30
MOST_CASES = 10_000
"""Looked at, the newest; the page says how many were not."""
MOST_DRAWN = 2_000
"""Events of a ring that are drawn, the newest."""
_KEY = "fraud-rings"
_KEPT_SECONDS = 40 * 86_400
_CELLULAR = words.code("connection", "cellular")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The rings among the cases from ``since`` on, the largest first; ``left_out`` are older."""

    rings: tuple[Ring, ...]
    since: datetime
    cases: int
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """What is in the cache: ``place`` says among which cases it was found."""

    place: str
    found: Found


def place(*, now: datetime) -> str:
    """Changes when a case comes or goes; rings found at the same place are the same."""
    seen = _window(now).aggregate(cases=Count("pk"), newest=Max("at"))
    return f"{_since(now).date()} {seen['cases']} {seen['newest']}"


def found(*, now: datetime) -> Found:
    """The rings of the last days."""
    here, before = place(now=now), _kept()
    if before and before.place == here:
        return before.found
    cases = _suspicious(_window(now).order_by("-at", "-event")[:MOST_CASES])
    again = Found(
        rings=renamed(rings(cases), before.found.rings if before else ()), since=_since(now),
        cases=len(cases), left_out=max(_window(now).count() - len(cases), 0),
    )  # fmt: skip
    cache.set(_KEY, msgspec.msgpack.encode(_Kept(place=here, found=again)), _KEPT_SECONDS)
    return again


def ring(name: str, *, now: datetime) -> Ring:
    """One ring, also by the name of another that it took in. Raises ``NotFound``."""
    held = found(now=now).rings
    for each in held:
        if each.id == name:
            return each
    for each in held:
        if any(name_of(event) == name for event in each.events):
            return each
    raise NotFound("There is no such ring, or nothing was seen of it for 30 days.")


def ring_of(event: str, *, now: datetime) -> Ring | None:
    """The ring that an event was one of when somebody looked last: a case is no reason to."""
    held = _kept()
    rings = held.found.rings if held else found(now=now).rings
    return next((each for each in rings if event in each.events), None)


def graph_of(ring: Ring) -> Graph:
    """What the newest events of a ring have in common, publishers and hubs with it."""
    return graph(_suspicious(_drawn(ring)))


def persons_of(ring: Ring) -> dict[float, str]:
    """The pseudonyms of the persons that are drawn, by their id."""
    subjects = _drawn(ring).values_list("subject", flat=True)
    return {identity("subject", each): each for each in subjects if each}


def cases_of(ring: Ring) -> QuerySet[Any]:
    """The cases of a ring, the newest first."""
    return Case.objects.filter(event__in=ring.events).order_by("-at", "-event")


def unlabelled(ring: Ring, *, without: Collection[str]) -> QuerySet[Any]:
    """Its cases nobody has said anything of, the newest first; ``without`` are as good as said."""
    said = Label.objects.filter(event=OuterRef("event"))
    return cases_of(ring).exclude(event__in=list(without)).exclude(Exists(said))


def publisher_names(publishers: Collection[float]) -> dict[float, str]:
    """Names of publishers by their id; of one that no report knows, a short one of its own."""
    known = {identity("publisher", name): name for name in attribution.sources()}
    return {each: known.get(each) or short(("publisher", each)) for each in publishers}


def page_of(ring: Ring) -> str:
    """The address of a ring's page, within the portal."""
    return reverse("ring", args=[ring.id])


def _since(now: datetime) -> datetime:
    """Midnight: what is looked at must not change every minute."""
    return datetime.combine((now - timedelta(days=DAYS)).date(), time(), tzinfo=now.tzinfo)


def _window(now: datetime) -> QuerySet[Any]:
    return Case.objects.filter(at__gte=_since(now))


def _drawn(ring: Ring) -> QuerySet[Any]:
    return Case.objects.filter(event__in=ring.events[-MOST_DRAWN:])


def _kept() -> _Kept | None:
    """What was found last; ``None`` where nothing was, or by a version that kept it otherwise."""
    held = cache.get(_KEY)
    try:
        return msgspec.msgpack.decode(held, type=_Kept) if held else None
    except msgspec.MsgspecError:
        return None


def _suspicious(rows: QuerySet[Any]) -> Sequence[Suspicious]:
    told = rows.values_list(
        "event", "at", "kind", "value", "record__entities", "record__features__connection"
    )
    return [
        Suspicious(
            event=str(event),
            at=at,
            kind=kind,
            value=value,
            entities=entities or {},
            cellular=connection == _CELLULAR,
        )
        for event, at, kind, value, entities, connection in told
    ]
