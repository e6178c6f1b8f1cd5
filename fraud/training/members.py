"""The members beside the trees: fitted, held against the truth, taken in where they add something.

Trees and Isolation Forest are fitted every day, the networks (last events, rings) every week; in
between those that serve are held against the truth again. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np

from fraud.features import ENTITIES, FEATURES
from fraud.training.steps import Step, Told
from ml.ensemble.cascade import Cascade, cascade
from ml.ensemble.meta import Standing, standings, weigh
from ml.ensemble.served import Ensemble, Packed, Place, packed
from ml.ensemble.weights import LAST_EVENTS, RING, TREES, UNUSUAL
from ml.features.layout import Floats
from ml.graph.served import Packed as PackedRing
from ml.graph.served import Ring
from ml.isolation.fitted import fit as isolated
from ml.isolation.fitted import parity as isolation_parity
from ml.isolation.served import Isolation
from ml.isolation.served import Packed as PackedIsolation
from ml.sequence.served import LastEvents
from ml.sequence.served import Packed as PackedEvents
from ml.training.calibration import Calibration
from ml.training.calibration import fit as calibrated
from ml.training.examples import Examples
from ml.training.precision import average_precision
from ml.training.split import Split

SORTS = tuple(ENTITIES.place(name) for name in ("device", "ip", "publisher"))
"""Whom the graph is of."""
SAYS = (
    "kind", "ctit", "value", "hosting", "vpn", "emulator", "webdriver", "signature_ok", "taps",
    "download_share", "install_to_conversion", "subject_age",
)  # fmt: skip
"""What a node knows of its events, on average."""
COMPARED = 500
"""Events on which what is served is compared with what was trained."""
NO_WORSE = 0.002
"""Average precision that weights in eight bits may cost."""
NAMES = {UNUSUAL: "what is unusual", RING: "who was seen with whom", LAST_EVENTS: "last events"}
"""How members are called where people wait."""
_SAYS = [FEATURES.names.index(name) for name in SAYS]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidates:
    """Members as they would be served, ``None`` where there is none of a sort.

    ``parity``: the greatest difference between what was trained and what is served. The graph's
    scores are a table: what is served is what was trained.
    """

    isolation: PackedIsolation
    parity: float
    ring: PackedRing | None = None
    events: PackedEvents | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Joined:
    """The bytes of the whole; without members beside the trees, those of the trees.

    ``cascade`` is of the network of last events, where it is a member.
    """

    artefact: bytes
    standings: tuple[Standing, ...]
    cascade: Cascade | None
    parity: float

    def figures(self) -> dict[str, float]:
        """What each candidate added, by name."""
        found: dict[str, float] = {}
        for each in self.standings:
            low, high = each.found.interval
            found |= {
                f"member_{each.name}": float(each.kept),
                f"member_{each.name}_added": each.found.difference,
                f"member_{each.name}_low": low, f"member_{each.name}_high": high,
            }  # fmt: skip
        if self.cascade:
            found |= {"cascade_share": self.cascade.share, "cascade_full": self.cascade.full,
                      "cascade_precision": self.cascade.precision,
                      "cascade_quick": self.cascade.quick}  # fmt: skip
        return {name: value for name, value in found.items() if np.isfinite(value)}


def candidates(
    parts: Split, *, seed: int, networks: bool, held: Ensemble | None = None,
    told: Told = lambda *_: None,
) -> Candidates:  # fmt: skip
    """Members fitted to the parts; without ``networks`` those of ``held`` stand again."""
    told(Step.FIT, NAMES[UNUSUAL])
    forest, isolation = isolated(parts.fit, seed=seed)
    part = parts.tune.of(np.arange(min(len(parts.tune), COMPARED), dtype=np.int64))
    differs = isolation_parity(forest, isolation, part.matrix)
    if not networks:
        ring, events = (held.ring, held.events) if held else (None, None)
        return Candidates(isolation=isolation, parity=differs, ring=ring, events=events)
    ring = _ring(parts, seed, told)
    events, networks_differ = _events(parts, part, seed, told)
    return Candidates(
        isolation=isolation, parity=max(differs, networks_differ), ring=ring, events=events
    )


def _ring(parts: Split, seed: int, told: Told) -> PackedRing | None:
    context = parts.fit.context
    if context is None:
        return None
    from ml.graph.network import fit

    told(Step.FIT, NAMES[RING])
    ids, said = context.ids[:, list(SORTS)], parts.fit.matrix[:, _SAYS]
    return fit(ids, said, parts.fit.truth, seed=seed).table(ids, said)


def _events(
    parts: Split, compared: Examples, seed: int, told: Told
) -> tuple[PackedEvents | None, float]:
    """The network of last events, in eight bits where that is as good, and its parity before.

    Eight bits take half as long for a hundred events.
    """
    if parts.fit.context is None:
        return None, 0.0
    from ml.sequence.export import packed as exported
    from ml.sequence.export import parity
    from ml.sequence.fitted import fit

    fitted = fit(
        parts.fit, parts.tune, seed=seed,
        told=lambda done, best: told(Step.FIT, f"{NAMES[LAST_EVENTS]}, pass {done}, {best:.3f}"),
    )  # fmt: skip
    whole, quick = exported(fitted), exported(fitted, quick=True)
    part = _few(parts.tune, seed)
    before, after = (
        float(average_precision(part.truth, windowed(LastEvents(each), part)))
        for each in (whole, quick)
    )
    differs = parity(fitted, LastEvents(whole), compared)
    return quick if after >= before - NO_WORSE else whole, differs


def _few(tune: Examples, seed: int) -> Examples:
    """All that is false and ten times as many that are not."""
    false, honest = np.flatnonzero(tune.truth > 0), np.flatnonzero(tune.truth <= 0)
    drawn = np.random.default_rng(seed).permutation(honest)[: 10 * false.size]
    return tune.of(np.sort(np.concatenate([false, drawn])))


def windowed(network: LastEvents, examples: Examples) -> Floats:
    """The network's margins (n,) of examples with histories, each window as it is served."""
    context = examples.context
    if context is None:
        return np.full(len(examples), np.nan)
    return np.array(
        [network.margin(context.histories.window(place)) for place in context.places.tolist()]
    )


