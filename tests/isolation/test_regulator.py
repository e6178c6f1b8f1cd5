"""A rival reaches nothing of an authority's: every route of a regulator's host, by walking.

Acme is an authority here, and the marker is in its register, its feed and its receipts.
"""

import uuid

import pytest
from django.test import Client

from kernel import clock
from regulator.forecasts import jobs
from tenants import commands
from tenants.contracts import Kind
from tenants.models import Tenant
from tests.conftest import client_of
from tests.isolation.marked import supervised
from tests.isolation.routes import walk
from tests.isolation.test_routes import OPEN_TO_ALL, ask, content, refused

MARKER = "zebrafinch"
DIGEST = "7" * 64
ANOMALY = "00000000-0000-0000-0000-0000000000a1"
ROUTES = walk()
SHARED = {route.template for route in ROUTES if route.host == "tenant"}
PAGES = [
    route
    for route in ROUTES
    if route.host == "regulator" and not route.is_api and route.template not in SHARED - {""}
]


@pytest.fixture
def samples(acme, acme_owner, as_tenant, settings, tmp_path):
    """Acme's own arguments for the routes of a regulator, and the marker in all it has."""
    from regulator.models import (
        Anomaly,
        Feed,
        Gap,
        LearnedModel,
        Operator,
        Receipt,
        Return,
        Total,
    )

    settings.STATE = tmp_path
    Tenant.objects.filter(pk=acme.pk).update(kind=Kind.REGULATOR)
    acme.refresh_from_db()
    now = clock.now()
    commands.issue_feed_key(tenant=acme, actor=acme_owner, feed=MARKER, name=MARKER, now=now)
    with as_tenant(acme):
        Operator.objects.create(
            name=MARKER, title=MARKER.title(), licence=MARKER, licensed_from=now.date(),
            currency="EUR", game_types=["slots"], registered_at=now, changed_at=now,
        )  # fmt: skip
        Feed.objects.create(operator=MARKER, records=2, highest=4, missing=2, heard_at=now)
        Gap.objects.create(operator=MARKER, first=2, last=3, opened_at=now)
        Receipt.objects.create(
            operator=MARKER, number=1, at=now, first=1, last=4, count=2, fresh=2, hash="0" * 64,
            receipt=MARKER,
        )  # fmt: skip
        for span in ("hour", "day"):
            Total.objects.create(
                operator=MARKER, span=span, start=now.replace(hour=0, minute=0, second=0,
                                                              microsecond=0),
                game="", currency="EUR", stakes=5, events=1, players=1,
            )  # fmt: skip
        Return.objects.create(
            event="00000000-0000-0000-0000-000000000009", operator=MARKER, start=now.date(),
            end=now.date(), vintage=now.date(), known_at=now, place=1, currency="EUR", stakes=9,
            payouts=0, refunds=0, ggr=9, source=MARKER,
        )  # fmt: skip
        Anomaly.objects.create(
            id=ANOMALY, operator=MARKER, kind="feed_drop", started_at=now, ended_at=now,
            severity="warning", score=7, evidence={"figure": MARKER}, explanation=MARKER,
            found_at=now, seen_at=now,
        )  # fmt: skip
        _forecast(now)
        LearnedModel.objects.create(
            digest=DIGEST, family="market-hours", state="champion", registered_at=now,
            promoted_at=now, artefact=b"", ways={MARKER: {"way": "components"}},
            figures={"average_precision": 0.5, "chance": 0.1, "quarters": 1.0, "false_alarms": 0.0},
            learned_from={"hours": 9, "operators": 1, "learned_hours": 5, "tried_hours": 2},
        )  # fmt: skip
        forecast_id = uuid.uuid4()
        jobs.start(forecast_id, {})
        jobs.failed(str(forecast_id), MARKER)
        return {
            "operator": MARKER, "forecast_id": forecast_id, "anomaly": ANOMALY,
            "digest": DIGEST, **supervised(MARKER),
        }  # fmt: skip


def _forecast(now):
    """Forecasts of the marked operator and its market."""
    from regulator.models import Forecast

    span = {"point": 9, "low": 8, "high": 10}
    for number, operator in enumerate(("", MARKER)):
        body = {
            "run": MARKER, "operator": operator, "currency": "EUR", "origin": str(now.date()),
            "history": 24, "source": "feed", "level": 0.8, "method": "naive", "errors": {},
            "coverage": None, "before": None, "total": span,
            "months": [{"month": str(now.date().replace(day=1)), **span}],
        }  # fmt: skip
        Forecast.objects.create(
            event=uuid.UUID(int=1 + number), run=MARKER, operator=operator, currency="EUR",
            made_at=now, place=1 + number, body=body,
        )  # fmt: skip


@pytest.fixture(params=["stranger", "rival", "rival as regulator"])
def intruder(request, rival):
    """Browsers at acme's host with somebody else's session, or with none."""
    if request.param == "stranger":
        return Client(HTTP_HOST="acme.localhost")
    if request.param == "rival as regulator":
        Tenant.objects.filter(pk=rival.pk).update(kind=Kind.REGULATOR)
    client = client_of(rival)
    client.defaults["HTTP_HOST"] = "acme.localhost"
    return client


def test_acme_itself_sees_the_marker(acme, samples):
    """Otherwise the tests below would prove nothing."""
    seen = {
        route.template
        for route in PAGES
        if MARKER in content(client_of(acme).get(route.path(samples)))
    }
    assert {
        "", "wall/", "operators/", "operators/{operator}/", "operators/{operator}/change/",
        "operators/{operator}/sensitivity/", "anomalies/", "anomalies/{anomaly}/", "cases/",
        "cases/{case_id}/", "evidence/{dossier_id}/", "audit/", "forecasts/", "detectors/",
        "detectors/{digest}/card/",
    } <= seen  # fmt: skip


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("route", PAGES, ids=str)
def test_no_page_of_acme_answers_an_intruder(intruder, samples, route, method):
    answer = ask(intruder, method, route.path(samples))

    assert refused(answer), answer
    assert MARKER not in content(answer).replace(f"operators%2f{MARKER}", "").replace(
        f"operators/{MARKER}", ""
    )


def test_another_authority_sees_none_of_acmes_operators(samples, rival):
    Tenant.objects.filter(pk=rival.pk).update(kind=Kind.REGULATOR)
    client = client_of(rival)

    for route in PAGES:
        answer = client.get(route.path(samples))
        assert MARKER not in content(answer).replace(f"operators/{MARKER}", ""), route
        if route.parameters:
            assert answer.status_code in (404, 405), route


def test_what_is_open_to_all_is_of_no_regulators_own():
    assert not {route.template for route in PAGES} & (set(OPEN_TO_ALL) - {""})


@pytest.mark.parametrize("route", [r for r in ROUTES if "v1/regulator/" in r.template], ids=str)
def test_no_key_but_acmes_reads_acmes_operators(acme, samples, rival, route):
    from tests.conftest import _key

    Tenant.objects.filter(pk=rival.pk).update(kind=Kind.REGULATOR)
    path = f"{route.path(samples)}?operator={MARKER}"
    own = ask(Client(), "get", path, authorization=f"Bearer {_key(acme, 'read')}")
    foreign = ask(Client(), "get", path, authorization=f"Bearer {_key(rival, 'admin')}")

    assert MARKER in content(own)
    assert MARKER not in content(foreign)
