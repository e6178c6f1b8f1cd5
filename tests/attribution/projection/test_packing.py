"""Packed or not, the store of paths gives the same answers, and goes on being added to."""

from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attribution import handlers, tasks
from attribution.projection import packing, sums
from attribution.projection.packing import pack_paths
from tests.attribution.stories import START, click, erased, purchase
from tests.attribution.test_handlers import logs, project

EVERYTHING = {
    "start": START.date(), "end": START.date() + timedelta(days=60), "segment": None,
    "conversion_type": None,
}  # fmt: skip


@pytest.fixture
def in_acme(acme, as_tenant, monkeypatch):
    monkeypatch.setattr(packing, "FEWEST", 1)
    with as_tenant(acme):
        yield


def answers():
    """Every question's paths, as {path: sums}."""
    found = {}
    for dimension in range(3):
        for new in (False, True):
            scope = sums.Scope(dimension=dimension, new_customers=new, **EVERYTHING)
            stored = sums.paths(scope)
            ends = np.cumsum(stored.lengths)
            for row, end in enumerate(ends.tolist()):
                path = tuple(stored.keys[end - stored.lengths[row] : end].tolist())
                amounts = (
                    stored.conversions[row], stored.nulls[row], stored.value[row],
                    round(stored.value_squares[row] / 1e6),
                )  # fmt: skip
                if any(amounts):
                    found[(dimension, new, path)] = amounts
    return found


def loose():
    return sums.rows("SELECT count(*) FROM attribution_daily_path", [])[0][0]


@pytest.mark.usefixtures("in_acme")
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(logs(), st.lists(st.integers(0, 24), min_size=1, max_size=4))
def test_questions_see_no_difference(events, cuts):
    project(events)
    expected = answers()

    handlers.reset()
    ends = sorted({cut % len(events) for cut in cuts} | {0, len(events)})
    for low, high in pairwise(ends):
        handlers.handle(events[low:high])
        pack_paths()
    while handlers.settle():
        pass
    assert answers() == expected
    pack_paths()
    assert answers() == expected


@pytest.mark.usefixtures("in_acme")
def test_what_goes_is_taken_from_what_is_packed():
    handlers.handle([click(1, "a", 1, "Email"), purchase(2, "a", 2), click(3, "b", 1, "Email")])
    assert pack_paths() > 0
    assert loose() == 0

    handlers.handle([erased(4, "a")])
    assert loose() > 0
    assert {key[2] for key in answers()} == {key[2] for key in answers() if key[1] is False}
    assert all(amounts[0] == 0 for amounts in answers().values())

    pack_paths()
    assert loose() == 0
    handlers.handle([erased(5, "b")])
    assert answers() == {}


@pytest.mark.usefixtures("in_acme")
def test_few_new_rows_wait_beside_many_packed(monkeypatch):
    many = [
        click(number, f"p{number}", 1, "Email", campaign=f"c{number}") for number in range(1, 41)
    ]
    handlers.handle(many)
    pack_paths()

    handlers.handle([click(50, "late", 1, "Email", campaign="another")])

    before = loose()
    assert before > 0
    monkeypatch.setattr(packing, "_SHARE", 10.0)
    assert pack_paths() == 0
    assert loose() == before


def test_the_task_packs_every_tenant_and_each_its_own(acme, rival, as_tenant, monkeypatch):
    monkeypatch.setattr(packing, "FEWEST", 1)
    with as_tenant(acme):
        handlers.handle([click(1, "a", 1, "Email"), purchase(2, "a", 2)])
    with as_tenant(rival):
        handlers.handle([click(1, "b", 1, "Display")])

    tasks.pack_paths()

    for tenant in (acme, rival):
        with as_tenant(tenant):
            assert loose() == 0
            assert answers()
