"""The false traffic: known, of every kind, and its clean part as clean traffic is."""

from collections import Counter
from datetime import UTC, datetime

import numpy as np

from simulation.adfraud import Scheme, traffic

NOW = datetime(2026, 3, 10, tzinfo=UTC)


def ctit(told):
    """Click to install times in seconds by whether the install is false."""
    clicked, found = {}, {True: [], False: []}
    for each in told:
        event = each.event
        who, at = event["anonymous_id"], datetime.fromisoformat(event["timestamp"])
        if event["type"] == "ad.click":
            clicked[who] = at
        elif event.get("properties", {}).get("conversion_type") == "install" and who in clicked:
            found[each.scheme is not None].append((at - clicked[who]).total_seconds())
    return {key: np.array(values) for key, values in found.items()}


def test_equal_seeds_give_equal_traffic():
    assert traffic(seed=4, start=NOW, people=50) == traffic(seed=4, start=NOW, people=50)
    assert traffic(seed=4, start=NOW, people=50) != traffic(seed=5, start=NOW, people=50)


def test_every_scheme_is_in_it_and_most_is_honest():
    found = Counter(told.scheme for told in traffic(seed=4, start=NOW, people=400))

    assert set(found) == {None, *Scheme}
    assert found[None] > 0.8 * found.total()


def test_leaving_a_scheme_out_changes_no_other():
    rest = set(Scheme) - {Scheme.BOT}
    whole = traffic(seed=4, start=NOW, people=60, false=0.5)
    without = traffic(seed=4, start=NOW, people=60, false=0.5, schemes=rest)

    names = [told.event["anonymous_id"] for told in without]
    assert not any(name.startswith("bot/") for name in names)
    assert without == [t for t in whole if not t.event["anonymous_id"].startswith("bot/")]


def test_clean_installs_meet_the_norms_of_the_field():
    times = ctit(traffic(seed=4, start=NOW, people=6_000, false=0.0))[False]

    assert len(times) > 1_000
    assert (times < 3_600).mean() >= 0.75
    assert (times < 86_400).mean() >= 0.94
    assert (times < 10).mean() <= 0.01


def test_events_come_in_the_order_of_time_under_ids_of_their_own():
    told = traffic(seed=4, start=NOW, people=200)

    assert len({each.event["id"] for each in told}) == len(told)
    times = [datetime.fromisoformat(each.event["timestamp"]) for each in told]
    assert times == sorted(times)
