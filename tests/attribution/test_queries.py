"""Reports from a small story whose every figure can be checked by hand."""

from datetime import UTC, date, datetime

import pytest

from attribution import handlers, queries
from attribution.contracts import By, Model
from attribution.learned import fitting
from attribution.projection.report import InvalidOrder
from attribution.queries import InvalidRange
from kernel.errors import NotFound
from kernel.ids import pseudonym
from tests.attribution.stories import click, identified, purchase, spend

START, END = date(2026, 9, 1), date(2026, 9, 30)


@pytest.fixture
def story(acme, as_tenant):
    """Two people buy, one does not, one buys out of the blue; e-mail costs 20."""
    with as_tenant(acme):
        handlers.handle(
            [
                click(1, "ada", 1, "Paid Search", campaign="summer"),
                click(2, "ada", 2, "Email"),
                purchase(3, "ada", 3, 100.0),
                click(4, "bob", 1, "Email"),
                purchase(5, "bob", 2, 50.0),
                click(6, "eve", 4, "Paid Search", device="desktop"),
                purchase(7, "zoe", 5, 8.0),
                spend(8, 1, "Email", 20.0),
                identified(9, "ada", "ada-user"),
            ]
        )
        fitting.fit(now=datetime(2026, 10, 1, tzinfo=UTC))
        yield


def report(**more):
    return queries.attribution(**{"model": Model.LINEAR, "start": START, "end": END, **more})


@pytest.mark.usefixtures("story")
def test_a_report_shares_conversions_out():
    found = report()
    rows = {row.label: row for row in found.rows}

    assert (rows["Email"].conversions, rows["Paid Search"].conversions) == (1.5, 0.5)
    assert (rows["Email"].value, rows["Paid Search"].value) == (100.0, 50.0)
    assert (rows["Email"].cost, rows["Email"].roas) == (20.0, 5.0)
    assert rows["Email"].share == 0.75
    assert found.totals.conversions == 2.0
    assert found.totals.nulls == 1
    assert (found.totals.unattributed_conversions, found.totals.unattributed_value) == (1, 8.0)


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("model", list(Model))
@pytest.mark.parametrize("by", list(By))
def test_rows_sum_to_the_totals_under_every_model(model, by):
    found = report(model=model, by=by)

    assert sum(row.conversions for row in found.rows) == pytest.approx(2.0, abs=1e-9)
    assert sum(row.value for row in found.rows) == pytest.approx(150.0, abs=1e-9)


@pytest.mark.usefixtures("story")
def test_markov_agrees_with_itself_at_higher_orders_on_short_paths():
    first = {row.label: row.removal_effect for row in report(model=Model.MARKOV, order=2).rows}

    assert first["Email"] == pytest.approx(1.0)
    assert first["Paid Search"] == pytest.approx(0.5)


@pytest.mark.usefixtures("story")
def test_segments_split_the_report():
    mobile, desktop = report(segment="mobile"), report(segment="desktop")

    assert (mobile.totals.conversions, desktop.totals.conversions) == (2.0, 0.0)
    assert (mobile.totals.nulls, desktop.totals.nulls) == (0, 1)


@pytest.mark.usefixtures("story")
def test_days_outside_the_range_do_not_count():
    assert report(end=date(2026, 9, 3)).totals.conversions == 1.0


@pytest.mark.usefixtures("story")
def test_overview_has_every_day():
    found = queries.overview(start=START, end=END)

    assert len(found.days) == 30
    assert (found.current.conversions, found.current.revenue) == (3, 158.0)
    assert (found.current.touches, found.current.journeys) == (4, 4)
    assert found.previous.conversions == 0


@pytest.mark.usefixtures("story")
def test_journeys_come_in_pages_that_meet():
    first = queries.journeys(limit=2)
    rest = queries.journeys(limit=2, cursor=first.next_cursor)

    assert len({item.id for item in [*first.items, *rest.items]}) == 4
    assert rest.next_cursor is None


@pytest.mark.usefixtures("story")
def test_journeys_are_filtered():
    assert [i.person for i in queries.journeys(channel="Paid Search", converted=True).items] == [
        "ada"
    ]
    assert queries.journeys(channel="Nowhere").items == []
    assert [i.person for i in queries.journeys(subject="ada-user").items] == ["ada"]


@pytest.mark.usefixtures("story")
def test_journeys_are_found_by_the_days_they_ended():
    assert len(queries.journeys(start=date(2026, 9, 4), end=date(2026, 9, 4)).items) == 1
    assert len(queries.journeys(start=date(2026, 9, 4)).items) == 3
    assert len(queries.journeys(end=date(2026, 9, 3)).items) == 1


def test_a_person_is_found_by_the_id_their_own_systems_use(acme, as_tenant):
    subject = pseudonym(bytes(acme.secret), "u", "customer-7")
    with as_tenant(acme):
        handlers.handle([click(1, subject, 1), purchase(2, subject, 2)])
        assert [row.person for row in queries.journeys(subject="customer-7").items] == [subject]
        assert [row.person for row in queries.journeys(subject=subject[:8]).items] == [subject]
        assert not queries.journeys(subject="customer-8").items


@pytest.mark.usefixtures("story")
def test_a_person_is_found_by_any_subject():
    found = queries.person(subject="ada-user")

    assert (found.person, found.subjects) == ("ada", ("ada", "ada-user"))
    assert [touch.channel for touch in found.journeys[0].touches] == ["Paid Search", "Email"]
    assert found.journeys[0].touches[0].credit[Model.FIRST] == 1.0


@pytest.mark.usefixtures("story")
def test_an_unknown_person_is_not_found():
    with pytest.raises(NotFound):
        queries.person(subject="nobody")


@pytest.mark.usefixtures("story")
def test_it_refuses_a_backward_range_and_a_strange_order():
    with pytest.raises(InvalidRange):
        report(start=END, end=START)
    with pytest.raises(InvalidOrder):
        report(model=Model.MARKOV, order=5)


@pytest.mark.usefixtures("story")
def test_comparison_has_every_model_for_every_label():
    found = queries.compare(models=list(Model), start=START, end=END, order=2)

    assert list(found.labels) == sorted(found.labels)
    assert dict(zip(found.models, found.reports, strict=True))[Model.MARKOV].params == {"order": 2}
    assert all(set(row) == set(Model) for row in found.conversions.values())
    assert found.conversions["Email"][Model.LAST] == 2.0
