"""Back-tests people ask for: asked for, run by the worker, shown, put to use, taken back."""

import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache

from eventlog import read
from fraud import tasks
from fraud.backtests import progress, run
from fraud.backtests.progress import Asked, Limits, NoResult
from fraud.scoring import policy
from fraud.scoring.backtest import backtest
from fraud.scoring.decide import Policy
from kernel import clock
from tests.conftest import client_of
from tests.eventlog.events import settle
from tests.fraud.scoring.test_backtest import START, STRICT, story
from tests.sending import post_events

PAGE = "/fraud/backtest/"
SENT = {
    "range": "30d", "review": "60", "block": "80", "hijacked_install.ctit.below": "60",
}  # fmt: skip
TODAY = START.date()
ASKED = Asked(held=Limits.of(Policy()), tried=Limits.of(STRICT), start=TODAY, end=TODAY)


@pytest.fixture(autouse=True)
def _forgetful(monkeypatch):
    """The cache of back-tests, and the policy a process remembers, go with their test."""
    monkeypatch.setattr(progress, "_KEY", uuid.uuid4().hex)
    monkeypatch.setattr(progress, "_CLAIM", uuid.uuid4().hex)
    policy._remembered.clear()
    yield
    policy._remembered.clear()


@pytest.fixture
def asked_for(monkeypatch):
    """What the worker is asked for."""
    asked = []
    monkeypatch.setattr(tasks.backtest, "delay", lambda **how: asked.append(how))
    return asked


@pytest.fixture
def finished(acme, as_tenant):
    """Acme's back-test of a stricter policy, at its end."""
    with as_tenant(acme):
        token = progress.begin(ASKED, of=6)
        found = backtest(story(0.5, 20.0, 400.0), since=START, held=Policy(), tried=STRICT)
        progress.end(token, result=found)
    return token


def test_the_form_shows_what_holds_now(acme, as_tenant, acme_owner_client):
    with as_tenant(acme):
        policy.put(Policy(review=55, thresholds=STRICT.thresholds), actor="a", now=clock.now())
    page = acme_owner_client.get(PAGE).content.decode()

    assert 'name="review" type="number" min="1" max="100" required value="55"' in page
    assert 'name="hijacked_install.ctit.below" inputmode="decimal"' in page
    assert "yours; usual 10" in page
    assert "style=" not in page


def test_it_is_asked_for_once(acme, as_tenant, acme_owner_client, asked_for):
    for _ in range(2):
        answer = acme_owner_client.post(PAGE, SENT, follow=True)
    page = answer.content.decode()

    (asked,) = asked_for
    assert asked["schema"] == acme.schema_name
    assert "A back-test is under way already." in page
    assert "Replaying your history" in page
    assert 'hx-trigger="load delay:2s"' in page
    assert '<span class="tag tag-warn">now 10</span>' in page
    with as_tenant(acme):
        held = progress.current()
        assert held.asked.tried.thresholds == STRICT.thresholds
        assert (held.asked.end - held.asked.start).days == 29
        assert policy.current() == Policy()


@pytest.mark.parametrize(
    "sent",
    [{"review": "90", "block": "10"}, {"review": "many"}, {"range": "custom", "start": "moon"}],
)
def test_what_can_not_be_tried_is_said(acme_owner_client, asked_for, sent):
    assert acme_owner_client.post(PAGE, SENT | sent).status_code == 400
    assert asked_for == []


def test_the_worker_finds_what_would_newly_be_held_back(committed_tenant, committed_key, asked_for):
    now, publisher = clock.now(), {"channel": "Display", "source": "glidemedia"}
    for number, seconds in enumerate((20, 600)):
        who, at = uuid.uuid4().hex, now - timedelta(hours=number + 1)
        install = at + timedelta(seconds=seconds)
        post_events(
            committed_key,
            {"type": "ad.click", "anonymous_id": who, "timestamp": at.isoformat(),
             "properties": {"touch": publisher}},
            {"type": "conversion.recorded", "anonymous_id": who, "timestamp": install.isoformat(),
             "properties": {"conversion_type": "install"}},
        )  # fmt: skip
    settle()
    owner = client_of(committed_tenant)
    owner.post(PAGE, SENT)

    tasks.backtest(**asked_for[0])
    answer = owner.get(PAGE)
    result, page = answer.context["result"], answer.content.decode()

    assert (result.events, result.newly, result.no_longer) == (4, 1, 0)
    assert [(each.publisher, each.kind) for each in result.gained] == [
        ("glidemedia", "install_hijack")
    ]
    assert "1 more would be held back, 0 no longer" in page
    assert f'href="/journeys/{result.gained[0].subject}/"' in page
    assert "Use these thresholds" in page
    before = read.count()
    tasks.backtest(**asked_for[0])  # a broker may deliver it again
    assert owner.get(PAGE).context["result"] == result
    assert read.count() == before