def join(
    forest: bytes, trees: Floats, found: Candidates, tune: Examples, *, seed: int,
    told: Told = lambda *_: None,
) -> Joined:  # fmt: skip
    """The whole of the ``forest`` and those candidates that add average precision on ``tune``.

    ``trees`` (n,) are the calibrated log-odds of ``tune`` by trees that had not seen it.
    """
    raw = _raw(found, tune)
    sure = {name: calibrated(margins, tune.truth) for name, margins in raw.items()}
    margins = {TREES: trees, **{name: sure[name].margins(raw[name]) for name in raw}}
    order = [name for name in (UNUSUAL, RING, LAST_EVENTS) if name in raw]
    standing = standings(margins, tune.truth, seed=seed, candidates=order)
    for each in standing:
        told(Step.FIT, f"{NAMES[each.name]}: {'kept' if each.kept else 'adds nothing'}")
    kept = [TREES, *(each.name for each in standing if each.kept)]
    if kept == [TREES]:
        return Joined(artefact=forest, standings=tuple(standing), cascade=None, parity=found.parity)
    mine = {name: margins[name] for name in kept}
    parts, band = _parts(forest, found, mine, sure, tune.truth)
    return Joined(
        artefact=packed(parts), standings=tuple(standing), cascade=band, parity=found.parity
    )


def _raw(found: Candidates, tune: Examples) -> dict[str, Floats]:
    """What each candidate says of the tuning part, before calibration."""
    raw = {UNUSUAL: Isolation(found.isolation).margins(tune.matrix)}
    if tune.context is not None and found.ring:
        raw[RING] = Ring(found.ring).margins(tune.context.ids[:, list(SORTS)])
    if tune.context is not None and found.events:
        raw[LAST_EVENTS] = windowed(LastEvents(found.events), tune)
    return raw


def _parts(
    forest: bytes, found: Candidates, margins: Mapping[str, Floats],
    sure: Mapping[str, Calibration], truth: Floats,
) -> tuple[Packed, Cascade | None]:  # fmt: skip
    quick_margins = {name: of for name, of in margins.items() if name != LAST_EVENTS}
    quick, full, band = weigh(quick_margins, truth), None, None
    if LAST_EVENTS in margins:
        full = weigh(margins, truth)
        band = cascade(quick(quick_margins), full(margins), truth)
    places = {
        name: Place(slope=sure[name].slope, shift=sure[name].shift, mean=float(of.mean()))
        for name, of in margins.items()
        if name != TREES
    }
    return Packed(
        forest=forest, places=places, quick=quick, full=full, sorts=SORTS,
        low=band.low if band else 0.0, high=band.high if band else 1.0,
        isolation=found.isolation if UNUSUAL in margins else None,
        ring=found.ring if RING in margins else None,
        events=found.events if LAST_EVENTS in margins else None,
    ), band  # fmt: skip


def networks_there() -> bool:
    """Whether this installation can train networks: PyTorch is an extra."""
    return all(find_spec(name) for name in ("torch", "torch_geometric"))
