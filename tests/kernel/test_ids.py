"""Identifiers."""

import uuid
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kernel.ids import event_id, pseudonym, uuid7

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_it_orders_uuids_by_their_moment():
    early, late = uuid7(NOON), uuid7(NOON + timedelta(milliseconds=1))
    assert early < late
    assert (early.version, early.variant) == (7, uuid.RFC_4122)


def test_it_keeps_a_clients_uuid():
    given_id = uuid.uuid4()
    assert event_id(str(given_id)) == given_id
    assert event_id(given_id.hex) == given_id


@given(st.text(min_size=1, max_size=80))
def test_it_gives_the_same_id_for_the_same_message_name(name):
    assert event_id(name) == event_id(name)


def test_it_gives_other_pseudonyms_to_other_tenants_and_kinds():
    mine = pseudonym(b"a" * 32, "u", "ann@example.org")
    assert len(mine) == 32
    assert mine == pseudonym(b"a" * 32, "u", "ann@example.org")
    assert mine != pseudonym(b"b" * 32, "u", "ann@example.org")
    assert mine != pseudonym(b"a" * 32, "a", "ann@example.org")
