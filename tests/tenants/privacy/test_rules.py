from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.privacy.contracts import Purpose
from tenants.privacy.rules import COUNTED, NEEDS, NOTHING, Word, consequence, latest, purposes_of

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ALL = frozenset(Purpose)


@pytest.mark.parametrize(
    ("sent", "purposes"),
    [
        ({"Advertising": False}, {Purpose.MARKETING: False}),
        ({"C0002 Performance": True}, {}),
        ({"analytics": True, "Statistics": False}, {Purpose.ANALYTICS: False}),
        ({"Personalization": True}, {Purpose.PERSONALISATION: True}),
        ({"strictly-necessary": True}, {}),
    ],
)
def test_it_reads_a_senders_categories(sent, purposes):
    assert purposes_of(sent) == purposes


def test_it_takes_the_last_word():
    no, yes = Word(False, NOON), Word(True, NOON + timedelta(seconds=1))
    assert latest([yes, None, no]) == yes


def test_it_takes_the_no_of_two_words_at_once():
    assert latest([Word(True, NOON), Word(False, NOON)]) == Word(False, NOON)


def test_it_knows_no_word_of_nobody():
    assert latest([None]) is None


@given(st.lists(st.builds(Word, st.booleans(), st.datetimes(timezones=st.just(UTC))), min_size=1))
def test_the_last_word_does_not_depend_on_the_order_of_arrival(words):
    assert latest(words) == latest(reversed(words))


@pytest.mark.parametrize("kind", sorted(NEEDS) + sorted(COUNTED) + ["spend.recorded"])
def test_it_changes_nothing_without_a_no(kind):
    assert consequence(kind, frozenset()) == NOTHING


@pytest.mark.parametrize("kind", sorted(NEEDS))
def test_it_refuses_what_an_event_is_for(kind):
    assert consequence(kind, ALL).refused_for == NEEDS[kind]


@pytest.mark.parametrize("kind", sorted(COUNTED))
def test_it_counts_outcomes_for_nobody_without_analytics(kind):
    assert consequence(kind, frozenset({Purpose.ANALYTICS})).unlinked


@pytest.mark.parametrize("kind", ["consent.changed", "spend.recorded"])
def test_it_never_touches_a_decision_or_what_is_about_nobody(kind):
    assert consequence(kind, ALL) == NOTHING
