"""A subject is erased: what is known of it leaves the read models, and the stores exactly.

Touches, conversions and links that are in the log before the erasure go; journeys of the others
are cut anew without them. What a touch cost stays: the money was spent, and says nothing of anyone.
Should the subject come back after the erasure, it is somebody new.
"""

from django.db import connection

from attribution.projection import journeys, membership, orders, regroup
from attribution.projection.rejections import Touch, count
from attribution.projection.standing import Standing, standing
from attribution.projection.sums import rows
from eventlog import catalogue
from eventlog.contracts import StoredEvent
from tenants.privacy.contracts import SubjectErased

_TOUCHES = """
DELETE FROM attribution_touchpoint WHERE person = ANY(%s) AND subject = %s
RETURNING position, event_id, person, '', occurred_at, rejected, segment, kind, channel, campaign,
    source
"""
_CONVERSIONS = """
DELETE FROM attribution_conversion WHERE person = ANY(%s) AND subject = %s
RETURNING conversion_type, order_id
"""
_REST = (
    "DELETE FROM attribution_link WHERE %(subject)s IN (subject, other)",
    "DELETE FROM attribution_verdict WHERE event_id = ANY(%(touches)s)",
    "UPDATE attribution_moved_journey SET person = '' WHERE person = ANY(%(people)s)",
)


def erase(event: StoredEvent) -> None:
    """Forget the subjects of a ``SubjectErased``."""
    body: SubjectErased = catalogue.decode(event)
    rules = standing()
    for subject in body.subjects:
        _forget(subject, rules)


def _forget(subject: str, rules: Standing) -> None:
    links = regroup.linked([subject])
    members = {subject, *(each for link in links for each in (link.subject, link.other))}
    stored = regroup.known_persons(sorted(members))
    people = sorted({*members, *(person for person, _ in stored.values())})
    touches = [Touch(*row) for row in rows(_TOUCHES, [people, subject])]
    told = {(kind, order) for kind, order in rows(_CONVERSIONS, [people, subject]) if order}
    count(touches, [0 if touch.rejected else -1 for touch in touches])
    with connection.cursor() as cursor:
        for statement in _REST:
            cursor.execute(
                statement,
                {
                    "subject": subject,
                    "touches": [touch.event_id for touch in touches],
                    "people": people,
                },
            )
    left = [link for link in links if subject not in (link.subject, link.other)]
    changed = {*people, *regroup.regroup(members, rules.rules.shared_devices, links=left)}
    changed |= orders.elect(told, rules.rules.merging.sources)
    journeys.renew(changed, rules)
    membership.forget([subject])
