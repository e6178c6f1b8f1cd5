"""A fit of all learned models of the active tenant: read, compute, replace."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from attribution.contracts import LEARNED, Model
from attribution.learned import artefacts, compute, journeys, learners, store
from attribution.learned.compute import Network
from attribution.models import Fit
from attribution.projection import sums

TRAINED_FOR = timedelta(days=1)
GROWTH = 0.2
"""A network is trained anew after so long, or so much more to learn from; till then it scores."""


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
    """Fit every learned model; each is replaced as soon as it is done.

    A model that this machine can't fit is recorded as missing, for its pages to say so.
    """
    log = sums.checkpoint()
    seen = journeys.observed()
    count = int(seen.paths.journeys)
    kept: dict[str, Network] = {}
    for model in LEARNED:
        networks = known(now=now, journeys=count) if model is Model.DEEP else kept
        if not (learners.ready(model) or networks):
            store.missing(model, now=now, log=log)
            continue
        found = compute.learn(seen, model, networks=networks)
        if model is Model.DEEP:
            kept = _stored(found, networks, now=now, journeys=count)
        store.replace(model, found, journeys=count, now=now, log=log)


def known(*, now: datetime, journeys: int) -> dict[str, Network]:
    """Networks that are fresh enough to score with, by conversion type."""
    last = store.last_fit(Model.DEEP)
    found = {}
    for kind, details in (last.details if last else {}).items():
        fresh = now - datetime.fromisoformat(details["trained_at"]) < TRAINED_FOR
        if not fresh or journeys > details["trained_on"] * (1 + GROWTH):
            continue
        artefact = artefacts.get(details["digest"])
        if artefact is not None:
            found[kind] = Network(artefact=artefact, wide=details["wide"])
    return found


def _stored(
    found: compute.Learned, before: Mapping[str, Network], *, now: datetime, journeys: int
) -> dict[str, Network]:
    """Keep the networks, note in the details where and since when; those the ensemble may use."""
    last = store.last_fit(Model.DEEP)
    old = last.details if last else {}
    kept = {}
    for kind, artefact in found.artefacts.items():
        details = found.details[kind]
        details["digest"] = artefacts.put(artefact)
        fresh = {"trained_at": now.isoformat(), "trained_on": journeys}
        since = old[kind] if kind in before else fresh
        details.update({name: since[name] for name in fresh})
        if details["kept"]:
            kept[kind] = Network(artefact=artefact, wide=details["wide"])
    artefacts.keep_only({details["digest"] for details in found.details.values()})
    return kept
