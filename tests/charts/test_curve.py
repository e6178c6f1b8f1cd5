import json

import pytest
import vl_convert

from charts.curve import SIGNAL, At, response

POINTS = [At(x=x, y=x**0.5, low=x**0.5 * 0.9, high=x**0.5 * 1.1) for x in (0, 1, 4, 9)]


def test_it_starts_where_one_stands_and_carries_the_curve():
    spec = response(title="Revenue", points=POINTS, current=4, x_unit="Spend")
    assert spec["params"] == [{"name": SIGNAL, "value": 4}]
    assert spec["usermeta"]["curve"][2] == {"x": 4, "y": 2.0, "low": 1.8, "high": 2.2}
    assert "today" in vl_convert.vegalite_to_svg(json.dumps(spec | {"width": 400}))


@pytest.mark.parametrize("points", [POINTS[:1], POINTS[::-1]])
def test_a_curve_needs_points_in_order(points):
    with pytest.raises(ValueError, match="in order"):
        response(title="x", points=points, current=1, x_unit="x")
