"""Appending: duplicates, immutability, leaves recomputed from what the database gives back."""

import uuid
from datetime import timedelta

import msgspec
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from hypothesis import HealthCheck, given, settings

from eventlog import canonical
from eventlog.append import append
from eventlog.contracts import NoTenant
from tests.eventlog.events import NOON, event
from tests.eventlog.test_canonical import PAYLOADS

pytestmark = pytest.mark.django_db


def stored(columns: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM event ORDER BY position")
        return cursor.fetchall()


def execute(*statements: str) -> None:
    """Run the statements in a savepoint of their own, so that a refusal leaves the test going."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_it_appends_a_batch_in_order(as_acme):
    answer = append([event(number) for number in range(5)], recorded_at=NOON)
    assert (answer.accepted, answer.duplicates) == (5, 0)
    assert [as_json(row[0])["number"] for row in stored("payload")] == [0, 1, 2, 3, 4]


def test_it_keeps_the_columns_it_was_given(as_acme):
    append([event(1, sealed=b"\x00\xff\\x", payload={"text": 'a\tb\nc\\d"é'})], recorded_at=NOON)
    (row,) = stored("id, type, version, subject, occurred_at, recorded_at, source, payload, sealed")
    expected = event(1)
    assert row[:7] == (
        expected.id,
        "test.happened",
        1,
        "0" * 32,
        expected.occurred_at,
        NOON,
        "test",
    )
    assert as_json(row[7]) == {"text": 'a\tb\nc\\d"é'}
    assert bytes(row[8]) == b"\x00\xff\\x"


def as_json(value):
    return value if isinstance(value, dict) else msgspec.json.decode(value)


def test_it_recognises_a_repeat_within_a_batch_and_between_batches(as_acme):
    first = append([event(1), event(2), event(1)], recorded_at=NOON)
    assert list(first.duplicate) == [False, False, True]
    again = append([event(2), event(3)], recorded_at=NOON + timedelta(minutes=1))
    assert list(again.duplicate) == [True, False]
    assert len(stored("id")) == 3


def test_it_answers_when_every_event_is_a_repeat(as_acme):
    append([event(1)], recorded_at=NOON)
    answer = append([event(1), event(1)], recorded_at=NOON)
    assert (answer.accepted, answer.duplicates) == (0, 2)


def test_it_takes_an_empty_batch(as_acme):
    assert append([], recorded_at=NOON).accepted == 0


def test_it_refuses_to_work_without_a_tenant():
    connection.set_schema_to_public()
    with pytest.raises(NoTenant):
        append([event(1)], recorded_at=NOON)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET source = 'x'",
        "DELETE FROM event",
        "TRUNCATE event",
        "UPDATE first_seen SET occurred_at = now()",
        "DELETE FROM first_seen",
    ],
)
def test_it_refuses_the_application_to_change_the_log(as_acme, statement):
    append([event(1)], recorded_at=NOON)
    with pytest.raises(ProgrammingError, match="permission denied"):
        execute(statement)


@pytest.mark.parametrize(
    "statement", ["UPDATE event SET source = 'x'", "DELETE FROM event", "TRUNCATE event"]
)
def test_it_refuses_even_the_owner_to_change_the_log(as_acme, statement):
    append([event(1)], recorded_at=NOON)
    with pytest.raises(IntegrityError, match="immutable"):
        execute("SET LOCAL ROLE NONE", statement)


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(PAYLOADS)
def test_it_can_recompute_every_leaf_from_the_database(as_acme, payload):
    new = event(0, id=uuid.uuid4(), payload=payload)
    append([new], recorded_at=NOON)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, type, version, subject, occurred_at, recorded_at, source, payload::text,"
            " sealed, leaf FROM event WHERE id = %s",
            [new.id],
        )
        row = dict(zip([each.name for each in cursor.description], cursor.fetchone(), strict=True))
    leaf = bytes(row.pop("leaf"))
    for name in ("occurred_at", "recorded_at"):
        row[name] = canonical.timestamp(row[name])
    row["payload"] = canonical.encode(msgspec.json.decode(row["payload"]))
    assert leaf == canonical.leaf_hash(canonical.leaf_input(**row))


def test_it_keeps_tenants_apart(as_tenant, acme, rival):
    with as_tenant(acme):
        append([event(1)], recorded_at=NOON)
    with as_tenant(rival):
        assert stored("id") == []


def test_it_uses_a_hypertable_where_the_server_has_timescaledb(as_acme):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_extension WHERE extname = 'timescaledb'")
        (extension,) = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM pg_available_extensions WHERE name = 'timescaledb'")
        (available,) = cursor.fetchone()
        assert extension == available
        cursor.execute(
            "SELECT count(*) FROM information_schema.tables WHERE table_schema ="
            " '_timescaledb_catalog' AND table_name = 'hypertable'"
        )
        assert cursor.fetchone()[0] == extension


def test_it_takes_the_same_id_at_another_time_for_another_event(as_acme):
    append([event(1)], recorded_at=NOON)
    later = event(1, occurred_at=NOON + timedelta(days=30))
    assert append([later], recorded_at=NOON).accepted == 1
