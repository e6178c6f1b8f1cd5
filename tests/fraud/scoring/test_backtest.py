"""Back-tests: two policies over one history, and the command that tells of it."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from eventlog import canonical
from eventlog.contracts import StoredEvent
from fraud.scoring.backtest import MODEL_ALONE, UNKNOWN, backtest
from fraud.scoring.decide import Policy
from kernel import clock
from ml.served import Found
from tests.eventlog.events import settle
from tests.sending import post_events

START = datetime(2026, 11, 20, 10, tzinfo=UTC)
STRICT = Policy(thresholds={"hijacked_install.ctit.below": 60.0})


def stored(number, who, type, seconds, body):
    at = START + timedelta(seconds=seconds)
    return StoredEvent(
        xid=number, position=number, id=uuid.UUID(int=number), type=type, version=2, subject=who,
        occurred_at=at, recorded_at=at, source="api", payload=canonical.encode(body).decode(),
    )  # fmt: skip


def story(*ctits, publisher="alderads"):
    """Somebody's click and install each, so many seconds apart."""
    told, touch = [], {"channel": "Display", "source": publisher}
    for number, ctit in enumerate(ctits):
        who, at = f"{number:032x}", 1_000.0 * number
        told.append(stored(2 * number + 1, who, "ad.click", at, {"touch": touch}))
        install = {"conversion_type": "install"}
        told.append(stored(2 * number + 2, who, "conversion.recorded", at + ctit, install))
    return told


def named(changes):
    return {each.name: (each.before, each.after, each.of) for each in changes}


def test_it_says_what_would_newly_be_held_back():
    found = backtest(story(0.5, 20.0, 400.0), since=START, held=Policy(), tried=STRICT)

    assert (found.events, found.newly, found.no_longer) == (6, 1, 0)
    assert named(found.verdicts) == {"allow": (5, 4, 6), "block": (1, 2, 6)}
    assert named(found.rules)["hijacked_install"] == (0, 1, 6)


def test_an_install_is_its_publishers():
    found = backtest(story(0.5, 400.0), since=START, held=Policy(), tried=Policy())

    assert named(found.publishers) == {"alderads": (1, 1, 4)}


def test_what_came_before_only_counts_as_what_was_before():
    events = story(0.5)

    found = backtest(events, since=events[1].occurred_at, held=Policy(), tried=Policy())

    assert (found.events, named(found.verdicts)) == (1, {"block": (1, 1, 1)})


def test_what_comes_after_the_days_is_not_judged():
    events = story(0.5, 20.0)
    until = START + timedelta(seconds=500)

    found = backtest(events, since=START, until=until, held=Policy(), tried=STRICT)

    assert (found.events, found.newly) == (2, 0)


def test_it_shows_what_is_gained_and_lost():
    lenient = Policy(thresholds={"injected_click.ctit.below": 0.1})
    found = backtest(story(0.5, 20.0, 30.0), since=START, held=lenient, tried=STRICT)
    back = backtest(story(0.5, 20.0, 30.0), since=START, held=STRICT, tried=lenient)

    assert [(each.event, each.kind, each.before, each.after) for each in found.gained] == [
        (str(uuid.UUID(int=6)), "install_hijack", 0, 82),
        (str(uuid.UUID(int=4)), "install_hijack", 0, 82),
        (str(uuid.UUID(int=2)), "click_injection", 0, 86),
    ]
    assert {each.publisher for each in found.gained} == {"alderads"}
    assert found.lost == ()
    assert [each.event for each in back.lost] == [each.event for each in found.gained]
    assert (back.newly, back.no_longer) == (0, 3)


def test_it_keeps_the_latest_examples():
    found = backtest(story(*[20.0] * 15), since=START, held=Policy(), tried=STRICT)

    assert found.newly == 15
    assert [uuid.UUID(each.event).int for each in found.gained] == list(range(30, 10, -2))


def test_it_tells_kinds_by_both_policies():
    found = backtest(story(0.5, 20.0), since=START, held=Policy(), tried=STRICT)

    assert named(found.kinds) == {"click_injection": (1, 1, 4), "install_hijack": (0, 1, 4)}


class Suspicious:
    """A model that finds everything nine tenths likely to be false."""

    windowed = False

    def judge(self, matrix, ids=None, windows=None):
        return Found(probabilities=np.full(len(matrix), 0.9))


def test_the_model_takes_part_in_both():
    tried = Policy(review=95, block=95)

    found = backtest(story(400.0), since=START, held=Policy(), tried=tried, model=Suspicious())

    assert named(found.verdicts) == {"block": (2, 0, 2), "allow": (0, 2, 2)}
    assert named(found.kinds) == {MODEL_ALONE: (2, 0, 2)}
    assert [(each.before, each.after) for each in found.lost] == [(90, 90), (90, 90)]


def test_an_empty_log_says_nothing():
    found = backtest([], since=START, held=Policy(), tried=STRICT)

    assert (found.events, found.verdicts, found.publishers) == (0, (), ())
    assert UNKNOWN not in named(found.publishers)


def test_the_command_compares_with_the_policy_that_holds(committed_tenant, committed_key, injected):
    now = clock.now()
    click, install = injected
    late = {"timestamp": (now + timedelta(seconds=20)).isoformat()}
    post_events(committed_key, {**click, "timestamp": now.isoformat()}, install | late)
    settle()
    out = StringIO()

    call_command(
        "backtest",
        tenant=committed_tenant.slug,
        set=["hijacked_install.ctit.below=60"],
        format="json",
        stdout=out,
    )

    told = json.loads(out.getvalue())
    assert (told["events"], told["newly"]) == (2, 1)
    assert told["publishers"][0]["name"] == "glidemedia"


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    "asked",
    [
        {"tenant": "nobody"}, {"tenant": "acme", "set": ["moon=1"]},
        {"tenant": "acme", "set": ["injected_click.ctit.below=soon"]},
        {"tenant": "acme", "review": 90, "block": 80},
    ],
)  # fmt: skip
def test_what_can_not_be_tried_ends_with_a_sentence(asked):
    with pytest.raises(CommandError):
        call_command("backtest", **asked)
