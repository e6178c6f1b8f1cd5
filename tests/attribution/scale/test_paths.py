"""The expression cuts journeys as ``journeys.build`` does: the same paths, for any rules."""

from collections import Counter

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attribution.journeys.build import Config, Conversions, Reach, Touches, build
from attribution.journeys.rules import ClicksWin, Rules, Views, Window
from attribution.scale import paths as scale

# The newest releases of the engine and of pandas warn of what Ibis still calls.
pytestmark = [
    pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The 'future.infer_string' option"),
]
CHANNELS = ("Direct", "Display", "Email", "Paid Search")
TYPES = ("lead", "purchase")
PEOPLE = ("ann", "bob")
HOUR = 3_600_000_000
TOUCH = ("person", "at", "channel", "kind", "viewable", "view_ms")
moments = st.integers(0, 24 * 60).map(lambda n: n * HOUR) | st.integers(0, 20).map(
    lambda n: n * HOUR // 6
)
touch_rows = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE), moments, st.sampled_from(CHANNELS),
        st.sampled_from(["click", "impression", "offline"]),
        st.sampled_from([None, True, False]), st.sampled_from([None, 500, 2_000]),
    ),
    max_size=14,
)  # fmt: skip
conversion_rows = st.lists(
    st.tuples(st.sampled_from(PEOPLE), moments, st.sampled_from(TYPES), st.integers(-2, 5)),
    max_size=5,
)
rules = st.builds(
    Rules,
    lookback_days=st.integers(1, 30),
    windows=st.lists(
        st.builds(
            Window,
            channel=st.sampled_from(["Email", "Display"]),
            conversion_type=st.sampled_from(["", "lead"]),
            days=st.integers(1, 50),
        ),
        max_size=2,
        unique_by=lambda each: (each.channel, each.conversion_type),
    ).map(tuple),
    views=st.builds(
        Views,
        count=st.booleans(),
        days=st.none() | st.integers(1, 20),
        viewable_only=st.booleans(),
        min_seconds=st.sampled_from([0.0, 1.0]),
        clicks_win=st.sampled_from(list(ClicksWin)),
    ),
)


def counts_at_all(row, views):
    _, _, _, kind, viewable, view_ms = row
    if kind != "impression":
        return True
    unseen = (views.viewable_only and viewable is False) or (
        view_ms is not None and view_ms < views.min_seconds * 1000
    )
    return views.count and not unseen


def expected(touches, conversions, settled):
    """Path -> [conversions, nulls, value] by ``build``."""
    kept = [(n, row) for n, row in enumerate(touches) if counts_at_all(row, settled.views)]
    ints = lambda values: np.array(list(values), dtype=np.int64)  # noqa: E731  # a cast, twelve times
    found = build(
        Touches(
            person=ints(PEOPLE.index(row[0]) for _, row in kept),
            at=ints(row[1] for _, row in kept),
            order=ints(n for n, _ in kept),
            direct=np.array([row[2] == "Direct" for _, row in kept], dtype=bool),
            channel=ints(CHANNELS.index(row[2]) for _, row in kept),
            view=np.array([row[3] == "impression" for _, row in kept], dtype=bool),
        ),
        Conversions(
            person=ints(PEOPLE.index(row[0]) for row in conversions),
            at=ints(row[1] for row in conversions),
            order=ints(range(1_000, 1_000 + len(conversions))),
            kind=ints(TYPES.index(row[2]) for row in conversions),
        ),
        Config(
            lookback_days=settled.lookback_days,
            reaches=tuple(
                Reach(
                    channel=CHANNELS.index(each.channel),
                    kind=TYPES.index(each.conversion_type) if each.conversion_type else None,
                    days=each.days,
                )
                for each in sorted(settled.windows, key=lambda each: bool(each.conversion_type))
            ),
            view_days=settled.views.days,
            clicks_win=settled.views.clicks_win,
        ),
    )
    sums = {}
    for j, c in enumerate(found.conversion.tolist()):
        places = found.touch[found.offsets[j] : found.offsets[j + 1]]
        path = tuple(kept[place][1][2] for place in places)
        if path:
            value = conversions[c][3] if c >= 0 else 0
            entry = sums.setdefault(path, [0, 0, 0])
            entry[0] += c >= 0
            entry[1] += c < 0
            entry[2] += value
    return sums


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    connection = ibis.duckdb.connect()
    yield connection, tmp_path_factory.mktemp("tables")
    connection.disconnect()


def written(connection, folder, name, frame):
    frame.to_parquet(folder / f"{name}.parquet")
    return connection.read_parquet(str(folder / f"{name}.parquet"), table_name=name)


def by_expression(engine, touches, conversions, settled):
    connection, folder = engine
    frame = pd.DataFrame(touches, columns=list(TOUCH)).astype(
        {"person": "string", "at": "int64", "channel": "string", "kind": "string",
         "viewable": "boolean", "view_ms": "Int64"}
    )  # fmt: skip
    frame = frame.assign(
        position=range(1, len(frame) + 1), xid=range(1, len(frame) + 1),
        campaign=frame.channel, source=frame.channel, rejected=False,
    )  # fmt: skip
    told = pd.DataFrame(conversions, columns=["person", "at", "conversion_type", "value"]).astype(
        {"person": "string", "at": "int64", "conversion_type": "string", "value": "int64"}
    )
    told = told.assign(
        position=range(1_001, 1_001 + len(told)), xid=range(1_001, 1_001 + len(told)), counts=True
    )
    asked = scale.paths(
        written(connection, folder, "touchpoints", frame),
        written(connection, folder, "conversions", told),
        settled,
    )
    found = scale.frame(asked.execute())
    return {
        row.path: [row.conversions, row.nulls, row.value] for row in found.itertuples(index=False)
    }


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(touch_rows, conversion_rows, rules)
def test_it_counts_the_paths_that_build_cuts(engine, touches, conversions, settled):
    assert by_expression(engine, touches, conversions, settled) == expected(
        touches, conversions, settled
    )


def test_rejected_touches_and_merged_reports_are_passed_over(engine):
    connection, folder = engine
    touches = pd.DataFrame(
        {"position": [1, 2], "xid": [1, 2], "person": "ann", "at": [0, HOUR], "kind": "click",
         "channel": ["Email", "Display"], "campaign": "", "source": "",
         "viewable": pd.array([None, None], dtype="boolean"),
         "view_ms": pd.array([None, None], dtype="Int64"), "rejected": [False, True]}
    )  # fmt: skip
    told = pd.DataFrame(
        {"position": [3, 4], "xid": [3, 4], "person": "ann", "at": [2 * HOUR, 3 * HOUR],
         "conversion_type": "purchase", "value": [5, 7], "counts": [True, False]}
    )  # fmt: skip

    found = scale.frame(
        scale.paths(
            written(connection, folder, "touchpoints", touches),
            written(connection, folder, "conversions", told),
            Rules(),
        ).execute()
    )

    assert Counter(map(tuple, found.itertuples(index=False))) == Counter([(("Email",), 1, 0, 5)])
