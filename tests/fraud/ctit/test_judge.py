"""Sources held against norms and neighbours."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.fraud_ctit import clicks_of
from fraud.contracts import FraudType
from fraud.ctit import Clicks, Norms, judge
from simulation.installs import Manner, Publisher, installs

CLEAN = tuple(Publisher(name=f"clean-{n}", installs=400 + 150 * n) for n in range(12))
KINDS = {
    Manner.INJECTION: FraudType.CLICK_INJECTION,
    Manner.HIJACK: FraudType.INSTALL_HIJACK,
    Manner.FLOODING: FraudType.CLICK_FLOODING,
}


def market(*bad: Publisher, seed: int = 1) -> Clicks:
    return clicks_of(installs((*CLEAN, *bad), seed=seed))


@pytest.mark.parametrize("manner", KINDS)
@pytest.mark.parametrize("seed", range(5))
def test_it_finds_who_claims_installs_and_how(manner, seed):
    bad = Publisher(name="bad", installs=600, manner=manner, share=0.6)
    found = judge(market(bad, seed=seed)).findings
    assert [(each.source, each.kind) for each in found] == [("bad", KINDS[manner])]


def test_clicks_that_lead_to_nothing_are_spam_and_cause_nothing():
    (found,) = judge(
        market(Publisher(name="bad", installs=90, manner=Manner.SPAM, share=0))
    ).findings
    assert (found.source, found.kind) == ("bad", FraudType.CLICK_SPAM)
    assert found.excess == found.found == 90


def test_clean_sources_are_left_alone_in_a_hundred_markets():
    """The share of markets with any finding is at most what was asked for, as nothing is false."""
    alarms = sum(bool(judge(market(seed=seed)).findings) for seed in range(100))
    assert alarms <= 2


@pytest.mark.parametrize("manner", [Manner.INJECTION, Manner.HIJACK])
def test_the_excess_interval_holds_the_installs_that_were_claimed(manner):
    bad = Publisher(name="bad", installs=2_000, manner=manner, share=0.4)
    made = installs((*CLEAN, bad), seed=3)
    (found,) = judge(clicks_of(made)).findings
    # What is allowed is allowed to the fraud too: at most the norm's share is let go.
    claimed = int(made.false.sum())
    assert found.excess <= claimed <= found.excess + found.of * found.usual
    assert found.excess_low < found.excess < found.excess_high


def test_a_late_tail_that_thins_out_is_no_flooding():
    """People of a source may be slow; as long as they thin out, nobody flooded."""
    rng = np.random.default_rng(5)
    slow = 7_200.0 * 12.0 ** rng.random(800)
    base = market()
    clicks = Clicks(
        sources=(*base.sources, "slow"),
        source=np.concatenate([base.source, np.full(800, len(base.sources))]),
        seconds=np.concatenate([base.seconds, slow]),
    )
    judged = judge(clicks)
    assert not judged.findings
    (standing,) = [each for each in judged.standings if each.source == "slow"]
    assert standing.flatness < 0


def test_what_everybody_shows_is_nobodys_fraud():
    """Where all clocks run three seconds late, all installs look early."""
    base = market()
    early = dataclasses.replace(base, seconds=np.where(base.seconds < 60, 2.0, base.seconds))
    assert not [each for each in judge(early).findings if each.kind is FraudType.CLICK_INJECTION]


def test_too_few_installs_say_so():
    few = Clicks(sources=("a",), source=np.zeros(1, dtype=np.int64), seconds=np.array([5.0]))
    (standing,) = judge(few).standings
    assert standing.detectable is None
    assert not standing.findings


def test_clicks_without_any_install_accuse_nobody():
    """Whoever does not record installs has no spam for that."""
    idle = Clicks(
        sources=("a", "b"), source=np.zeros(0, dtype=np.int64), seconds=np.zeros(0),
        clicks=np.array([90_000, 20_000]),
    )  # fmt: skip
    assert not judge(idle).findings


def test_nothing_at_all_is_no_finding():
    nothing = Clicks(sources=(), source=np.zeros(0, dtype=np.int64), seconds=np.zeros(0))
    judged = judge(nothing)
    assert (judged.standings, judged.installs, judged.tests) == ((), 0, 0)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.floats(0, 1e6, allow_nan=False)), min_size=1, max_size=300
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_rows_plays_no_part(rows, random):
    def of(rows):
        return judge(
            Clicks(
                sources=tuple("abcde"),
                source=np.array([place for place, _ in rows]),
                seconds=np.array([seconds for _, seconds in rows]),
                clicks=np.full(5, 1_000),
            )
        )

    shuffled = list(rows)
    random.shuffle(shuffled)
    one, other = of(rows), of(shuffled)
    assert one.findings == other.findings
    assert [each.source for each in one.standings] == [each.source for each in other.standings]
    assert all(0 <= each.p <= 1 and each.excess >= 0 for each in one.findings)


@settings(max_examples=60, deadline=None)
@given(st.integers(20, 400), st.integers(0, 400))
def test_more_installs_in_seconds_are_never_less_suspicious(size, early):
    early = min(early, size - 1)

    def p(count):
        base = market()
        seconds = np.full(size, 300.0)
        seconds[:count] = 5.0
        return {
            each.kind: each.p
            for each in judge(
                Clicks(
                    sources=(*base.sources, "x"),
                    source=np.concatenate([base.source, np.full(size, len(base.sources))]),
                    seconds=np.concatenate([base.seconds, seconds]),
                )
            ).findings
        }.get(FraudType.INSTALL_HIJACK, 1.0)

    assert p(early + 1) <= p(early)


@pytest.mark.parametrize(
    "norms", [{"within_hour": 0.0}, {"spam": 1.0}, {"within_hour": 0.9, "within_day": 0.8}]
)
def test_norms_that_no_data_could_meet_are_refused(norms):
    from fraud.ctit.norms import NormsUnusable

    with pytest.raises(NormsUnusable):
        Norms(**norms)
