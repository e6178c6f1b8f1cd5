"""From features to a verdict, and the same once more from the record."""

import json

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventlog import canonical
from fraud.contracts import EventFraud, Scored, Verdict
from fraud.features import FEATURES
from fraud.scoring.decide import FEATURES_VERSION, Policy, PolicyUnusable, again, decide

POLICY = Policy(on=True)
numbers = st.one_of(st.just(float("nan")), st.floats(-1e9, 1e9, allow_subnormal=False))


def row(**known):
    """The features of one event; what is not given is unknown."""
    return np.array([[known.get(name, np.nan) for name in FEATURES.names]])


INJECTED = row(kind=4.0, ctit=0.3, download_after_click=-12.0)


@pytest.mark.parametrize(
    ("score", "verdict"),
    [(0, Verdict.ALLOW), (59, Verdict.ALLOW), (60, Verdict.REVIEW), (80, Verdict.BLOCK)],
)
def test_the_policy_decides_what_becomes_of_a_score(score, verdict):
    assert POLICY.verdict(score) is verdict


@pytest.mark.parametrize(
    "said",
    [
        {"review": 0}, {"review": 90, "block": 80}, {"block": 101},
        {"thresholds": {"injected_click.ctit.below": float("nan")}},
    ],
)  # fmt: skip
def test_a_policy_that_can_not_be_is_refused(said):
    with pytest.raises(PolicyUnusable):
        Policy(**said)


def test_it_says_why_and_what_to_do():
    told = decide(INJECTED, POLICY)[0].document()

    assert (told["verdict"], told["kind"], told["score"]) == ("block", "click_injection", 98)
    assert told["reasons"][0]["text"].startswith("0.3 s from click to install; people take 10 s")
    assert told["recommendation"] == "Do not pay for it."


def test_it_finds_nothing_where_nothing_is():
    found = decide(row(kind=4.0, ctit=200.0), POLICY)[0]

    assert (found.verdict, found.kind, found.reasons) == (Verdict.ALLOW, None, ())


@given(
    values=st.lists(numbers, min_size=len(FEATURES), max_size=len(FEATURES)),
    limit=st.floats(-1e6, 1e6),
)
def test_a_decision_is_made_again_from_its_record_to_the_bit(values, limit):
    policy = Policy(on=True, review=50, thresholds={"injected_click.ctit.below": limit})
    made = decide(np.array([values]), policy)[0]
    body = msgspec.json.decode(msgspec.json.encode(made.record("id", "ad.click", policy)))

    record = msgspec.json.decode(canonical.encode(body), type=Scored)

    assert again(record) == made


def test_a_record_of_other_rules_is_not_made_again():
    record = decide(INJECTED, POLICY)[0].record("id", "conversion.recorded", POLICY)
    old = msgspec.structs.replace(record, features_version="0badcafe")

    with pytest.raises(PolicyUnusable):
        again(old)
    assert record.features_version == FEATURES_VERSION
    assert record.kind is EventFraud.CLICK_INJECTION


def test_a_tenants_threshold_moves_the_verdict():
    strict = Policy(on=True, thresholds={"hijacked_install.ctit.below": 30.0})
    late = row(kind=4.0, ctit=20.0)

    assert decide(late, POLICY)[0].verdict is Verdict.ALLOW
    assert decide(late, strict)[0].verdict is Verdict.BLOCK
    assert json.dumps(decide(late, strict)[0].document())
