"""Making forecasts: events that add up, rows that are those events, and how they held."""

from datetime import timedelta

import msgspec
import pytest

from eventlog.subscriptions import rebuild
from regulator import queries_forecasts
from regulator.forecasts import projection
from regulator.forecasts.ahead import TooFewMonths
from regulator.models import Forecast
from regulator.returns import commands as returns
from tests.regulator.forecasts.filed import LAST, NOW, TODAY, file, make, monthly
from tests.regulator.told import project


def rows():
    return sorted(
        (row.event, row.run, row.operator, row.place, str(row.body))
        for row in Forecast.objects.all()
    )


def test_a_market_and_its_operators_are_forecast_and_sum_to_the_cent(authority):
    file(lucky=1.0, other=3.0)

    market, *operators = make()

    assert [each.operator for each in operators] == ["lucky", "other"]
    assert market.history == 48
    assert len(market.months) == 12
    for place, month in enumerate(market.months):
        assert month.point == sum(each.months[place].point for each in operators)
        assert month.tax == sum(each.months[place].tax for each in operators)
        assert month.low <= month.point <= month.high
    assert market.tax.point == sum(each.tax.point for each in operators)
    assert market.tax.low < market.tax.point < market.tax.high
    lucky = operators[0]
    assert lucky.tax.point == pytest.approx(0.2 * lucky.total.point, rel=1e-4)
    assert lucky.before == sum(monthly("lucky", LAST - each).ggr for each in range(12))
    assert (lucky.source, lucky.actor) == ("returns", "a" * 32)


def test_rows_are_the_same_when_the_log_is_read_anew(authority):
    file(lucky=1.0, other=3.0)
    make(NOW)
    make(NOW + timedelta(days=7))
    incremental = rows()
    assert len(incremental) == 6

    rebuild(projection.NAME)

    assert rows() == incremental


def test_the_newest_run_is_read_with_shares_and_growth(authority):
    file(lucky=1.0, other=3.0)
    make(NOW - timedelta(days=7))
    made = make(NOW)

    run = queries_forecasts.newest()

    assert run.market.said == made[0]
    assert [each.name for each in run.operators] == ["Other", "Lucky"]
    assert sum(run.share(each) for each in run.operators) == pytest.approx(1.0)
    assert run.market.growth == pytest.approx(0.0, abs=0.1)
    assert queries_forecasts.currencies() == ["EUR"]
    assert queries_forecasts.newest(currency="USD") is None


def test_what_was_said_is_held_against_what_came(authority):
    file(lucky=1.0, other=3.0)
    make(NOW)
    returns.file([monthly(name, LAST + 1, size) for name, size in (("lucky", 1.0), ("other", 3.0))],
                 now=NOW)  # fmt: skip
    project()
    item = queries_forecasts.of("lucky")
    past = queries_forecasts.past(item, today=TODAY + timedelta(days=40))

    (found,) = queries_forecasts.earlier(item, past)

    assert (found.months, found.came) == (1, monthly("lucky", LAST + 1).ggr)
    assert found.said == item.said.months[0].point
    assert found.error == pytest.approx(abs(found.said / found.came - 1))


def test_two_years_are_needed(authority):
    file(months=23, lucky=1.0)

    with pytest.raises(TooFewMonths):
        make()
    assert queries_forecasts.months_known(today=TODAY) == 23


def test_an_event_says_the_same_when_it_is_read_again(authority):
    file(lucky=1.0)
    (market, lucky) = make()

    assert msgspec.convert(Forecast.objects.get(operator="lucky").body, type(lucky)) == lucky
    assert market.total == lucky.total
