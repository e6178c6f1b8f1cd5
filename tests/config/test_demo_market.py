"""The demo's authority: its three operators stand as they were made to."""

import pytest

from config import demo_market
from kernel import clock
from regulator import queries, queries_returns
from tests.regulator.told import project

HONEST, SHORT, LOSSY = (house.simulated.name for house in demo_market.HOUSES)


@pytest.fixture
def market(committed_tenant, settings, tmp_path, monkeypatch):
    """The market, of two weeks, in a tenant made just now."""
    settings.STATE = tmp_path
    monkeypatch.setattr(demo_market, "DAYS", 14)
    for _ in demo_market.market_into(committed_tenant, now=clock.now()):
        pass
    project()
    return committed_tenant


def test_one_is_honest_one_declares_too_little_one_loses_records(market):
    codes = {
        name: {each.code for each in queries_returns.findings(operator=name, now=clock.now())}
        for name in (HONEST, SHORT, LOSSY)
    }

    assert codes[HONEST] <= {"late"}
    assert "feed_differs" in codes[SHORT] - codes[HONEST]
    assert {"records_missing", "late"} <= codes[LOSSY]
    (hole,) = queries.feed(LOSSY).holes
    assert range(hole.first, hole.last + 1) == demo_market.LOST
    held = queries_returns.returns(SHORT).held
    off = [each.differences["stakes"] / each.fed.stakes for each in held]
    assert off == pytest.approx([-0.03] * len(off), abs=1e-4)


def test_doing_it_again_brings_no_record_twice(market):
    before = queries.feed(LOSSY)
    for _ in demo_market.market_into(market, now=clock.now()):
        pass
    project()
    after = queries.feed(LOSSY)
    assert (after.records, after.highest, after.reused) == (before.records, before.highest, 0)
    assert after.repeated == before.records
