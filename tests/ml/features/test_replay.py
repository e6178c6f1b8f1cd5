"""What a reading says."""

import numpy as np
import pytest

from ml.features import Entities, Kind, Replay
from ml.features.layout import READING, EntitiesUnusable
from tests.ml.features.drawn import ENTITIES, happening

DAY = 86_400.0


def readings(*rows, entity="subject", of=-1):
    """By name, what was read of ``entity`` before the last of ``rows`` (or the one at ``of``)."""
    found, _ = Replay(ENTITIES).observe(happening(*rows))
    return dict(zip(READING, found[of, ENTITIES.place(entity)], strict=True))


def test_it_knows_nothing_of_whom_it_never_saw():
    read = readings((10.0, Kind.CLICK, {"subject": 1}))

    assert np.isnan(read["age"])
    assert read["events"] == read["clicks"] == 0


def test_it_does_not_count_the_event_itself():
    read = readings((10.0, Kind.CLICK, {"subject": 1}), (25.0, Kind.CLICK, {"subject": 1}))

    assert (read["clicks"], read["since_click"]) == (1, 15.0)


def test_an_entity_that_is_not_named_reads_as_unknown():
    read = readings((10.0, Kind.CLICK, {"subject": 1}), entity="ip")

    assert all(np.isnan(value) for value in read.values())


def test_an_install_counts_for_the_publisher_of_the_latest_click():
    read = readings(
        (10.0, Kind.CLICK, {"subject": 1, "publisher": 7}),
        (14.0, Kind.INSTALL, {"subject": 1}),
        (99.0, Kind.CLICK, {"subject": 2, "publisher": 7}),
        entity="publisher",
    )

    assert (read["installs"], read["timed"], read["timed_fast"]) == (1, 1, 1)
    assert read["timed_mean"] == 4.0


def test_a_click_of_another_publisher_takes_nothing_over():
    read = readings(
        (10.0, Kind.CLICK, {"subject": 1, "publisher": 7, "site": 3}),
        (12.0, Kind.CLICK, {"subject": 1, "publisher": 8}),
        (14.0, Kind.INSTALL, {"subject": 1}),
        (20.0, Kind.CLICK, {"subject": 2, "site": 3}),
        entity="site",
    )

    assert read["installs"] == 0


def test_what_was_clicked_a_month_ago_is_taken_over_no_more():
    read = readings(
        (0.0, Kind.CLICK, {"subject": 1, "publisher": 7}),
        (20 * DAY, Kind.VIEW, {"subject": 1}),
        (31 * DAY, Kind.INSTALL, {"subject": 1}),
        (31 * DAY, Kind.CLICK, {"subject": 2, "publisher": 7}),
        entity="publisher",
    )

    assert read["installs"] == 0


@pytest.mark.parametrize(
    ("ago", "hour", "day", "week"),
    [(60.0, 1, 1, 1), (5_000.0, 0, 1, 1), (2 * DAY, 0, 0, 1), (8 * DAY, 0, 0, 0)],
)
def test_windows_hold_what_they_say(ago, hour, day, week):
    now = 10 * DAY + 100.0
    read = readings((now - ago, Kind.CLICK, {"ip": 1}), (now, Kind.VIEW, {"ip": 1}), entity="ip")

    assert (read["hour_clicks"], read["day_clicks"], read["week_clicks"]) == (hour, day, week)


@pytest.mark.parametrize("count", [1, 5, 15])
def test_it_counts_few_different_ones_exactly(count):
    rows = [(float(n), Kind.CLICK, {"ip": 1, "subject": 1_000 + n % count}) for n in range(40)]

    assert readings(*rows, (50.0, Kind.VIEW, {"ip": 1}), entity="ip")["distinct_a"] == count


def test_it_estimates_how_many_different_ones_there_are_of_many():
    drawn = np.random.default_rng(5).integers(1, 2**52, 2_000).tolist()
    rows = [(float(n), Kind.CLICK, {"ip": 1, "subject": who}) for n, who in enumerate(drawn)]

    estimate = readings(*rows, (2_000.0, Kind.VIEW, {"ip": 1}), entity="ip")["distinct_a"]

    assert 1_000 < estimate < 3_500  # a quarter off is usual with sixteen


def test_whom_it_did_not_see_for_a_month_is_new_again():
    read = readings((0.0, Kind.CLICK, {"subject": 1}), (31 * DAY, Kind.CLICK, {"subject": 1}))

    assert np.isnan(read["age"])


def test_a_label_is_known_from_when_it_came():
    rows = [
        (1.0, Kind.CLICK, {"publisher": 7}), (2.0, Kind.CLICK, {"publisher": 7}),
        (3.0, Kind.LABEL, {"publisher": 7, "value": 1.0}), (4.0, Kind.CLICK, {"publisher": 7}),
    ]  # fmt: skip

    before = readings(*rows, entity="publisher", of=1)
    after = readings(*rows, entity="publisher")

    assert (before["labelled"], before["frauds"]) == (0, 0)
    assert (after["labelled"], after["frauds"], after["events"]) == (1, 1, 2)


def test_a_metronome_is_regular_and_a_person_is_not():
    even = [(10.0 * n, Kind.VIEW, {"subject": 1}) for n in range(20)]
    rng = np.random.default_rng(1)
    odd = [(float(at), Kind.VIEW, {"subject": 1}) for at in np.cumsum(rng.exponential(10, 20))]

    assert readings(*even)["regular"] == 16
    assert readings(*odd)["regular"] < 6


def test_half_an_hour_of_silence_ends_a_session():
    rows = [(at, Kind.VIEW, {"subject": 1}) for at in (0.0, 60.0, 2_000.0, 2_060.0)]

    read = readings(*rows)

    assert (read["sessions"], read["session_events"], read["session_age"]) == (2, 1, 60.0)


def test_entities_must_know_each_other():
    with pytest.raises(EntitiesUnusable):
        Entities({"ip": ("ip", "ip", "person")})


def test_more_entities_than_there_was_room_for_lose_nothing():
    rows = [(float(n), Kind.CLICK, {"subject": n + 1}) for n in range(5_000)]
    replay = Replay(ENTITIES)

    replay.observe(happening(*rows))
    found, _ = replay.observe(happening((5_000.0, Kind.VIEW, {"subject": 1})))

    assert found[0, 0, READING.index("age")] == 5_000.0
