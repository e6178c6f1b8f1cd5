"""What is scored is counted: once, by tenant, without ever keeping an event from its score."""

import os

import pytest
import redis

from fraud.drift import counting, reference, store
from fraud.features import FEATURES
from fraud.models import DriftReference
from fraud.scoring import serving
from kernel import clock
from ml.drift.counting import nothing
from tests.fraud.drift.crowned import crown
from tests.sending import post_events

HOURS = 24
KIND = FEATURES.names.index("kind")


def installs(number, *, start=0):
    """A click and an install of people nobody met."""
    click = {"type": "ad.click", "timestamp": "2026-11-20T10:00:00Z",
             "properties": {"touch": {"source": "p1"}}}  # fmt: skip
    install = {"type": "conversion.recorded", "timestamp": "2026-11-20T10:04:00Z",
               "properties": {"conversion_type": "install"}}  # fmt: skip
    for n in range(start, start + number):
        who = f"counted-{n}"
        yield click | {"id": f"{who}-c", "anonymous_id": who}
        yield install | {"id": f"{who}-i", "anonymous_id": who}


def counted(as_tenant, tenant, digest):
    """Events and batches that Redis holds of the day."""
    with as_tenant(tenant):
        counts, times = counting.counted(digest, now=clock.now(), hours=HOURS)
    return int(counts[KIND].sum()), int(times.sum())


def test_events_of_the_kinds_it_learned_from_are_counted_once(
    champion, acme_key, as_tenant, trained
):
    digest = trained.found.served.version
    post_events(acme_key, *installs(3))
    post_events(acme_key, *installs(3))  # a retry
    post_events(acme_key, *installs(2, start=3))
    counting.share()

    assert counted(as_tenant, champion, digest) == (5, 2)  # the model learned from installs alone


def test_a_batch_soon_after_the_last_stays_in_the_process(champion, acme_key, as_tenant, trained):
    digest = trained.found.served.version
    post_events(acme_key, *installs(1))
    post_events(acme_key, *installs(1, start=1))
    assert counted(as_tenant, champion, digest) == (1, 1)

    counting.share()
    assert counted(as_tenant, champion, digest) == (2, 2)


def test_a_rivals_events_are_the_rivals(champion, rival, rival_key, as_tenant, trained):
    digest = trained.found.served.version
    with as_tenant(rival):
        assert reference.of(digest) is None
        crown(trained)
        reference._missing.clear()
    post_events(rival_key, *installs(2))
    counting.share()

    assert counted(as_tenant, rival, digest) == (2, 1)
    assert counted(as_tenant, champion, digest) == (0, 0)


def test_without_a_champion_nothing_is_counted(acme, acme_key, as_tenant, trained):
    post_events(acme_key, *installs(2))
    counting.share()

    assert counted(as_tenant, acme, trained.found.served.version) == (0, 0)


@pytest.mark.parametrize("error", [redis.ConnectionError, redis.ReadOnlyError, OSError])
def test_while_redis_is_away_events_are_scored_and_a_metric_says_what_is_missing(
    champion, acme_key, as_tenant, trained, monkeypatch, error
):
    def away(*_):
        raise error("gone")

    before = counting.UNCOUNTED._value.get()
    with monkeypatch.context() as patched:
        patched.setattr(store, "add", away)
        answer = post_events(acme_key, *installs(2))

    assert len(answer["scores"]) == 4
    assert counting.UNCOUNTED._value.get() == before + 2
    counting.share()
    assert counted(as_tenant, champion, trained.found.served.version) == (0, 0)


@pytest.mark.parametrize("wrong", [{"counts": nothing(3).tolist()}, {"bins": [[2.0, 1.0]]}])
def test_a_reference_that_can_not_be_read_keeps_nobody_from_a_score(
    champion, acme_key, as_tenant, wrong
):
    with as_tenant(champion):
        DriftReference.objects.update(**wrong)

    assert len(post_events(acme_key, *installs(2))["scores"]) == 4
    with as_tenant(champion):
        assert serving.champion() is not None


def test_counts_stay_for_eight_days(champion, acme_key, as_tenant, trained):
    post_events(acme_key, *installs(1))
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    key = store._key(champion.schema_name, trained.found.served.version, hour)

    assert 7 * 86_400 < store.client(os.getpid()).ttl(key) <= 8 * 86_400
