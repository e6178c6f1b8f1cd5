"""When a source turned: against brute force, and against what was simulated."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import xlogy

from fraud.ctit.onset import onset


@given(st.lists(st.booleans(), min_size=1, max_size=40), st.floats(0.01, 0.9))
def test_no_other_start_is_likelier(flags, usual):
    flags = np.array(flags)
    gains = []
    for start in range(flags.size):
        rest = flags[start:]
        hits, size = rest.sum(), rest.size
        share = hits / size
        gain = xlogy(hits, share / usual) + xlogy(size - hits, (1 - share) / (1 - usual))
        gains.append(gain if share > usual else -np.inf)
    found = onset(flags, usual)
    if np.isfinite(max(gains)):
        assert gains[found] == pytest.approx(max(gains))
    else:
        assert found == 0


@pytest.mark.parametrize("seed", range(5))
def test_it_finds_when_a_clean_source_began_to_cheat(seed):
    rng = np.random.default_rng(seed)
    flags = np.concatenate([rng.random(400) < 0.02, rng.random(80) < 0.7])
    assert abs(onset(flags, 0.03) - 400) <= 4


def test_nothing_suspicious_has_no_beginning():
    assert onset(np.zeros(10, dtype=bool), 0.1) == 0
    assert onset(np.zeros(0, dtype=bool), 0.1) == 0
