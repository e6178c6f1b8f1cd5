"""Packed or not, the store of paths gives the same answers, and goes on being added to."""

from datetime import timedelta
from itertools import pairwise

import numpy as np
import psycopg
import pytest
from django.db import connection
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


@pytest.mark.usefixtures("in_acme")
def test_what_is_projected_while_it_packs_is_kept(monkeypatch):
    """Rows that change between reading and subtracting keep the difference."""
    handlers.handle([click(1, "a", 1, "Email"), purchase(2, "a", 2), click(3, "b", 1, "Email")])

    def packs_late(cell):
        monkeypatch.setattr(packing, "pack", pack)
        handlers.handle([click(4, "c", 1, "Email"), purchase(5, "c", 2), erased(6, "a")])
        return pack(cell)

    pack = packing.pack
    monkeypatch.setattr(packing, "pack", packs_late)
    pack_paths()
    found = answers()

    handlers.reset()
    handlers.handle([click(1, "a", 1, "Email"), purchase(2, "a", 2), click(3, "b", 1, "Email")])
    handlers.handle([click(4, "c", 1, "Email"), purchase(5, "c", 2), erased(6, "a")])
    assert found == answers()


@pytest.mark.usefixtures("in_acme")
def test_of_two_packers_one_gives_way(monkeypatch):
    first = [click(number, f"p{number}", 1, "Email") for number in range(1, 9)]
    handlers.handle(first)
    pack_paths()
    handlers.handle([click(20, "late", 1, "Display"), purchase(21, "late", 2)])
    expected = answers()

    def packs_late(cell):
        monkeypatch.setattr(packing, "pack", pack)
        pack_paths()
        return pack(cell)

    pack = packing.pack
    monkeypatch.setattr(packing, "_SHARE", 0.0)
    monkeypatch.setattr(packing, "pack", packs_late)
    pack_paths()

    assert answers() == expected


@pytest.mark.usefixtures("in_acme")
def test_a_rebuild_in_between_loses_nothing(monkeypatch):
    told = [click(1, "a", 1, "Email"), purchase(2, "a", 2), click(3, "b", 1, "Email")]
    handlers.handle(told)
    expected = answers()
    pack = packing.pack

    def packs_late(cell):
        monkeypatch.setattr(packing, "pack", pack)
        handlers.reset()
        handlers.handle(told)
        return pack(cell)

    monkeypatch.setattr(packing, "_SHARE", 0.0)
    for _ in range(2):  # with nothing packed before, and with something
        monkeypatch.setattr(packing, "pack", packs_late)
        pack_paths()
        assert answers() == expected
        pack_paths()
        handlers.handle([click(9, "x", 1, "Display")])
        handlers.handle([erased(10, "x")])


@pytest.mark.usefixtures("in_acme")
def test_a_cell_of_many_rows_is_packed_in_pieces(monkeypatch):
    monkeypatch.setattr(packing, "_AT_ONCE", 3)
    campaigns = [click(n, f"p{n}", 1, "Email", campaign=f"c{n}") for n in range(1, 12)]
    handlers.handle(campaigns)
    expected = answers()
    pack_paths()
    assert loose() == 0
    assert answers() == expected


def test_it_gives_way_to_whoever_holds_the_rows(committed_tenant, monkeypatch):
    monkeypatch.setattr(packing, "FEWEST", 1)
    handlers.handle([click(1, "a", 1, "Email"), purchase(2, "a", 2)])
    before = loose()
    params = connection.get_connection_params()
    with psycopg.connect(**{**params, "cursor_factory": psycopg.Cursor}) as projector:
        table = f"{committed_tenant.schema_name}.attribution_daily_path"
        projector.execute(f"SELECT 1 FROM {table} FOR UPDATE")
        assert pack_paths() == 0
        assert loose() == before
    assert pack_paths() > 0
    assert loose() == 0
