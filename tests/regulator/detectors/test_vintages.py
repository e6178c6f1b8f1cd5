"""Versions of a feed: mix-ups, shrunken histories and incomplete periods, made up and real."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulator.detectors import Kind, vintages
from tests.data_dir import data_file

BRANDS, PERIODS = ("anchor", "beacon", "crown", "delta"), 20


def version(upto=PERIODS):
    rng = np.random.default_rng(4)
    sizes = rng.lognormal(15, 1, (PERIODS, len(BRANDS), 2)).round()
    return {
        (period, brand): tuple(sizes[period, place].tolist())
        for period in range(upto)
        for place, brand in enumerate(BRANDS)
    }


def kinds(versions):
    return [[each.kind for each in found] for found in vintages.replay(versions)]


def test_a_feed_that_only_grows_is_quiet():
    assert kinds([version(upto) for upto in range(6, PERIODS)]) == [[]] * (PERIODS - 6)


@given(st.sampled_from(BRANDS), st.sampled_from(BRANDS), st.integers(4, PERIODS))
def test_a_brand_with_anothers_figures_is_told_once_and_again_when_they_are_back(one, other, rows):
    good, bad = version(), version()
    for period in range(rows):
        bad[period, one] = good[period, other]
    told = vintages.replay([good, bad, bad, good])
    if one == other:
        assert told == [[], [], [], []]
        return
    assert [[each.kind for each in found] for found in told] == [
        [], [Kind.BRAND_MIX_UP], [], [Kind.RESTATEMENT],
    ]  # fmt: skip
    assert told[1][0].evidence == {"brand": one, "source": other, "rows": rows}
    assert (told[1][0].started, told[1][0].ended) == (0, rows - 1)


def test_the_markets_total_and_an_unknown_series_are_told_apart():
    good, total, unknown = version(), version(), version()
    for period in range(PERIODS):
        total[period, "crown"] = tuple(
            sum(good[period, brand][place] for brand in BRANDS) + 3 for place in (0, 1)
        )
        unknown[period, "crown"] = tuple(38 * each for each in good[period, "crown"])
    (first,), (second,) = vintages.replay([good, total])[1], vintages.replay([good, unknown])[1]
    assert first.evidence["source"] == vintages.TOTAL
    assert second.evidence["source"] == vintages.UNKNOWN


def test_one_restated_figure_is_no_incident():
    good, restated = version(), version()
    restated[3, "beacon"] = (1.0, 2.0)
    assert kinds([good, restated, restated]) == [[], [Kind.RESTATEMENT], []]


def test_figures_that_disappear_are_told_when_they_do():
    good = version()
    less = {key: row for key, row in good.items() if key[1] != "delta" or key[0] > 15}
    told = vintages.replay([good, less, less, good, less])
    assert [[each.kind for each in found] for found in told] == [
        [], [Kind.SHRUNKEN_HISTORY], [], [], [Kind.SHRUNKEN_HISTORY],
    ]  # fmt: skip
    assert told[1][0].evidence == {"brands": ["delta"], "lost": 16, "fewer": 16}


@pytest.mark.parametrize("arrived", [1, 2, 3])
def test_a_period_that_not_all_brands_have_reported_is_incomplete(arrived):
    good = version()
    late = {key: row for key, row in good.items() if key[0] < 19 or key[1] in BRANDS[:arrived]}
    (told,) = vintages.replay([version(19), late])[1]
    assert (told.kind, told.started) == (Kind.INCOMPLETE_PERIOD, 19)
    assert told.evidence["missing"] == list(BRANDS[arrived:])


def test_the_new_york_feed_is_replayed_without_a_miss():
    rows = pd.read_csv(data_file("gaming/ny_feed_vintages.csv.gz"), low_memory=False)
    truth = pd.read_csv(data_file("gaming/ny_feed_versions.csv.gz"))
    period = {week: place for place, week in enumerate(sorted(rows.week_ending.unique()))}
    versions = [
        {
            (period[row.week_ending], row.brand): (row.handle_usd, row.ggr_usd)
            for row in part.itertuples()
        }
        for _, part in rows.groupby("version")
    ]
    told = kinds(versions)
    assert [place for place, each in enumerate(told) if Kind.BRAND_MIX_UP in each] == [
        3, 10, 42, 44, 62, 65,
    ]  # fmt: skip
    shrunk = set(np.flatnonzero(np.diff(truth.rows.to_numpy()) < 0) + 1)
    assert len(shrunk) == 18
    assert shrunk <= {place for place, each in enumerate(told) if Kind.SHRUNKEN_HISTORY in each}
    incomplete = [place for place, each in enumerate(told) if Kind.INCOMPLETE_PERIOD in each]
    assert incomplete == truth.index[truth.brands_in_last_week < 8].tolist()
    assert len(incomplete) == 67
