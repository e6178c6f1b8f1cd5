import numpy as np
import pytest

from attribution.credit import MODELS, CreditError, attribute
from tests.attribution.credit.journeys import HAND


@pytest.mark.parametrize("model", list(MODELS))
def test_intervals_hold_the_credit_and_repeat_with_the_seed(model):
    one, two = (attribute(HAND, model, replicates=200, seed=4) for _ in range(2))
    assert one.conversions_low.tobytes() == two.conversions_low.tobytes()
    assert (one.conversions_low <= one.conversions).all()
    assert (one.conversions <= one.conversions_high).all()
    assert attribute(HAND, model).conversions_low is None


def test_the_spread_of_a_rule_is_that_of_poisson_counts():
    rows = {"path": ["a", "b"], "conversions": [400, 100], "nulls": [50, 5000]}
    credit = attribute(rows, "last", replicates=4_000, seed=1)
    width = credit.conversions_high - credit.conversions_low
    np.testing.assert_allclose(width, 2 * 1.96 * np.sqrt([400, 100]), rtol=0.1)


def test_it_refuses_a_negative_number_of_samples():
    with pytest.raises(CreditError):
        attribute(HAND, "last", replicates=-1)
