"""What the worker keeps of profiles, and how it replaces it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from attribution.models import Profile, ProfileFit
from attribution.projection import membership

_MEMBERS = "SELECT person, profile, sure FROM attribution_profile_member"
_EMPTY = """
DELETE FROM attribution_profile AS profile WHERE rank < 0 AND NOT EXISTS (
    SELECT 1 FROM attribution_profile_member AS member WHERE member.profile = profile.number)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A profile as it is kept: its identity, its name, how many are in it, what is said of it."""

    number: int
    name: str
    people: int
    details: Mapping[str, Any]


def members() -> dict[str, tuple[int, float]]:
    """Person -> profile and how sure."""
    with connection.cursor() as cursor:
        cursor.execute(_MEMBERS)
        return {person: (profile, sure) for person, profile, sure in cursor.fetchall()}


def last_fit() -> ProfileFit | None:
    """The last search for profiles; ``None`` before the first."""
    return ProfileFit.objects.first()


def shown(fit: ProfileFit | None) -> list[Kept]:
    """The profiles of a whole fit, largest first: while another goes on, what it found is not yet.

    A fit written down before it kept its profiles is shown with those that are there.
    """
    if fit is None:
        return []
    said = fit.details.get("profiles")
    if said is not None:
        return [Kept(**each) for each in said]
    rows = Profile.objects.filter(rank__gte=0).order_by("rank")
    return [
        Kept(number=row.number, name=row.name, people=row.people, details=row.details)
        for row in rows
    ]


def begin(profiles: Sequence[Kept]) -> None:
    """Make ``profiles`` the current ones; those that are no more stay until they are empty."""
    with transaction.atomic():
        gone = Profile.objects.exclude(number__in=[each.number for each in profiles])
        for earlier in gone:
            earlier.rank = -1
            earlier.name = f"Earlier profile {earlier.number}"
            earlier.save(update_fields=["rank", "name"])
        for rank, each in enumerate(profiles):
            Profile.objects.update_or_create(
                number=each.number,
                defaults={
                    "name": each.name,
                    "rank": rank,
                    "people": each.people,
                    "details": dict(each.details),
                },
            )
        membership.write_segments()


def finish() -> None:
    """Forget profiles that nobody is in any more."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_EMPTY)
        membership.write_segments()


def record(
    *,
    now: datetime,
    log: tuple[int, int],
    people: int,
    known: int,
    last: int,
    details: Mapping[str, Any],
) -> None:
    """Write down the fit itself."""
    ProfileFit.objects.update_or_create(
        id=1,
        defaults={
            "fitted_at": now,
            "xid": log[0],
            "position": log[1],
            "people": people,
            "known": known,
            "last": last,
            "details": dict(details),
        },
    )