def test_what_was_tried_is_put_to_use_and_taken_back(acme, as_tenant, acme_owner_client, finished):
    with as_tenant(acme):
        policy.put(Policy(on=True), actor="a", now=clock.now())

    used = acme_owner_client.post(f"{PAGE}use/", {"token": finished}, follow=True)
    with as_tenant(acme):
        assert policy.current() == Policy(on=True, thresholds=STRICT.thresholds)
        assert read.latest(limit=1)[0].type == "fraud.policy_set"
    assert "These thresholds are in use." in used.content.decode()

    back = acme_owner_client.post(f"{PAGE}back/", {"token": finished}, follow=True)
    with as_tenant(acme):
        assert policy.current() == Policy(on=True)
    assert "Use these thresholds" in back.content.decode()


def test_what_somebody_changed_since_is_not_taken_back(
    acme, as_tenant, acme_owner_client, finished
):
    acme_owner_client.post(f"{PAGE}use/", {"token": finished})
    with as_tenant(acme):
        policy.put(Policy(review=40), actor="b", now=clock.now())

    page = acme_owner_client.get(PAGE).content.decode()
    assert "The policy has changed since" in page
    answer = acme_owner_client.post(f"{PAGE}back/", {"token": finished})

    assert answer["Location"] == "/fraud/scoring/"
    with as_tenant(acme):
        assert policy.current().review == 40


def test_a_result_that_is_no_more_can_not_be_used(acme, as_tenant, acme_owner_client, finished):
    with as_tenant(acme):
        progress.begin(ASKED, of=1)

    assert acme_owner_client.post(f"{PAGE}use/", {"token": finished}).status_code == 400
    with as_tenant(acme):
        assert policy.current() == Policy()


def test_progress_is_shown_and_one_that_was_lost_says_so(acme, as_tenant, acme_owner_client):
    with as_tenant(acme):
        token = progress.begin(ASKED, of=2_000)
        progress.tell(token, 500)
    assert "About 500 of 2,000 events read" in acme_owner_client.get(PAGE).content.decode()

    with as_tenant(acme):
        cache.delete(progress._CLAIM)  # as it goes by itself when nothing is heard for long
    assert progress.BROKE_OFF in acme_owner_client.get(PAGE).content.decode()
    with as_tenant(acme):
        assert progress.begin(ASKED, of=1)
        progress.tell(token, 900)
        progress.end(token, failed="x")
        assert (progress.current().done, progress.current().failed) == (0, "")


def test_what_another_release_kept_is_none(acme, as_tenant, acme_owner_client, finished):
    with as_tenant(acme):
        assert progress.current().result
        cache.set(progress._KEY, b'{"token":"x","found":[]}')
        assert progress.current() is None
    assert acme_owner_client.get(PAGE).status_code == 200


def test_one_that_fails_says_so_and_another_may_begin(acme, as_tenant, monkeypatch):
    def break_off(*_, **__):
        raise RuntimeError("no room")

    monkeypatch.setattr(run, "compare", break_off)
    with as_tenant(acme):
        token = progress.begin(ASKED, of=1)
    with pytest.raises(RuntimeError):
        tasks.backtest(schema=acme.schema_name, token=token)
    with as_tenant(acme):
        assert "the worker's log says why" in progress.current().failed
        assert progress.begin(ASKED, of=1)


def test_a_back_test_is_the_tenants_alone(acme, rival, as_tenant, finished, rival_owner_client):
    with as_tenant(rival):
        assert progress.current() is None
        with pytest.raises(NoResult):
            progress.finished(finished)
    assert rival_owner_client.post(f"{PAGE}use/", {"token": finished}).status_code == 400


def test_it_leads_to_the_case_where_there_is_one(acme, as_tenant, acme_owner_client, finished):
    from fraud.cases import projection
    from tests.fraud.cases.told import scored

    with as_tenant(acme):
        projection.handle([scored(4)])  # the event with 20 s between click and install

    page = acme_owner_client.get(PAGE).content.decode()
    assert f'href="/fraud/cases/{uuid.UUID(int=4)}/"' in page
