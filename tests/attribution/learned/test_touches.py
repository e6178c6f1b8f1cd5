"""Touches of a fit: written in parts, seen at once, swept up afterwards."""

from datetime import UTC, datetime

import numpy as np
import pytest
from django.db import connection

from attribution.contracts import Model
from attribution.learned import store, touches
from attribution.learned.compute import Learned, TouchCredits
from attribution.models import Fit, FittedTouch

NOW = datetime(2026, 10, 1, tzinfo=UTC)
MODEL = Model.SURVIVAL


def found(journeys: int, credit: float, confidence: bool = False) -> TouchCredits:
    """Journeys 1 … ``journeys`` of two touches, which earn ``credit`` and the rest."""
    amounts = np.tile([credit, 1 - credit], journeys)
    return TouchCredits(
        journey=np.arange(1, journeys + 1),
        offsets=np.arange(0, 2 * journeys + 1, 2),
        credit=amounts,
        confidence=amounts / 2 if confidence else None,
    )


def fitted(each: TouchCredits, model: Model = MODEL) -> None:
    learned = Learned(credits={}, touches=(each,), details={})
    store.replace(model, learned, journeys=each.journey.size, now=NOW, log=(1, 1))


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch):
    monkeypatch.setattr(touches, "AT_ONCE", 3)


def test_a_fit_is_looked_up_touch_by_touch(acme, as_tenant):
    with as_tenant(acme):
        fitted(found(10, 0.25))
        fitted(found(4, 0.5, confidence=True), Model.ENSEMBLE)
        seen = touches.touched([3, 9])
        assert seen[3][MODEL] == touches.Touched(credit=[0.25, 0.75], confidence=None)
        assert seen[3][Model.ENSEMBLE].confidence == [0.25, 0.25]
        assert set(seen[9]) == {MODEL}


def test_the_next_fit_takes_its_place_and_leaves_nothing_of_it(acme, as_tenant):
    with as_tenant(acme):
        fitted(found(10, 0.25), Model.ENSEMBLE)
        fitted(found(10, 0.25))
        fitted(found(7, 0.5))
        assert touches.touched([2])[2][MODEL].credit == [0.5, 0.5]
        assert MODEL not in touches.touched([10])[10]
        assert FittedTouch.objects.filter(model=MODEL).count() == 7
        assert FittedTouch.objects.filter(model=Model.ENSEMBLE).count() == 10


def test_one_that_did_not_end_is_not_seen_and_the_next_removes_it(acme, as_tenant):
    with as_tenant(acme):
        fitted(found(5, 0.25))
        touches.write(MODEL, [found(8, 0.75)])
        assert touches.touched([1])[1][MODEL].credit == [0.25, 0.75]
        assert not touches.touched([8])
        fitted(found(5, 0.5))
        assert FittedTouch.objects.count() == 5


def test_a_model_that_can_not_be_fitted_keeps_no_touches(acme, as_tenant):
    with as_tenant(acme):
        fitted(found(5, 0.25))
        store.missing(MODEL, now=NOW, log=(1, 1))
        assert not FittedTouch.objects.exists()
        assert Fit.objects.get(model=MODEL).missing


def test_each_part_is_written_in_a_transaction_of_its_own(committed_tenant):
    """Readers of the log wait for the longest one."""
    with connection.cursor() as cursor:
        fitted(found(8, 0.5))
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM attribution_fitted_touch")
        assert cursor.fetchone() == (3,)
