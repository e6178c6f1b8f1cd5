"""The forecast page: what it shows, and what it says while there is nothing."""

import pytest

from kernel import clock
from regulator.forecasts import progress, tasks
from tests.regulator.forecasts.filed import file, make
from tests.regulator.told import ask, registered


@pytest.fixture
def woken(monkeypatch):
    """What the worker was asked for: there is none in a test."""
    asked = []
    monkeypatch.setattr(tasks.make, "apply_async", lambda **how: asked.append(how["kwargs"]))
    return asked


def test_without_months_it_says_how_many_are_needed(owner, authority):
    page = ask(owner, authority, "/forecasts/").content.decode()
    assert "No whole month yet" in page
    file(months=20, lucky=1.0)

    page = ask(owner, authority, "/forecasts/").content.decode()

    assert "Too few months yet" in page
    assert "20 of 24 months" in page


def test_with_enough_months_it_offers_to_forecast_once_at_a_time(owner, authority, woken):
    file(months=30, lucky=1.0)
    page = ask(owner, authority, "/forecasts/").content.decode()
    assert "Ready to be made" in page

    assert ask(owner, authority, "/forecasts/make/", {}).status_code == 302
    ask(owner, authority, "/forecasts/make/", {})

    assert [each["schema"] for each in woken] == [authority.schema_name]
    assert "Forecasts are being made" in ask(owner, authority, "/forecasts/").content.decode()
    progress.end("Too few months.", failed=True)
    assert "Too few months." in ask(owner, authority, "/forecasts/").content.decode()
    answer = owner.get("/forecasts/", headers={"HX-Request": "true", "HX-Target": "progress"})
    assert answer.headers["HX-Refresh"] == "true"


def test_whose_holidays_it_knows_is_chosen_and_held(owner, authority, woken):
    file(lucky=1.0)
    page = ask(owner, authority, "/forecasts/").content.decode()
    assert "Public holidays of" in page
    assert '<option value="">No country' in page

    ask(owner, authority, "/forecasts/make/", {"currency": "EUR", "country": "MT"})

    assert woken[0]["countries"] == {"EUR": "MT"}
    assert make(countries={"EUR": "MT"})[0].country == "MT"
    assert make()[0].country == "MT"
    page = ask(owner, authority, "/forecasts/").content.decode()
    assert "the public holidays of Malta" in page
    answer = ask(owner, authority, "/forecasts/make/", {"currency": "EUR", "country": "XX"})
    assert answer.status_code == 400


def test_the_market_and_an_operator_are_shown_with_why_and_how_sure(owner, authority):
    file(lucky=1.0, other=3.0)
    made = {each.operator: each for each in make()}

    page = ask(owner, authority, "/forecasts/").content.decode()

    assert "They sum to the market" in page
    assert "Why this method" in page
    assert "what operators filed" in page
    answer = ask(owner, authority, "/forecasts/?operator=lucky")
    assert answer.context["total"]["point"] == made["lucky"].total.point / 100
    assert answer.context["chart"]["usermeta"]["rows"][-1]["series"] == "expected"
    assert "They sum to the market" not in answer.content.decode()
    assert ask(owner, authority, "/forecasts/?operator=nobody").status_code == 404
    csv = ask(owner, authority, "/forecasts/?format=csv").content.decode().splitlines()
    assert len(csv) == 1 + 3 * 12
    assert csv[1].startswith("market,all operators,EUR,")


def test_without_tax_rates_there_is_no_tax_and_all_else(owner, authority):
    registered("untaxed", rates=())
    file(untaxed=1.0)
    make()

    answer = ask(owner, authority, "/forecasts/?operator=untaxed")

    assert (answer.status_code, answer.context["tax"]) == (200, None)
    assert "no tax rates in the register" in answer.content.decode()


def test_an_operator_without_a_forecast_says_so(owner, authority):
    file(lucky=1.0)
    make()

    page = ask(owner, authority, "/forecasts/?operator=other").content.decode()

    assert "No forecast of this operator" in page


def test_the_worker_is_told_when_the_newest_is_a_week_old_and_there_are_months(authority, woken):
    from django.db import connection

    def looked():
        woken.clear()
        progress.end("", failed=False)
        tasks.make_all()
        connection.set_tenant(authority)
        return [each["schema"] for each in woken]

    file(months=20, lucky=1.0)
    assert looked() == []
    file(months=30, lucky=1.0)
    assert looked() == [authority.schema_name]
    make(clock.now())
    assert looked() == []
