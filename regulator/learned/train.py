"""Training in named steps, pure: split, fit, calibrate, export, parity, try, gate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from scipy import stats

from ml.autoencoder.fitted import PASSES
from ml.training.precision import average_precision
from ml.training.versus import Versus
from regulator.features import FEATURES
from regulator.features.series import DAY, Floats, Series
from regulator.learned.choosing import Ways, components, members, ways
from regulator.learned.fitting import Fits, fits
from regulator.learned.judging import combined, of_tails
from regulator.learned.members import (
    BASELINE,
    COMPONENTS,
    COURSE,
    ISOLATION,
    MEMBERS,
    NETWORK,
    Prepared,
    prepare,
    rows,
)
from regulator.learned.model import Model, Packed, pack, together
from regulator.learned.parts import Parts, parts
from regulator.learned.scoring import Scorer
from regulator.learned.steps import Step, Told
from regulator.learned.tails import PER_QUARTER, QUARTER, alarms, limit, tail
from regulator.learned.trial import COURSES, FAULTS, Shape
from regulator.learned.trying import Tried, rounds

PARITY = 1e-5
ROUNDS = 4
"""How often other anomalies are put into the same weeks."""
ABOVE_CHANCE = 2.0
_CLOSE = 0.99


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trained:
    """A model with what was found of it; ``failures`` says why it may not be registered."""

    model: Model
    artefact: bytes
    ways: Ways
    added: Mapping[str, Versus]
    figures: Mapping[str, float]
    learned_from: Mapping[str, int]
    failures: tuple[str, ...]


def train(
    series: Series, *, seed: int, passes: int = PASSES, count: int = ROUNDS,
    told: Told = lambda *_: None,
) -> Trained:  # fmt: skip
    """A market's detectors, of its own past. Raises ``TooLittleHistory`` for too little of it."""
    cut = parts(len(series))
    told(Step.SPLIT, f"{(cut.held - cut.fit) // DAY} days to learn from, "
                     f"{(cut.trial - cut.calibrate) // DAY} to calibrate on, "
                     f"{(cut.end - cut.trial) // DAY} to be tried on")  # fmt: skip
    given = prepare(series)
    found = fits(given, rows(series, slice(cut.fit, cut.held)), cut, seed=seed, passes=passes,
                 say=told)  # fmt: skip
    chosen = _choose(given, found, cut, seed=seed, count=count, told=told)
    artefact = pack(chosen.packed)
    model = Model(artefact)
    told(Step.EXPORT, f"{len(artefact) / 1e6:.1f} MB, {model.version[:8]}")
    told(Step.PARITY, f"differs by {found.parity:.1e} at most")
    tried = _try(given, model, chosen, found, cut, seed=seed + 1_000, count=count)
    figures = {**found.figures, **chosen.figures(), **tried, "parity": found.parity}
    told(Step.TRY, f"average precision {figures['average_precision']:.3f}, "
                   f"{figures['false_alarms']:.0f} false alarms")  # fmt: skip
    short = tuple(_failures(figures))
    told(Step.GATE, "; ".join(short) or "passed")
    return Trained(
        model=model, artefact=artefact, ways=chosen.ways, added=chosen.added, figures=figures,
        learned_from=_counts(series, cut), failures=short,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Chosen:
    packed: Packed
    number: str
    ways: Ways
    added: Mapping[str, Versus]

    def figures(self) -> dict[str, float]:
        """Of the choice: by how much the network is better, where it judges, who has a say."""
        market = self.ways.market
        by_network = sum(way == NETWORK for way in self.ways.chosen.values())
        return {
            "components": float(self.number), "network_operators": float(by_network),
            "network_difference": market.difference,
            "network_difference_low": market.interval[0],
            "network_difference_high": market.interval[1],
            "limit": self.packed.limits[together(self.packed.members)],
            **{f"member_{name}": 1.0 for name in self.packed.members},
        }  # fmt: skip


def _choose(
    given: Prepared, found: Fits, cut: Parts, *, seed: int, count: int, told: Told
) -> _Chosen:  # fmt: skip
    """Ways, members, tails and the limit: all of the hours kept for it, none of the trial's."""
    until = _until(given, cut.trial)
    score = Scorer(fits=found, first=cut.calibrate)
    numbers = [str(each) for each in found.components]
    tried = rounds(
        until, lambda series: score.courses(prepare(series), numbers), first=cut.calibrate,
        seed=seed, count=count, shapes=COURSES,
    )  # fmt: skip
    number = components(tried, numbers)
    way = ways(
        tried.having(COMPONENTS, tried.scores[number]), given.series.operators, seed=seed
    )  # fmt: skip
    told(Step.CALIBRATE, f"{number} components; the network judges "
                         f"{sum(each == NETWORK for each in way.chosen.values())} of "
                         f"{len(way.chosen)} operators")  # fmt: skip
    clean = _named(score(until, [number]), number, way, given.series.operators)
    part = {name: each[cut.calibrate :] for name, each in clean.items()}
    tails = {name: tail(each) for name, each in part.items()}
    both = rounds(
        until, lambda series: _named(score(prepare(series), [number]), number, way,
                                     given.series.operators),
        first=cut.calibrate, seed=seed + 100, count=count, shapes=(*COURSES, *FAULTS),
    )  # fmt: skip
    kept, added = members(both, tails, seed=seed)
    told(Step.CALIBRATE, f"judged by {', '.join(kept)}")
    packed = Packed(
        features=list(FEATURES.names), forest=found.forest,
        components=found.components[int(number)], network=found.network,
        course=dict(way.chosen), other=way.other, tails=tails, members=list(kept),
        limits={together(some): limit(combined(of_tails(part, tails), some)) for some in _sets()},
    )  # fmt: skip
    return _Chosen(packed=packed, number=number, ways=way, added=added)


def _sets() -> list[tuple[str, ...]]:
    """Every set of members that may be asked."""
    return [some for size in (1, 2, 3) for some in combinations(MEMBERS, size)]


def _named(
    scores: Mapping[str, Floats], number: str, way: Ways, operators: Sequence[str]
) -> dict[str, Floats]:
    """Scores by member, the course of each operator by the way that judges it."""
    network = np.array([way.chosen[name] == NETWORK for name in operators])
    course = np.where(network[None, :], scores[NETWORK], scores[number])
    return {
        BASELINE: scores[BASELINE], ISOLATION: scores[ISOLATION], COURSE: course
    }  # fmt: skip


def _try(
    given: Prepared, model: Model, chosen: _Chosen, found: Fits, cut: Parts, *, seed: int,
    count: int,
) -> dict[str, float]:  # fmt: skip
    """What the model makes of the last part, which nothing was chosen by."""
    score, packed = Scorer(fits=found, first=cut.trial), model.packed
    operators = given.series.operators

    def of(prepared: Prepared) -> dict[str, Floats]:
        plain = score(prepared, [chosen.number])
        named = _named(plain, chosen.number, chosen.ways, operators)
        together = combined(of_tails(named, packed.tails), packed.members)
        return {**named, NETWORK: plain[NETWORK], COMPONENTS: plain[chosen.number],
                "together": together}  # fmt: skip

    above = model.limit(packed.members)
    clean = of(given)["together"][cut.trial :]
    tried = rounds(
        given, lambda series: of(prepare(series)), first=cut.trial, seed=seed, count=count,
        shapes=(*COURSES, *FAULTS),
    )  # fmt: skip
    return {
        **_precisions(tried), **_recalls(tried, above),
        "false_alarms": float(alarms(clean, above)),
        "quarters": float(np.isfinite(clean).sum() / QUARTER),
    }  # fmt: skip


def _precisions(tried: Tried) -> dict[str, float]:
    truth = tried.stretches.truth
    found = {
        f"average_precision_{name}": average_precision(truth, each)
        for name, each in tried.scores.items()
        if name != "together"
    }
    return {
        **found, "average_precision": average_precision(truth, tried.scores["together"]),
        "chance": float(truth.mean()), "stretches": float(truth.size),
    }  # fmt: skip


def _recalls(tried: Tried, above: float) -> dict[str, float]:
    shapes = np.array(tried.stretches.shapes)
    hit = tried.scores["together"] > above
    return {
        f"found_{shape}": float(hit[shapes == shape].mean())
        for shape in Shape
        if (shapes == shape).any()
    }


def _failures(figures: Mapping[str, float]) -> list[str]:
    """In words, what the model falls short of; none: it may be registered."""
    allowed = stats.poisson.ppf(_CLOSE, PER_QUARTER * figures["quarters"])
    least = min(ABOVE_CHANCE * figures["chance"], 0.9)
    checks = (
        (figures["false_alarms"] <= allowed,
         f"{figures['false_alarms']:.0f} false alarms, more than {allowed:.0f}"),
        (figures["average_precision"] >= least,
         f"average precision {figures['average_precision']:.3f} is below {least:.3f}"),
        (figures["parity"] <= PARITY,
         f"the export differs by {figures['parity']:.1e}, over {PARITY:.0e}"),
    )  # fmt: skip
    return [words for fine, words in checks if not fine]


def _counts(series: Series, cut: Parts) -> dict[str, int]:
    return {
        "hours": len(series), "operators": len(series.operators),
        "learned_hours": cut.held - cut.fit, "tried_hours": cut.end - cut.trial,
        "first_at": int(series.start.timestamp()),
        "last_at": int(series.at(len(series)).timestamp()),
    }  # fmt: skip


def _until(given: Prepared, hours: int) -> Prepared:
    """The first ``hours`` alone: what was due in them is the same, for nothing looks ahead."""
    return replace(
        given, series=given.series.part(0, hours), wanted=given.wanted[:hours],
        told=given.told[:hours],
    )  # fmt: skip
