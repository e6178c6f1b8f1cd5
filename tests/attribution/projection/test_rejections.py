"""Rejected touches leave their journeys; credit goes to the others, and back again."""

import uuid

import pytest

from attribution.contracts import Model
from attribution.models import (
    CreditMove,
    DailyCredit,
    DailyTouch,
    Decision,
    Journey,
    MovedJourney,
    Name,
    Spend,
)
from attribution.store.words import ADDITIVE, UNIT
from tests.attribution.stories import (
    click,
    purchase,
    rejected,
    source_rejected,
    source_restored,
)

LINEAR = ADDITIVE.index(Model.LINEAR)


@pytest.fixture
def story(tell):
    tell(click(1, "ann", 1, "Display", cost=0.5), click(2, "ann", 2), purchase(3, "ann", 3, 10.0))
    return tell


def credit():
    names = dict(Name.objects.filter(dimension=0).values_list("id", "label"))
    rows = DailyCredit.objects.filter(dimension=0, model=LINEAR)
    return {names[row.key]: (row.credit, row.value) for row in rows}


def test_credit_goes_to_the_others_and_each_changed_number_is_kept(story):
    story(rejected(4, [1]))

    assert Journey.objects.get(id=3).positions == [2]
    assert credit() == {"Email": (UNIT, 10_000_000)}
    names = dict(Name.objects.filter(dimension=0).values_list("id", "label"))
    moves = {
        names[move.key]: (move.before, move.after, move.value_before, move.value_after)
        for move in CreditMove.objects.filter(dimension=0, model=LINEAR)
    }
    assert moves == {
        "Display": (UNIT // 2, 0, 5_000_000, 0),
        "Email": (UNIT // 2, UNIT, 5_000_000, 10_000_000),
    }


def test_the_audit_rows_are_what_the_store_moved_by(story):
    before = dict(DailyCredit.objects.values_list("pk", "credit"))
    story(rejected(4, [1]))
    after = dict(DailyCredit.objects.values_list("pk", "credit"))

    moved = {
        key: after.get(key, 0) - before.get(key, 0)
        for key in before.keys() | after.keys()
        if after.get(key, 0) != before.get(key, 0)
    }
    told = {move.pk[1:]: move.after - move.before for move in CreditMove.objects.all()}
    # The store's key puts the segment before the day.
    assert {(d, m, day, kind, seg, key): n for (d, m, seg, day, kind, key), n in moved.items()} == {
        key: each for key, each in told.items() if each
    }


def test_touches_are_no_longer_counted_and_their_cost_stays(story):
    story(rejected(4, [1]))

    display = Name.objects.get(dimension=0, label="Display").id
    assert not DailyTouch.objects.filter(dimension=0, key=display).exists()
    assert Spend.objects.get(channel=display).touch_cost == 500_000


def test_it_is_taken_back_exactly(story):
    before = credit()

    story(rejected(4, [1]), rejected(5, [1], restored=True))

    assert credit() == before
    assert list(MovedJourney.objects.values_list("decision", "journey")) == [(4, 3), (5, 3)]


def test_a_touch_that_arrives_after_its_rejection_does_not_count(story):
    story(rejected(4, [5]))

    story(click(5, "ann", 2.5, "Paid Search"))

    assert Journey.objects.get(id=3).positions == [1, 2]


def test_a_source_goes_as_a_whole_with_what_is_still_to_come(story):
    story(source_rejected(4, "display"), click(5, "ann", 2.5, "Display"))
    assert Journey.objects.get(id=3).positions == [2]

    story(source_restored(6, 4))
    assert Journey.objects.get(id=3).positions == [1, 2, 5]


def test_a_source_can_be_rejected_for_some_days(story):
    story(click(4, "ann", 2.5, "Display"), source_rejected(5, "display", "2026-09-03"))

    assert Journey.objects.get(id=3).positions == [1, 2]


def test_the_last_word_on_a_touch_stands_above_its_source(story):
    story(rejected(4, [1], restored=True), source_rejected(5, "display"))

    assert Journey.objects.get(id=3).positions == [1, 2]


def test_a_decision_about_nothing_known_is_kept_and_changes_nothing(story):
    story(rejected(4, [99]), source_restored(5, 98))

    assert list(Decision.objects.order_by("position").values_list("named", "touches")) == [
        (1, 0), (0, 0),
    ]  # fmt: skip
    assert not CreditMove.objects.exists()


def test_a_journey_that_loses_its_last_touch_is_unattributed(tell):
    tell(click(1, "ann", 1), purchase(2, "ann", 2), rejected(3, [1]))

    assert Journey.objects.get(id=2).positions == []
    assert credit() == {}


def test_a_wrong_id_is_no_id(story):
    from tests.attribution.stories import stored

    body = {"reason": "?", "decided_by": "x", "touches": ["not-an-id", str(uuid.UUID(int=1))]}
    story(stored(4, "touch.rejected", "", 0, body))

    assert Decision.objects.get(position=4).named == 1
