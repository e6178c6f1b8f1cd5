"""Made-up events for the engines: what hypothesis draws, and a plain one."""

from dataclasses import fields

import numpy as np
from hypothesis import strategies as st

from ml.features import Entities, Happening, Kind

ENTITIES = Entities(
    {
        "subject": ("ip", "publisher", "site"),
        "ip": ("subject", "publisher", "site"),
        "publisher": ("subject", "ip", "site"),
        "site": ("subject", "ip", "publisher"),
    },
    carried=("publisher", "site"),
)
NAN = float("nan")


def happening(*rows, place=(NAN, NAN)):
    """Events of (at, kind, ids by entity or value): ``value`` and ``flagged`` by those names."""
    ids = [[float(row[2].get(name, 0)) for name in ENTITIES.names] for row in rows]
    return Happening(
        at=np.array([row[0] for row in rows], dtype=float),
        kind=np.array([row[1] for row in rows], dtype=np.int64),
        value=np.array([row[2].get("value", 0.0) for row in rows]),
        flagged=np.array([row[2].get("flagged", 0.0) for row in rows]),
        place=np.array([row[2].get("place", place) for row in rows], dtype=float).reshape(-1, 2),
        ids=np.array(ids).reshape(len(rows), len(ENTITIES.names)),
    )


def part(events, start, end):
    """The events from ``start`` to before ``end``."""
    return Happening(**{field.name: getattr(events, field.name)[start:end]
                        for field in fields(events)})  # fmt: skip


def _row(gap, kind, ids, value, flagged, place):
    named = dict(zip(ENTITIES.names, ids, strict=True))
    return gap, kind, {**named, "value": value, "flagged": flagged, "place": place}


# Gaps around every border: of a session, a window's step, a day, what is forgotten; backwards too.
gaps = st.one_of(
    st.floats(0, 5_000), st.sampled_from([0.0, 600.0, 1_800.0, 1_800.5, 14_400.0, 86_400.0]),
    st.floats(0, 3_000_000), st.floats(-20_000, 0),
)  # fmt: skip
identities = st.one_of(st.just(0.0), st.integers(1, 4).map(float), st.integers(1, 2**52 - 1))
places = st.one_of(
    st.just((NAN, NAN)), st.tuples(st.floats(-90, 90), st.floats(-180, 180))
)  # fmt: skip
rows = st.builds(
    _row, gaps, st.sampled_from(list(Kind)), st.tuples(*[identities] * len(ENTITIES.names)),
    st.one_of(st.just(0.0), st.floats(-10, 1e6), st.just(9.99)), st.sampled_from([0.0, 1.0]),
    places,
)  # fmt: skip


@st.composite
def streams(draw, most=60):
    """Some events, mostly in the order of time."""
    at, made = 2e8, []
    for gap, kind, said in draw(st.lists(rows, min_size=1, max_size=most)):
        at = max(at + gap, 0.0)
        made.append((at, kind, said))
    return happening(*made)
