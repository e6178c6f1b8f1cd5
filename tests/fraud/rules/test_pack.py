"""The rule pack against traffic whose truth is known, and rule by rule."""

from collections import defaultdict
from datetime import UTC, datetime

import numpy as np
import pytest

from fraud.contracts import EventFraud
from fraud.features import ENTITIES, FEATURES, gather, table
from fraud.rules import RULES, Clause, Rule, judge
from fraud.rules.clauses import AT_LEAST, BELOW, UNKNOWN, RuleUnusable
from fraud.rules.words import NAMES, sentence
from ml.features import Replay
from simulation.adfraud import HOSTING, Scheme, traffic

NOW = datetime(2026, 3, 10, tzinfo=UTC)
INSTALL = 4.0


def row(**known):
    """The features of one event; what is not given is unknown."""
    return np.array([[known.get(name, np.nan) for name in FEATURES.names]])


@pytest.fixture
def judged(sightings, settings, tmp_path):
    """A day's events against the rules, with the truth and the type of each."""
    (tmp_path / "hosting.txt").write_text("\n".join(HOSTING))
    settings.ADDRESSES_DIR = tmp_path
    told = traffic(seed=17, start=NOW, people=1_500)
    happening, columns = gather(sightings([each.event for each in told]))
    readings, _ = Replay(ENTITIES).observe(happening)
    scores = judge(FEATURES.matrix(table(columns, readings))).score()
    return told, scores


def test_it_lets_people_through(judged):
    told, scores = judged
    honest = np.array([each.scheme is None for each in told])

    assert (scores[honest] >= 60).mean() <= 0.005
    assert (scores[honest] >= 80).mean() <= 0.001


def test_it_finds_most_of_each_kind_where_it_is_paid_for(judged):
    """Installs, and what is bought: a click of injection is like any other until then."""
    found = defaultdict(list)
    for each, score in zip(*judged, strict=True):
        if each.scheme and each.event["type"] == "conversion.recorded":
            found[each.scheme].append(score >= 60)

    assert set(found) == set(Scheme)
    # A script is known by what follows the install, a shelf from its fifth device on.
    least = dict.fromkeys(Scheme, 0.5) | {Scheme.BEHAVIOUR: 0.0, Scheme.DEVICE_FARM: 0.3}
    for scheme in Scheme:
        assert np.mean(found[scheme]) >= least[scheme], scheme


def test_kinds_of_rules_schemes_and_words_are_the_same_ten():
    assert {rule.kind for rule in RULES} == set(EventFraud) == set(NAMES)
    assert {str(each) for each in Scheme} == {str(each) for each in EventFraud}


@pytest.mark.parametrize(
    ("seconds", "kind"),
    [(0.3, EventFraud.CLICK_INJECTION), (5.0, EventFraud.INSTALL_HIJACK), (40.0, None)],
)
def test_it_names_the_kind_by_the_time_from_click_to_install(seconds, kind):
    assert judge(row(kind=INSTALL, ctit=seconds)).kind(0) == kind


def test_a_tenants_own_threshold_holds():
    install = row(kind=INSTALL, ctit=2.5)

    assert judge(install).kind(0) == EventFraud.CLICK_INJECTION
    moved = judge(install, own={"injected_click.ctit.below": 2.0})
    assert moved.kind(0) is None


def test_it_says_what_it_saw_and_what_people_show():
    judged = judge(row(kind=INSTALL, ctit=0.3, download_after_click=-12.0))

    first = judged.reasons(0)[0]

    assert sentence(first) == (
        "0.3 s from click to install; people take 10 s and more, as the store has to load the app."
    )
    assert {each.feature for each in judged.reasons(0)} == {"ctit", "download_after_click"}


def test_every_reason_can_be_said():
    for rule in RULES:
        for clause in rule.clauses:
            if clause.points:
                assert clause.says
                assert clause.people


def test_nothing_known_is_nothing_found_and_no_confidence():
    judged = judge(row())

    assert judged.score()[0] == 0
    assert judged.reasons(0) == []
    assert judged.confidence()[0] < 0.1


def test_supports_alone_decide_nothing():
    rule = Rule(
        name="x", kind=EventFraud.BOT, source="here",
        needs=(Clause(feature="emulator", test=AT_LEAST, threshold=1, points=50),),
        supports=(Clause(feature="charging", test=AT_LEAST, threshold=1, points=40),),
    )  # fmt: skip

    assert judge(row(charging=1.0), rules=[rule]).score()[0] == 0
    assert judge(row(charging=1.0, emulator=1.0), rules=[rule]).score()[0] == 90
    assert judge(row(charging=1.0, emulator=1.0, ctit=1.0)).score()[0] <= 99


def test_what_is_unknown_fulfils_only_the_clause_that_asks_for_it():
    def held(test, threshold):
        clause = Clause(feature="ctit", test=test)
        return [clause.holds_for(value, threshold) for value in (float("nan"), 1.0)]

    assert held(UNKNOWN, 0.0) == [True, False]
    assert held(BELOW, 5.0) == [False, True]
    assert held(AT_LEAST, 0.5) == [False, True]


def test_a_rule_about_nothing_is_refused():
    with pytest.raises(RuleUnusable):
        Clause(feature="moon", test=BELOW)
    with pytest.raises(RuleUnusable):
        Rule(name="x", kind=EventFraud.BOT, source="here",
             needs=(Clause(feature="ctit", test=BELOW),))  # fmt: skip
