import json
from itertools import pairwise

import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st

from charts.sankey import Flow, layout, spec

LABELS = st.sampled_from(["Email", "Paid Search", "Display", "Direct"])
FLOWS = st.lists(
    st.builds(
        Flow,
        column=st.integers(0, 3),
        source=LABELS,
        target=LABELS,
        value=st.floats(0.5, 1_000),
    ),
    min_size=1,
    max_size=40,
)


@given(FLOWS)
def test_heights_stand_for_what_flows_and_nothing_leaves_the_diagram(flows):
    placed = layout(flows)
    scale = {round(node.height / node.value, 9) for node in placed.nodes}
    assert max(scale) - min(scale) <= 1e-8
    assert sum(ribbon.value for ribbon in placed.ribbons) == pytest.approx(
        sum(flow.value for flow in flows)
    )
    for node in placed.nodes:
        assert node.top >= -1e-9
        assert node.top + node.height <= 1 + 1e-9


@given(FLOWS)
def test_nodes_of_a_column_do_not_overlap(flows):
    placed = layout(flows)
    for column in range(placed.columns):
        stack = sorted((n for n in placed.nodes if n.column == column), key=lambda n: n.top)
        for upper, lower in pairwise(stack):
            assert upper.top + upper.height <= lower.top + 1e-9


@given(FLOWS)
def test_ribbons_stay_on_their_nodes(flows):
    placed = layout(flows)
    nodes = {(node.column, node.label): node for node in placed.nodes}
    for ribbon in placed.ribbons:
        for key, edge in (
            ((ribbon.column, ribbon.source), ribbon.start),
            ((ribbon.column + 1, ribbon.target), ribbon.end),
        ):
            node = nodes[key]
            assert node.top - 1e-9 <= edge
            assert edge + ribbon.thickness <= node.top + node.height + 1e-9


@given(FLOWS, st.randoms())
def test_the_order_of_flows_does_not_matter(flows, random):
    shuffled = random.sample(flows, len(flows))
    first, second = layout(flows), layout(shuffled)
    assert [(n.column, n.label) for n in first.nodes] == [(n.column, n.label) for n in second.nodes]
    assert [n.height for n in second.nodes] == pytest.approx([n.height for n in first.nodes])


def test_nothing_to_draw_and_negative_flows_are_refused():
    with pytest.raises(ValueError, match="no flow"):
        layout([])
    with pytest.raises(ValueError, match="negative"):
        layout([Flow(column=0, source="a", target="b", value=-1)])


def test_the_spec_draws_every_flow_and_carries_its_rows():
    flows = [
        Flow(column=0, source="Email", target="Conversion", value=3),
        Flow(column=0, source="Display", target="No conversion", value=5),
    ]
    made = spec(title="Flow", placed=layout(flows), ends=("Conversion", "No conversion"))
    assert made["usermeta"]["rows"][0] == {
        "from": "Email",
        "to": "Conversion",
        "step": 1,
        "journeys": 3,
    }
    drawn = vl_convert.vega_to_svg(json.dumps(made))
    assert "Email" in drawn
    assert drawn.count("<path") >= 2
