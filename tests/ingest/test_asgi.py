"""Spreading senders of bulk over the processes."""

from ingest.asgi import BULK_BYTES, Crowd


def test_it_leaves_a_sender_alone_that_is_alone():
    crowd = Crowd()
    with crowd.joined(BULK_BYTES) as seat:
        assert not seat.better_elsewhere(10.0)


def test_it_sends_one_of_two_senders_of_bulk_next_door_and_then_waits():
    crowd = Crowd()
    with crowd.joined(BULK_BYTES) as one, crowd.joined(BULK_BYTES) as two:
        assert one.better_elsewhere(10.0)
        assert not two.better_elsewhere(10.001)
        assert two.better_elsewhere(10.5)


def test_it_never_minds_small_requests():
    crowd = Crowd()
    with crowd.joined(100) as small, crowd.joined(100) as other, crowd.joined(BULK_BYTES) as bulk:
        assert not small.better_elsewhere(10.0)
        assert not other.better_elsewhere(10.0)
        assert not bulk.better_elsewhere(10.0)


def test_it_forgets_who_has_left():
    crowd = Crowd()
    with crowd.joined(BULK_BYTES):
        pass
    with crowd.joined(BULK_BYTES) as seat:
        assert not seat.better_elsewhere(10.0)
