"""A log as examples: labels join their events, and none is seen before it was said."""

import numpy as np
import pytest

from fraud.features import FEATURES
from fraud.features.sighting import identity
from fraud.training.learn import learn
from tests.fraud.training.told import click, history, label, stored, withdrawn

RATE = FEATURES.names.index("publisher_fraud_rate")
PUBLISHER = {"publisher": identity("publisher", "alderads")}


def truths(found):
    return dict(zip([each.int for each in found.events], found.examples.truth, strict=True))


def test_a_label_joins_its_event():
    found = learn([click(1, 0), click(2, 5), label(3, 1, 60), label(4, 2, 61, fraud=False)])

    assert truths(found) == {1: 1.0, 2: 0.0}
    assert found.presumed == 0


def test_an_event_does_not_see_its_own_label_but_later_ones_do():
    events = [click(1, 0), label(2, 1, 60, entities=PUBLISHER), click(3, 120)]
    events += [label(4, 3, 200, fraud=False, entities=PUBLISHER)]

    found = learn(events)

    first, second = found.examples.matrix[:, RATE]
    assert np.isnan(first) or first == 0.0
    assert second > 0.0


def test_a_label_said_before_the_event_was_recorded_does_not_count_late():
    """Nothing said later than an event came is known of it: the order is that of knowing."""
    before = learn(
        [click(1, 0), click(3, 120), label(2, 1, 500, entities=PUBLISHER), label(4, 3, 501)]
    )

    assert not (before.examples.matrix[:, RATE] > 0.0).any()


def test_what_a_file_told_counts_from_when_it_happened():
    """An import writes a year at once, the newest rows perhaps first."""
    events = [click(9, 300, source="import"), click(1, 0, source="import")]
    events += [label(20, 9, 400), label(21, 1, 401)]

    found = learn(events)

    assert [each.int for each in found.events] == [1, 9]
    assert np.diff(found.examples.at).min() >= 0


def test_the_later_word_of_somebody_replaces_the_earlier():
    found = learn([click(1, 0), label(2, 1, 60), label(3, 1, 70, fraud=False)])

    assert truths(found) == {1: 0.0}


@pytest.mark.parametrize(("words", "truth"), [((1, 1, 0), 1.0), ((0, 0, 1), 0.0), ((1, 0), 0.0)])
def test_most_words_decide_and_the_latest_between_as_many(words, truth):
    said = [
        label(2 + n, 1, 60 + n, fraud=bool(word), actor=f"{n:032x}") for n, word in enumerate(words)
    ]

    assert truths(learn([click(1, 0), *said])) == {1: truth}


def test_a_word_taken_back_was_never_said():
    found = learn([click(1, 0), click(5, 1), label(2, 1, 60), label(3, 5, 60), withdrawn(4, 1, 61)])

    assert 1.0 not in [truth for event, truth in truths(found).items() if event == 1]


def test_with_few_labels_what_nothing_speaks_against_is_presumed_honest():
    events = [click(n, 100.0 * n, who=f"{n:032x}") for n in range(1, 30)]

    found = learn([*events, label(99, 10, 5_000)])

    assert found.presumed == 19  # nobody looked before the tenth
    assert truths(found)[10] == 1.0


def test_it_counts_all_events_but_keeps_those_asked_for():
    events = [click(1, 0), stored(2, "web.page", 5, {}), label(3, 1, 60), label(4, 2, 61)]

    assert list(truths(learn(events, only=frozenset({"ad.click"})))) == [1]


def test_kinds_are_those_said():
    found = learn([click(1, 0), label(2, 1, 60, kind="click_injection")])

    assert found.kinds == ("click_injection",)


def test_parts_and_a_whole_are_the_same(monkeypatch):
    whole = learn(history(40))
    monkeypatch.setattr("fraud.training.learn.PART", 7)

    parts = learn(history(40))

    np.testing.assert_array_equal(whole.examples.matrix, parts.examples.matrix)
    assert whole.events == parts.events


def test_an_empty_log_has_no_examples():
    assert len(learn([]).examples) == 0
