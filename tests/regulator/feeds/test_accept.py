"""Batches of a feed: what is kept, what is refused and why, and the receipt for it."""

import hashlib
import json
from datetime import timedelta, timezone

import pytest
from cryptography.exceptions import InvalidSignature
from django.conf import settings

from eventlog import read
from eventlog.seal import sealer, signing
from kernel import clock
from regulator import queries
from regulator.feeds import receipts
from tests.eventlog.events import settle
from tests.regulator.told import feed_key, minutes, project, send, stake


def key_of_the_log():
    return signing.known()[-1].verifier


def test_it_keeps_good_records_and_says_of_each_bad_one_what_is_wrong(lucky):
    good = stake(1, at=minutes(1))
    bad = {
        "operator_not_yours": {"operator": "other"},
        "unknown_game_type": {"game_type": "dice"},
        "unknown_type": {"type": "bonus"},
        "negative_amount": {"amount": -1},
        "amount_too_large": {"amount": 10**12 + 1},
        "wrong_currency": {"currency": "USD"},
        "sequence_missing": {"sequence": None},
        "id_missing": {"id": None},
        "player_invalid": {"player": "ada@example.com"},
        "time_missing": {"occurred_at": None},
        "in_future": {"occurred_at": "2999-01-01T00:00:00Z"},
        "wrong_type": {"amount": "5"},
    }

    answer = lucky(good, *({**good, **changes} for changes in bad.values()))

    assert [each["code"] for each in answer["rejected"]] == list(bad)
    assert [each["index"] for each in answer["rejected"]] == list(range(1, len(bad) + 1))
    assert (answer["accepted"], answer["duplicates"]) == (1, 0)


def test_the_same_record_again_is_a_duplicate_and_has_a_receipt_of_its_own(lucky):
    first = lucky(stake(1, at=minutes(1)), stake(2, at=minutes(2)))
    again = lucky(stake(2, at=minutes(2)), stake(3, at=minutes(3)), stake(3, at=minutes(3)))

    assert (again["accepted"], again["duplicates"]) == (1, 2)
    before = receipts.checked(first["receipt"], key_of_the_log())
    after = receipts.checked(again["receipt"], key_of_the_log())
    assert (after.number, after.first, after.last, after.count) == (2, 2, 3, 3)
    assert after.previous == before.hash


# A record with another time has another place in the log: its id is known once the log is sealed.
@pytest.mark.parametrize(
    ("sealed", "change"),
    [
        (False, {"amount": 1}),
        (True, {"amount": 1}),
        (True, {"occurred_at": minutes(9).isoformat()}),
    ],
)
def test_a_record_that_says_something_else_than_before_is_refused_and_remembered(
    lucky, sealed, change
):
    lucky(stake(1, at=minutes(1)))
    if sealed:
        settle()
        sealer.catch_up(now=clock.now())

    answer = lucky({**stake(1, at=minutes(1)), **change})

    assert [each["code"] for each in answer["rejected"]] == ["event_differs"]
    project()
    assert queries.feed("lucky").refused == 1
    assert queries.receipts("lucky")[0].faults == ((1, "event_differs"),)


def test_an_operator_can_make_the_receipts_hash_from_what_it_sent(lucky):
    here = minutes(1).astimezone(timezone(timedelta(hours=2)))
    sent = [stake(1, at=here), stake(2, at=minutes(2), type="payout")]

    receipt = receipts.checked(lucky(*sent)["receipt"], key_of_the_log())

    times = [f"{minutes(number):%Y-%m-%dT%H:%M:%S.%f}Z" for number in (1, 2)]
    lines = [
        json.dumps({**each, "occurred_at": at}, sort_keys=True, separators=(",", ":")) + "\n"
        for each, at in zip(sent, times, strict=True)
    ]
    assert receipt.digest == hashlib.sha256("".join(lines).encode()).hexdigest()


def test_a_receipt_that_was_changed_or_is_of_another_key_does_not_hold(lucky):
    from eventlog.merkle import notes
    from eventlog.merkle.notes import Verifier

    note = lucky(stake(1, at=minutes(1)))["receipt"]
    foreign = Verifier(name=key_of_the_log().name, public=notes.public_of(notes.new_private_key()))

    with pytest.raises(receipts.BadReceipt):
        receipts.checked(note.replace("\n1 1 1\n", "\n1 1 2\n"), key_of_the_log())
    with pytest.raises(receipts.BadReceipt):
        receipts.checked(note, foreign)


def test_what_nothing_was_kept_of_leaves_no_trace_in_the_log(lucky):
    before = read.latest(limit=1)

    answer = lucky(stake(1, at=minutes(1), amount=-5))

    assert answer["receipt"] is None
    assert read.latest(limit=1) == before


def test_only_a_key_of_a_feed_can_send_and_only_for_a_registered_operator(authority, committed_key):
    unknown = send(feed_key(authority, "nobody"), stake(1, at=minutes(1)), tenant=authority)
    other = send(committed_key, stake(1, at=minutes(1)), tenant=authority)
    none = send("", stake(1, at=minutes(1)), tenant=authority)

    assert (unknown.status_code, unknown.json()["code"]) == (403, "not_registered")
    assert (other.status_code, other.json()["code"]) == (403, "missing_scope")
    assert none.status_code == 401


def test_a_batch_that_is_too_long_or_no_batch_is_refused_as_a_whole(authority):
    key = feed_key(authority)

    long = send(key, *[stake(1, at=minutes(1))] * 1_001, tenant=authority)

    assert (long.status_code, long.json()["code"]) == (413, "too_many_events")


def test_the_check_that_operators_are_shown_takes_receipts_and_nothing_else(lucky):
    told = (settings.ROOT / "docs" / "feeds.md").read_text()
    names: dict = {}
    exec(told.split("```python\n")[1].split("```")[0], names)
    sent = [stake(number, at=minutes(number)) for number in (1, 2, 3)]
    note = lucky(*sent)["receipt"]
    lines = [
        {**each, "occurred_at": f"{minutes(each['sequence']):%Y-%m-%dT%H:%M:%S.%f}Z"}
        for each in sent
    ]

    names["check"](note, key_of_the_log().text, lines)

    with pytest.raises(AssertionError):
        names["check"](note, key_of_the_log().text, lines[:2])
    with pytest.raises(InvalidSignature):
        names["check"](note.replace(" 3\n", " 2\n"), key_of_the_log().text, lines)
