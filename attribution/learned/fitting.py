"""A fit of all learned models of the active tenant: read, compute, replace."""

from datetime import datetime, timedelta

from attribution.contracts import LEARNED
from attribution.learned import compute, journeys, store
from attribution.models import Fit
from attribution.projection import sums


def due(*, now: datetime, after: timedelta) -> bool:
    """Whether a fit is worth its time: none yet, or the projection moved on ``after`` the last."""
    log = sums.checkpoint()
    if log == (0, 0):
        return False
    fits = list(Fit.objects.all())
    if len(fits) < len(LEARNED):
        return True
    return any((each.xid, each.position) != log and now - each.fitted_at >= after for each in fits)


def fit(*, now: datetime) -> None:
    """Fit every learned model; each is replaced as soon as it is done."""
    log = sums.checkpoint()
    seen = journeys.observed()
    for model in LEARNED:
        found, details = compute.learn(seen, model)
        count = int(seen.paths.journeys)
        store.replace(model, found, details=details, journeys=count, now=now, log=log)
