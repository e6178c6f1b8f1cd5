"""The overview: its figures, tables, links and downloads; what it says where there is nothing."""

import csv
from datetime import date

import pytest

from eventlog import canonical
from fraud.cases import projection, queries
from fraud.cases.names import called, names
from fraud.features.sighting import identity
from fraud.models import Label, Refund, SeenDay
from fraud.overview.queries import overview
from fraud.scoring import policy
from fraud.scoring.decide import Policy
from kernel import clock
from tests.conftest import client_of
from tests.fraud.cases.told import START
from tests.fraud.overview.conftest import DAYS, seen

PAGE = "/fraud/"
UNNAMED = f"#{int(identity('publisher', 'birch')):016d}"
NOVEMBER = {"start": date(2026, 11, 20), "end": date(2026, 11, 22)}


def lines(found):
    return {each.key: (each.cases, each.blocked, each.review) for each in found}


def money(found):
    return [(each.amount, each.currency) for each in found]


def refund(number, *, currency="EUR", **changes):
    fields = {
        "source": "alder ads", "end": START.date(), "amount": 40_000_000, "currency": currency,
        "decided_at": START,
    }  # fmt: skip
    Refund.objects.create(decision=f"{number:032x}", **(fields | changes))


def test_it_tells_counts_and_money_of_the_days(told, as_tenant):
    with as_tenant(told):
        Label.objects.create(event=f"{1:032x}", actor="a", at=clock.now(), subject="x", fraud=True)
        refund(1, received=15_000_000)
        refund(2, currency="USD")
        refund(3, withdrawn_at=START)
        found = overview(**NOVEMBER)

    assert (found.total.cases, found.total.blocked, found.total.review) == (5, 4, 1)
    assert (found.events, found.rate) == (40, 0.125)
    assert money(found.total.blocked_value) == [(12.5, "EUR"), (10.0, "USD")]
    assert money(found.refunds_due) == [(40.0, "EUR"), (40.0, "USD")]
    assert money(found.refunds_received) == [(15.0, "EUR")]
    assert found.waiting == 4
    assert [(each.blocked, each.review) for each in found.days] == [(3, 1), (1, 0), (0, 0)]


def test_it_tells_them_by_kind_publisher_and_campaign(told, as_tenant):
    with as_tenant(told):
        found = overview(**NOVEMBER)

    assert lines(found.kinds) == {
        "click_injection": (3, 3, 0), "bot": (1, 1, 0), "data_centre": (1, 0, 1),
    }  # fmt: skip
    assert lines(found.publishers) == {
        "alder ads": (3, 2, 1), UNNAMED: (1, 1, 0), "(none)": (1, 1, 0),
    }  # fmt: skip
    assert lines(found.campaigns) == {"autumn": (3, 3, 0), "(none)": (2, 1, 1)}


def test_other_days_are_left_out(told, as_tenant):
    with as_tenant(told):
        found = overview(start=date(2026, 11, 21), end=date(2026, 11, 21))
        nothing = overview(start=date(2026, 11, 22), end=date(2026, 11, 30))

    assert (found.total.cases, found.events) == (1, None)
    assert (nothing.total.cases, nothing.rate) == (0, None)


def test_a_rebuild_counts_the_same(told, as_tenant):
    events = [seen(number) for number in range(100, 140)]
    with as_tenant(told):
        projection.reset()
        assert not SeenDay.objects.exists()
        projection.handle(
            [*events[:15], seen(140, source="import"), seen(141, type="spend.recorded")]
        )
        projection.handle(events[15:])
        assert overview(**NOVEMBER).events == 40


def test_what_a_tenant_keeps_no_longer_is_not_counted(told, as_tenant):
    body = {"before": "2026-11-21T00:00:00.000000Z", "events": 40}
    expired = seen(200, type="log.expired")._replace(payload=canonical.encode(body).decode())
    with as_tenant(told):
        projection.handle([expired, seen(2_000), seen(2_001)])
        found = overview(**NOVEMBER)

    assert (found.total.cases, found.events) == (1, 2)


def test_cases_are_those_of_a_publisher_campaign_and_day(told, as_tenant):
    def count(**asked):
        return len(queries.cases(**asked).items)

    with as_tenant(told):
        assert count(publisher="alder ads") == 3
        assert count(publisher="alder ads", campaign="autumn") == 2
        assert count(publisher=UNNAMED) == count(publisher="birch") == 1
        assert count(publisher="(none)") == 1
        assert count(publisher="nobody knows") == 0
        assert count(end=date(2026, 11, 20)) == 4
        assert count(start=date(2026, 11, 21), kind="bot") == 1
        assert queries.sources("publisher") == ["alder ads", UNNAMED]
        assert called(names("campaign"), int(identity("campaign", "autumn"))) == "autumn"


