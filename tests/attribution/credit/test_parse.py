import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from attribution.credit import CreditError, Paths, parse


def columns(*paths):
    return {"path": list(paths), "conversions": [1] * len(paths)}


def test_it_trims_names_and_numbers_them_by_first_appearance():
    paths = parse(columns("  b >a\t> b", "été > b", "a"))
    assert paths.channels == ("b", "a", "été")
    assert paths.tokens.tolist() == [0, 1, 0, 2, 0, 1]
    assert paths.offsets.tolist() == [0, 3, 5, 6]
    assert paths.tokens.dtype == np.int16


def test_it_keeps_spaces_inside_names():
    assert parse(columns("google / cpc (x) > e mail")).channels == ("google / cpc (x)", "e mail")


@pytest.mark.parametrize(
    "given",
    [
        pd.DataFrame(columns("a > b", "b")),
        pd.DataFrame(columns("a > b", "b")).astype({"path": object}),
        pd.DataFrame(columns("a > b", "b")).astype({"path": "category"}),
        pd.DataFrame(columns("x", "a > b", "b")).iloc[1:],
        pa.table(columns("a > b", "b")),
        pa.table(columns("x", "a > b", "b")).slice(1),
        pa.concat_tables([pa.table(columns("a > b")), pa.table(columns("b"))]),
        columns("a > b", "b"),
    ],
)
def test_it_reads_every_kind_of_frame(given):
    paths = parse(given)
    assert paths.channels == ("a", "b")
    assert paths.tokens.tolist() == [0, 1, 1]
    assert paths.total_conversions == 2.0


def test_it_knows_the_aliases_and_takes_missing_columns_as_zero():
    paths = parse(
        {
            "path": ["a"],
            "total_conversions": [2],
            "total_conversion_value": [3.5],
            "total_null": [4],
        }
    )
    assert (paths.total_conversions, paths.total_value, paths.journeys) == (2.0, 3.5, 6.0)
    assert parse(columns("a")).journeys == 1.0


def test_it_drops_and_counts_rows_without_a_touch():
    paths = parse(columns("a", "", None, "  ", "b > a"))
    assert paths.dropped_rows == 3
    assert paths.offsets.tolist() == [0, 1, 3]
    assert paths.total_conversions == 2.0


def test_it_numbers_more_channels_than_two_bytes_hold():
    names = [f"c{number}" for number in range(40_000)]
    paths = parse(columns(*names))
    assert paths.tokens.dtype == np.int32
    assert paths.channels == tuple(names)
    assert paths.tokens.tolist() == list(range(40_000))


def test_it_reads_no_rows():
    paths = parse({"path": [], "conversions": []})
    assert paths.channels == ()
    assert paths.journeys == 0.0


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (columns("a", "a > > b"), "row 2 has an empty name"),
        (columns("a >"), "row 1 has an empty name"),
        (columns("> a"), "row 1 has an empty name"),
        (columns(">"), "row 1 has an empty name"),
        ({"conversions": [1]}, "no column 'path'"),
        ({"path": ["a"]}, "no column 'conversions'"),
        ({"path": [1], "conversions": [1]}, "must hold text"),
        ({"path": ["a", 1], "conversions": [1, 1]}, "mixes kinds"),
        ({"path": ["a"], "conversions": ["x"]}, "must hold numbers"),
        ({"path": ["a"], "conversions": [1, 2]}, "2 rows"),
        ({"path": ["a"], "conversions": [-1]}, "row 1 must be a finite number"),
        ({"path": ["a"], "conversions": [float("inf")]}, "row 1 must be a finite number"),
        ({"path": ["a"], "conversions": [0], "value": [5]}, "value but no conversion"),
        ([1, 2], "list"),
    ],
)
def test_it_says_what_is_wrong(given, sentence):
    with pytest.raises(CreditError, match=sentence):
        parse(given)


def coded(**changes):
    one = np.ones(1)
    given = {
        "channels": ("a", "b"),
        "tokens": np.array([0, 1], np.int16),
        "offsets": np.array([0, 2], np.int64),
        "conversions": one,
        "value": one,
        "nulls": one,
    }
    return Paths(**{**given, **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"tokens": np.array([0, 2], np.int16)},
        {"tokens": np.array([0, -1], np.int16)},
        {"tokens": np.array([0, 1], np.int64)},
        {"offsets": np.array([0, 1], np.int64)},
        {"offsets": np.array([1, 2], np.int64)},
        {"offsets": np.array([0, 0, 2], np.int64)},
        {"offsets": np.zeros(0, np.int64)},
        {"conversions": np.ones(2)},
        {"nulls": np.ones(1, np.int64)},
        {"nulls": np.array([np.nan])},
        {"channels": ("a", "a")},
        {"ages": np.ones(3)},
        {"ages": np.array([1.0, -1.0])},
    ],
)
def test_it_refuses_codes_that_do_not_fit_together(changes):
    with pytest.raises(CreditError):
        coded(**changes)
    assert coded().journeys == 2.0
