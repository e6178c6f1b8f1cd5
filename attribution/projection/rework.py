"""Changed rules: journeys are cut anew for the people they reach, some hundred at a time.

The event only notes what is to be done; the projector does it between batches of new events, each
step in a transaction of its own, so that neither the log's horizon nor new events wait. Whoever is
cut in the meantime is cut by the new rules. In the end everything is as a rebuild makes it.
"""

from collections.abc import Collection
from typing import Any

import msgspec
from django.db import connection

from attribution.events import RulesSet
from attribution.journeys.rules import Reached, reached
from attribution.projection import journeys, orders, regroup
from attribution.projection.standing import Standing, standing
from attribution.projection.sums import rows
from attribution.store.words import IMPRESSION
from eventlog import catalogue
from eventlog.contracts import StoredEvent

PEOPLE = 500
"""People cut anew in one step."""

_INSERT = """
INSERT INTO attribution_rules (position, xid, event_id, occurred_at, actor, rules)
VALUES (%s, %s, %s, %s, %s, %s)
"""
_NOTE = """
INSERT INTO attribution_rework (id, scope, after, done, total) VALUES (1, %s, '', 0, -1)
ON CONFLICT (id) DO UPDATE SET scope = excluded.scope, after = '', done = 0, total = -1
"""
_PENDING = "SELECT scope, after, total FROM attribution_rework"
_CHANNELS = (
    "SELECT coalesce(array_agg(id), '{}') FROM attribution_name"
    " WHERE dimension = 0 AND label = ANY(%s)"
)
_TOUCHED = (
    "SELECT DISTINCT person FROM attribution_touchpoint WHERE person > %(after)s AND"
    " (%(everyone)s OR channel = ANY(%(channels)s) OR (%(views)s AND kind = %(impression)s))"
)
_TOLD = (
    "SELECT DISTINCT person FROM attribution_conversion"
    " WHERE person > %(after)s AND (%(everyone)s OR %(reports)s)"
)
_COUNT = f"SELECT count(*) FROM ({_TOUCHED} UNION {_TOLD}) AS reached"  # noqa: S608  # constants
_NEXT = (
    f"({_TOUCHED} ORDER BY person LIMIT %(limit)s)"  # constants
    f" UNION ({_TOLD} ORDER BY person LIMIT %(limit)s) ORDER BY person LIMIT %(limit)s"
)
_SUBJECTS = "SELECT subject FROM attribution_identity WHERE person = ANY(%s)"
_ORDERS = (
    "SELECT DISTINCT conversion_type, order_id FROM attribution_conversion"
    " WHERE person = ANY(%s) AND order_id <> ''"
)


def set_rules(event: StoredEvent) -> None:
    """Let the rules of a ``RulesSet`` hold, and note what follows from it."""
    body: RulesSet = catalogue.decode(event)
    scope = reached(standing().rules, body.rules)
    if _pending() is not None:
        scope = Reached(everyone=True, people=True, orders=True)
    stored = msgspec.json.encode(body.rules).decode()
    _execute(
        _INSERT,
        [event.position, event.xid, event.id, event.occurred_at, body.actor, stored],
    )
    if scope != Reached():
        _execute(_NOTE, [msgspec.json.encode(scope).decode()])


def step() -> bool:
    """Do one step of what is left to do; whether there was anything."""
    pending = _pending()
    if pending is None:
        return False
    scope, after, total = pending
    asked = _asked(scope, after)
    if total < 0:
        _execute("UPDATE attribution_rework SET total = %s", [rows(_COUNT, asked)[0][0]])
        return True
    people = [person for (person,) in rows(_NEXT, asked)]
    if not people:
        _execute("DELETE FROM attribution_rework", [])
        return True
    _renew(people, scope, standing())
    _execute(
        "UPDATE attribution_rework SET after = %s, done = done + %s", [people[-1], len(people)]
    )
    return True


def before_deciding(people: Collection[str]) -> None:
    """Do now for ``people`` what is still left to do for them, so that a change has one cause."""
    pending = _pending()
    if pending is not None and people:
        _renew(list(people), pending[0], standing())


def _renew(people: list[str], scope: Reached, rules: Standing) -> None:
    changed = set(people)
    if scope.people:
        subjects = {subject for (subject,) in rows(_SUBJECTS, [people])}
        changed |= regroup.regroup(subjects | changed, rules.rules.shared_devices)
    if scope.orders:
        told = [(kind, order) for kind, order in rows(_ORDERS, [sorted(changed)])]
        changed |= orders.elect(told, rules.rules.merging.sources)
    journeys.renew(changed, rules)


def _pending() -> tuple[Reached, str, int] | None:
    found = rows(_PENDING, [])
    if not found:
        return None
    scope, after, total = found[0]
    text = scope if isinstance(scope, str) else msgspec.json.encode(scope)
    return msgspec.json.decode(text, type=Reached), after, total


def _asked(scope: Reached, after: str) -> dict[str, Any]:
    return {
        "after": after,
        "everyone": scope.everyone,
        "channels": rows(_CHANNELS, [list(scope.channels)])[0][0],
        "views": scope.views,
        "impression": IMPRESSION,
        "reports": scope.reports,
        "limit": PEOPLE,
    }


def _execute(statement: str, parameters: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
