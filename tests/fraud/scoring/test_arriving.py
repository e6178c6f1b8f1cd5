"""Ingestion's step: each event scored once, what is false kept with its reasons."""

import msgspec
import pytest
import redis
from django.db import connection

from eventlog.catalogue import decode_payload
from fraud.contracts import Verdict
from fraud.scoring import arriving, policy, states
from fraud.scoring.decide import Policy, PolicyUnusable, again
from kernel import clock
from tests.sending import post_events


def records(as_tenant, tenant, type="fraud.scored"):
    """What the log holds of a type, oldest first."""
    with as_tenant(tenant), connection.cursor() as cursor:
        cursor.execute(
            "SELECT type, version, payload::text FROM event WHERE type = %s"
            " ORDER BY xid, position", [type],
        )  # fmt: skip
        return [decode_payload(*row) for row in cursor.fetchall()]


@pytest.mark.usefixtures("scoring")
def test_it_answers_with_scores(acme_key, injected):
    answer = post_events(acme_key, *injected)

    assert answer["accepted"] == 2
    click, install = answer["scores"]
    assert (click["index"], click["verdict"]) == (0, "allow")
    assert (install["index"], install["verdict"], install["score"]) == (1, "block", 86)
    assert install["id"]


def test_it_keeps_the_decision_with_all_it_was_made_from(acme_key, injected, scoring, as_tenant):
    post_events(acme_key, *injected)

    (record,) = records(as_tenant, scoring)

    assert (record.verdict, record.type) == (Verdict.BLOCK, "conversion.recorded")
    assert record.features["ctit"] == pytest.approx(0.3)
    assert again(record).record(record.event, record.type, Policy(on=True)) == record


def test_a_retry_is_scored_once(acme_key, injected, scoring, as_tenant):
    post_events(acme_key, *injected)

    answer = post_events(acme_key, *injected)

    assert (answer["duplicates"], answer["scores"]) == (2, [])
    assert len(records(as_tenant, scoring)) == 1


def test_without_a_policy_nothing_is_scored(acme, acme_key, injected, as_tenant):
    assert post_events(acme_key, *injected)["scores"] == []
    assert records(as_tenant, acme) == []


@pytest.mark.usefixtures("scoring")
def test_a_rivals_events_play_no_part(acme_key, rival, rival_key, injected, as_tenant):
    with as_tenant(rival):
        policy.put(Policy(on=True), actor="b" * 32, now=clock.now())
    click, install = injected

    post_events(rival_key, click)
    answer = post_events(acme_key, install)

    assert answer["scores"][0]["verdict"] == "allow"  # acme never saw the click
    assert records(as_tenant, rival) == []


@pytest.mark.usefixtures("scoring")
@pytest.mark.parametrize(
    "error", [redis.ConnectionError, redis.OutOfMemoryError, redis.ReadOnlyError, OSError]
)
def test_events_are_taken_without_a_score_when_redis_is_away(
    acme_key, injected, monkeypatch, error
):
    def away(*_, **__):
        raise error("gone")

    before = arriving.UNSCORED._value.get()
    monkeypatch.setattr(states, "features", away)

    answer = post_events(acme_key, *injected)

    assert (answer["accepted"], answer["scores"]) == (2, [])
    assert arriving.UNSCORED._value.get() == before + 2


def test_a_change_of_policy_is_in_the_log(scoring, as_tenant):
    with as_tenant(scoring):
        policy.put(Policy(on=False, review=70), actor="c" * 32, now=clock.now())
        assert policy.current() == Policy(on=False, review=70)

    first, last = records(as_tenant, scoring, "fraud.policy_set")

    assert (first.on, last.on, last.review, last.actor) == (True, False, 70, "c" * 32)


def test_a_threshold_of_no_rule_is_refused(acme, as_tenant):
    with as_tenant(acme), pytest.raises(PolicyUnusable):
        policy.put(Policy(thresholds={"moon.phase.below": 1.0}), actor="", now=clock.now())


def test_the_record_says_nothing_personal(acme_key, injected, scoring, as_tenant):
    click, install = injected
    context = {"ip": "81.2.69.142", "userAgent": "Mozilla/5.0 (iPhone)", "device": {"id": "D-77"}}

    post_events(acme_key, click | {"context": context}, install | {"context": context})

    text = msgspec.json.encode(records(as_tenant, scoring)[0]).decode()
    assert not any(each in text for each in ("81.2.69", "Mozilla", "D-77"))
