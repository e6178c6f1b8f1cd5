"""Senders with wrong clocks. Pure.

A sender that says when it sent (Segment's ``sentAt``, our ``sent_at``) shows how far its clock is
from ours; what it says about the times of its events is off by as much. Segment's formula:
timestamp = received + (original - sent).
"""

from datetime import UTC, datetime, timedelta

BELIEVED = timedelta(minutes=2)
"""Below this the difference may be the way of the request, and the sender's times are kept."""


def skew(sent_at: datetime | None, now: datetime) -> timedelta:
    """What to add to the sender's times: nothing where its clock is about right, or not known."""
    if sent_at is None:
        return timedelta(0)
    try:
        sent = sent_at.replace(tzinfo=UTC) if sent_at.tzinfo is None else sent_at.astimezone(UTC)
    except OverflowError:
        return timedelta(0)
    difference = now - sent
    return difference if abs(difference) > BELIEVED else timedelta(0)
