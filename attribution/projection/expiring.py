"""Events expired: what they were projected to leaves the read models, as if they had never been.

The event only notes how old and where in the log; the projector then forgets links, touches and
conversions some hundred people at a time, between batches of new events, and cuts journeys anew
without them. In the end everything is as a rebuild of the log that is left makes it; what touches
cost goes with them, for nobody could add it up again.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection

from attribution.projection import journeys, orders, regroup
from attribution.projection.rejections import Touch, count
from attribution.projection.standing import Standing, standing
from attribution.projection.sums import rows
from eventlog import catalogue
from eventlog.contracts import StoredEvent
from eventlog.seal.contracts import EventsExpired

PEOPLE = 500
"""People, or links, forgotten in one step."""

_NOTE = """
INSERT INTO attribution_expiring (position, xid, before, after) VALUES (%s, %s, %s, '')
"""
_PENDING = "SELECT position, xid, before, after FROM attribution_expiring ORDER BY position LIMIT 1"
_OLD = "occurred_at < %(before)s AND (xid, position) < (%(xid)s, %(position)s)"
_LINKS = (
    f"DELETE FROM attribution_link WHERE ctid = ANY(ARRAY("  # noqa: S608  # constants
    f"SELECT ctid FROM attribution_link WHERE {_OLD} LIMIT %(limit)s)) RETURNING subject, other"
)
_HAVING = (
    f"(SELECT DISTINCT person FROM {{}} WHERE person > %(after)s AND {_OLD}"  # noqa: S608  # constants
    " ORDER BY person LIMIT %(limit)s)"
)
_NEXT = " UNION ".join(
    _HAVING.format(table) for table in ("attribution_touchpoint", "attribution_conversion")
) + " ORDER BY person LIMIT %(limit)s"  # fmt: skip
_TOUCHES = (
    f"DELETE FROM attribution_touchpoint WHERE person = ANY(%(people)s) AND {_OLD}"  # noqa: S608  # constants
    " RETURNING position, event_id, person, '', occurred_at, rejected, segment, kind, channel,"
    " campaign, source"
)
_CONVERSIONS = (
    f"DELETE FROM attribution_conversion WHERE person = ANY(%(people)s) AND {_OLD}"  # noqa: S608  # constants
    " RETURNING conversion_type, order_id"
)
_LAST = (
    "UPDATE attribution_spend SET touch_cost = 0 WHERE day < %(day)s AND touch_cost <> 0",
    "DELETE FROM attribution_foreign_cost WHERE touches AND day < %(day)s",
    "DELETE FROM attribution_moved_journey WHERE ended_at < %(before)s",
    "DELETE FROM attribution_expiring WHERE position = %(position)s",
)


class Pending(NamedTuple):
    """What is still to be forgotten: up to where in the log, older than what, behind whom."""

    position: int
    xid: int
    before: datetime
    after: str


def note(event: StoredEvent) -> None:
    """Note what an ``EventsExpired`` says."""
    body: EventsExpired = catalogue.decode(event)
    before = datetime.fromisoformat(body.before)
    _execute(_NOTE, [event.position, event.xid, before])


def step() -> bool:
    """Forget the next few; whether there was anything to do."""
    found = rows(_PENDING, [])
    if not found:
        return False
    pending = Pending(*found[0])
    asked = {**pending._asdict(), "limit": PEOPLE}
    rules = standing()
    links = rows(_LINKS, asked)
    if links:
        _unlink({subject for link in links for subject in link}, rules)
        return True
    people = [person for (person,) in rows(_NEXT, asked)]
    if people:
        _forget(people, asked, rules)
        after = "UPDATE attribution_expiring SET after = %s WHERE position = %s"
        _execute(after, [people[-1], pending.position])
        return True
    day = pending.before.astimezone(UTC).date()
    for statement in _LAST:
        _execute(statement, {**asked, "day": day})
    return True


def _unlink(subjects: set[str], rules: Standing) -> None:
    """Group those anew who were linked by what expired: whoever moved is cut anew."""
    moved = regroup.regroup(subjects, rules.rules.shared_devices)
    journeys.renew(moved, rules)


def _forget(people: Sequence[str], asked: dict[str, Any], rules: Standing) -> None:
    asked = {**asked, "people": list(people)}
    touches = [Touch(*row) for row in rows(_TOUCHES, asked)]
    told = {(kind, order) for kind, order in rows(_CONVERSIONS, asked) if order}
    count(touches, [0 if touch.rejected else -1 for touch in touches])
    _execute(
        "DELETE FROM attribution_verdict WHERE event_id = ANY(%s)",
        [[touch.event_id for touch in touches]],
    )
    changed = {*people, *orders.elect(told, rules.rules.merging.sources)}
    journeys.renew(changed, rules)


def _execute(statement: str, parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
