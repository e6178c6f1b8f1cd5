"""What this app has concluded about people, as they are told it when they ask for their data."""

from collections.abc import Sequence
from typing import Any

from attribution.projection import people, sums, timeline
from kernel.errors import NotFound

_PROFILES = """
SELECT member.person, profile.name, member.sure FROM attribution_profile_member AS member
JOIN attribution_profile AS profile ON profile.number = member.profile
WHERE member.person = ANY(%s) ORDER BY member.person
"""

Document = dict[str, Any]


def journeys(subjects: Sequence[str]) -> list[Document]:
    """The journeys of the persons ``subjects`` belong to, newest first, with their touches."""
    found = []
    for person in _persons(subjects):
        try:
            _, _, details = timeline.details(person)
        except NotFound:
            continue
        for detail in details:
            journey = detail.journey
            found.append(
                {
                    "started_at": journey.started_at.isoformat(),
                    "ended_at": journey.ended_at.isoformat(),
                    "outcome": journey.conversion_type if journey.converted else "nothing yet",
                    "value": journey.value,
                    "touches": [
                        {
                            "at": touch.at.isoformat(),
                            "channel": touch.channel,
                            "campaign": touch.campaign,
                            "source": touch.source,
                            "kind": touch.kind,
                            "device": touch.device,
                        }
                        for touch in detail.touches
                    ],
                }
            )
    return found


def profiles(subjects: Sequence[str]) -> list[Document]:
    """The behavioural profiles the persons were put into, and how sure that is (0..1)."""
    rows = sums.rows(_PROFILES, [_persons(subjects)])
    return [{"profile": name, "sure": sure} for _, name, sure in rows]


def _persons(subjects: Sequence[str]) -> list[str]:
    known = people.persons(list(subjects))
    return sorted({known.get(subject, subject) for subject in subjects})
