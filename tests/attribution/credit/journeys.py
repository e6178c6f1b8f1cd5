"""Paths for the tests of credit: a hand-made set, and hypothesis' own."""

import pandas as pd
from hypothesis import strategies as st

HAND = pd.DataFrame(
    {
        "path": ["a > b", "a", "b > a > b", "c", "Direct > a > direct"],
        "conversions": [2, 1, 3, 0, 4],
        "value": [20.0, 5.0, 60.0, 0.0, 8.0],
        "nulls": [1, 2, 0, 5, 3],
    }
)

ROW = st.tuples(
    st.lists(st.sampled_from("abcdef"), min_size=1, max_size=6),
    st.integers(0, 5),
    st.integers(0, 5),
    st.integers(0, 50),
)


def frame(rows):
    return pd.DataFrame(
        {
            "path": pd.Series([" > ".join(path) for path, *_ in rows], dtype="str"),
            "conversions": [float(conversions) for _, conversions, _, _ in rows],
            "nulls": [float(nulls) for _, _, nulls, _ in rows],
            "value": [float(value) * (conversions > 0) for _, conversions, _, value in rows],
        }
    )


FRAMES = st.lists(ROW, min_size=1, max_size=12).map(frame)


def by_name(credit, column="conversions"):
    return dict(zip(credit.channels, getattr(credit, column).tolist(), strict=True))
