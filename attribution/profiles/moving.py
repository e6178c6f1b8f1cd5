"""Move persons to another profile: their journeys and touches go from segment to segment, exactly.

The projection stands still meanwhile (its subscription's row is locked), so a batch moves a bounded
number of people, and nobody waits long. Taking a journey away and adding it elsewhere are integers,
so the stores are those of a rebuild, to the last unit.
"""

from collections.abc import Mapping

from django.db import transaction

from attribution.projection import cut, membership, stores, tables
from attribution.projection.names import direct
from attribution.store.words import device_and_profile, segment_of
from eventlog import subscriptions
from eventlog.subjects import keys

_COLUMNS = (("person", "text"), ("profile", "smallint"), ("sure", "double precision"))
_REPLACED = "ON CONFLICT (person) DO UPDATE SET profile = excluded.profile, sure = excluded.sure"


def move(people: Mapping[str, tuple[int, float]]) -> int:
    """Put ``people`` (person -> profile, how sure; profile 0: none) where they belong.

    Who was erased while the profiles were being looked for belongs nowhere. Returns how many
    journeys changed their segment.
    """
    with transaction.atomic():
        subscriptions.hold("attribution")
        here = set(keys.unerased(sorted(people)))
        people = {each: found if each in here else (0, 0.0) for each, found in people.items()}
        before = membership.profiles_of(people)
        changes = {
            person: (before.get(person, 0), profile)
            for person, (profile, _) in people.items()
            if before.get(person, 0) != profile
        }
        membership.move_touches(changes)
        moved = _move_journeys(changes)
        rows = [
            (person, profile, sure) for person, (profile, sure) in sorted(people.items()) if profile
        ]
        tables.insert("attribution_profile_member", _COLUMNS, rows, conflict=_REPLACED)
        membership.forget([person for person, (profile, _) in people.items() if not profile])
        return moved


def _move_journeys(changes: Mapping[str, tuple[int, int]]) -> int:
    """The journeys of ``changes`` (person -> profiles before and after) under new segments."""
    found = cut.stored(sorted(changes))
    pairs = []
    for record in found:
        device, _ = device_and_profile(record.segment)
        segment = segment_of(device, changes[record.person][1])
        if segment != record.segment:
            pairs.append((record, record._replace(segment=segment)))
    if pairs:
        cut.put_segments({fresh.id: fresh.segment for _, fresh in pairs})
        difference = [(old, -1) for old, _ in pairs] + [(fresh, 1) for _, fresh in pairs]
        stores.add(difference, direct())
    return len(pairs)