def test_every_row_of_the_page_leads_to_its_cases(told, acme_owner_client):
    answer = acme_owner_client.get(f"{PAGE}?{DAYS}")
    page = answer.content.decode()

    assert "12.50% of 40 events" in page
    assert "and $10.00" in page
    assert "style=" not in page
    for table in answer.context["tables"]:
        for _, url, line in table["rows"]:
            shown = acme_owner_client.get(url).context["page"].items
            assert len(shown) == line.cases, url


def test_its_figures_lead_to_as_many_cases(told, acme_owner_client):
    context = acme_owner_client.get(f"{PAGE}?{DAYS}").context

    for verdict, expected in (("", 5), ("block", 4), ("review", 1)):
        address = f"{context['cases_url']}&verdict={verdict}"
        assert len(acme_owner_client.get(address).context["page"].items) == expected


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    ("table", "first"),
    [
        ("days", {"day": "2026-11-20", "blocked": "3", "review": "1"}),
        ("kinds", {"name": "click injection", "cases": "3", "currency": "EUR",
                   "value": "10.0", "other_currencies": "10.00 USD"}),
        ("publishers", {"name": "alder ads", "cases": "3", "review": "1", "share": "0.6"}),
        ("campaigns", {"name": "autumn", "blocked": "3", "blocked_value": "12.5"}),
    ],
)  # fmt: skip
def test_every_table_downloads(acme_owner_client, table, first):
    answer = acme_owner_client.get(f"{PAGE}?{DAYS}&format=csv&table={table}")
    row = next(csv.DictReader(answer.content.decode().splitlines()))

    assert {name: row[name] for name in first} == first


@pytest.mark.usefixtures("told")
def test_without_a_choice_it_shows_the_newest_days_there_are(acme_owner_client):
    assert acme_owner_client.get(PAGE).context["found"].total.cases == 5


@pytest.mark.usefixtures("told")
def test_the_cases_page_filters_and_keeps_what_was_chosen(acme_owner_client):
    answer = acme_owner_client.get("/fraud/cases/?publisher=alder+ads&range=&start=2026-11-21")
    page = answer.content.decode()

    assert len(answer.context["page"].items) == 3
    assert "<option selected>alder ads</option>" in page
    later = acme_owner_client.get("/fraud/cases/?publisher=alder+ads&start=2026-11-21")
    assert "No such case" in later.content.decode()
    rows = acme_owner_client.get("/fraud/cases/?campaign=autumn&format=csv").content.decode()
    assert len(rows.splitlines()) == 4


def test_the_api_filters_by_publisher(told, client, acme_key):
    answer = client.get(
        "/api/v1/fraud/cases", {"publisher": "alder ads"},
        headers={"Authorization": f"Bearer {acme_key}"},
    )  # fmt: skip

    assert len(answer.json()["cases"]) == 3


def test_where_nothing_is_it_says_what_to_do(acme, as_tenant, acme_owner_client):
    page = acme_owner_client.get(PAGE).content.decode()
    assert "Scoring is off" in page
    assert 'href="/fraud/scoring/">Switch scoring on</a>' in page
    with as_tenant(acme):
        policy.put(Policy(on=True), actor="a" * 32, now=clock.now())
    assert "No event stood out yet" in acme_owner_client.get(PAGE).content.decode()
    policy._remembered.clear()


@pytest.mark.usefixtures("told")
def test_days_without_a_case_say_so(acme_owner_client):
    page = acme_owner_client.get(f"{PAGE}?start=2026-01-01&end=2026-01-31").content.decode()

    assert "No event stood out in these days" in page
    assert "Events are not scored as they come" in page


@pytest.mark.usefixtures("told")
def test_a_rival_sees_nothing_of_it(rival, rival_owner_client):
    answer = rival_owner_client.get(f"{PAGE}?{DAYS}")

    assert answer.context["found"].total.cases == 0
    assert "alder" not in answer.content.decode()


def test_a_marketer_sees_it_without_the_ways_to_change(told):
    from tenants.contracts import Role
    from tenants.models import Membership, User

    user = User.objects.create_user(email="mia@acme.example", password="x", name="Mia")
    Membership.objects.create(tenant=told, user=user, role=Role.MARKETER, created_at=clock.now())
    answer = client_of(told, user).get(f"{PAGE}?{DAYS}")

    assert answer.status_code == 200
    assert b'href="/fraud/backtest/"' not in answer.content
    assert b'href="/fraud/review/"' not in answer.content


def test_cases_are_counted_in_a_few_queries(told, as_tenant, django_assert_max_num_queries):
    with as_tenant(told), django_assert_max_num_queries(12):
        overview(**NOVEMBER)
