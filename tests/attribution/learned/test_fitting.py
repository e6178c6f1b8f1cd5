"""The worker's fit: what it writes, when it is due, and that it stays with its tenant."""

import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest

from attribution import handlers, queries, tasks
from attribution.contracts import LEARNED, By, Model
from attribution.credit import deep
from attribution.learned import artefacts, fitting
from attribution.models import Fit
from attribution.projection import sums
from tests.attribution.stories import click, purchase

NOW = datetime(2026, 10, 1, tzinfo=UTC)
RANGE = {"start": date(2026, 9, 1), "end": date(2026, 9, 30)}


@pytest.fixture(autouse=True)
def _without_torch(monkeypatch, settings, tmp_path):
    """Training a network takes seconds; those that are about it ask for it."""
    monkeypatch.setattr(deep, "installed", lambda: False)
    settings.MODELS = tmp_path


@pytest.fixture
def shop(acme, as_tenant):
    """Forty people; those who saw Paid Search buy more often."""
    events, position = [], 0
    for person in range(40):
        for day, channel in ((1, "Email"), (2, "Paid Search" if person % 2 else "Display")):
            position += 1
            events.append(click(position, f"p{person}", day + person % 7, channel, campaign="c"))
        if (person % 2 and person % 5) or person % 10 == 0:
            position += 1
            events.append(purchase(position, f"p{person}", 3 + person % 7, 20.0 + person))
    with as_tenant(acme):
        handlers.handle(events)
    return acme


@pytest.mark.parametrize("model", [model for model in LEARNED if model is not Model.DEEP])
def test_a_report_shares_out_all_conversions_under_the_last_fit(shop, as_tenant, model):
    with as_tenant(shop):
        assert queries.attribution(model=model, **RANGE).fitted_at is None
        fitting.fit(now=NOW)
        for by in By:
            found = queries.attribution(model=model, by=by, **RANGE)
            assert sum(row.conversions for row in found.rows) == pytest.approx(
                found.totals.conversions
            )
            assert sum(row.value for row in found.rows) == pytest.approx(found.totals.value)
            assert found.fitted_at == NOW
        rows = {row.label: row for row in queries.attribution(model=model, **RANGE).rows}
        assert rows["Paid Search"].conversions > rows["Display"].conversions
        row = rows["Paid Search"]
        assert row.conversions_low < row.conversions < row.conversions_high


def test_a_fit_replaces_the_one_before(shop, as_tenant):
    with as_tenant(shop):
        fitting.fit(now=NOW)
        once = queries.attribution(model=Model.SURVIVAL, **RANGE).rows
        fitting.fit(now=NOW + timedelta(hours=1))
        assert queries.attribution(model=Model.SURVIVAL, **RANGE).rows == once
        assert Fit.objects.count() == len(LEARNED)
        handlers.reset()
        assert not Fit.objects.exists()


def test_it_is_due_when_the_projection_has_moved_on(shop, as_tenant, monkeypatch):
    after = timedelta(minutes=10)
    with as_tenant(shop):
        monkeypatch.setattr(sums, "checkpoint", lambda: (0, 0))
        assert not fitting.due(now=NOW, after=after)
        monkeypatch.setattr(sums, "checkpoint", lambda: (5, 5))
        assert fitting.due(now=NOW, after=after)
        fitting.fit(now=NOW)
        assert not fitting.due(now=NOW + timedelta(days=1), after=after)
        monkeypatch.setattr(sums, "checkpoint", lambda: (6, 1))
        assert not fitting.due(now=NOW + timedelta(minutes=5), after=after)
        assert fitting.due(now=NOW + timedelta(minutes=11), after=after)


def test_a_rival_sees_nothing_of_a_fit(shop, rival, as_tenant):
    tasks.fit(schema=shop.schema_name)
    with as_tenant(rival):
        assert not Fit.objects.exists()
        assert queries.attribution(model=Model.SURVIVAL, **RANGE).rows == ()
    with as_tenant(shop):
        assert Fit.objects.count() == len(LEARNED)


def test_it_fits_nothing_without_journeys(acme, as_tenant):
    with as_tenant(acme):
        fitting.fit(now=NOW)
        assert queries.attribution(model=Model.ENSEMBLE, **RANGE).rows == ()


def test_a_machine_without_torch_says_so_and_fits_the_others(shop, as_tenant):
    with as_tenant(shop):
        fitting.fit(now=NOW)
        found = queries.attribution(model=Model.DEEP, **RANGE)
        assert found.fitted_at is None
        assert "not installed" in found.note
        assert not any(row.conversions for row in found.rows)
        assert queries.fitted() == set(LEARNED) - {Model.DEEP}
        ensemble = queries.attribution(model=Model.ENSEMBLE, **RANGE)
        assert "Survival" in ensemble.note
        assert "Deep" not in ensemble.note
        assert all(0 <= row.confidence <= 1 for row in ensemble.rows if row.conversions)


@pytest.mark.slow
def test_a_network_is_kept_by_its_digest_and_used_till_much_is_new(
    shop, rival, as_tenant, monkeypatch, tmp_path
):
    pytest.importorskip("torch", reason="torch is not installed: the deep extra")
    monkeypatch.setattr(deep, "installed", lambda: True)
    with as_tenant(shop):
        fitting.fit(now=NOW)
        (details,) = Fit.objects.get(model="deep").details.values()
        artefact = artefacts.get(details["digest"])
        assert hashlib.sha256(artefact).hexdigest() == details["digest"]
        assert details["kept"] in (True, False)
        rows = queries.attribution(model=Model.DEEP, **RANGE).rows
        assert sum(row.conversions for row in rows) == pytest.approx(20, abs=1e-9)
        monkeypatch.setattr(deep, "installed", lambda: False)
        fitting.fit(now=NOW + timedelta(hours=1))
        (again,) = Fit.objects.get(model="deep").details.values()
        assert (again["digest"], again["trained_at"]) == (details["digest"], NOW.isoformat())
        assert queries.attribution(model=Model.DEEP, **RANGE).rows == rows
        assert not fitting.known(now=NOW + timedelta(days=2), journeys=40)
        assert not fitting.known(now=NOW, journeys=100)
    with as_tenant(rival):
        assert artefacts.get(details["digest"]) is None
        assert not fitting.known(now=NOW, journeys=40)
    with as_tenant(shop):
        next(tmp_path.glob(f"{shop.schema_name}/*.onnx")).write_bytes(b"damaged")
        assert artefacts.get(details["digest"]) is None
        artefacts.keep_only(())
        assert not list(tmp_path.glob("*/*.onnx"))
