"""Training the active tenant's model: read the log, train, register, promote where wanted."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from eventlog import read
from eventlog.contracts import START, StoredEvent
from fraud.drift import making
from fraud.scoring import serving
from fraud.training import registry, tracking
from fraud.training.facts import REFUSED, described
from fraud.training.learn import Learned, learn
from fraud.training.members import networks_there
from fraud.training.steps import TRIALS, Step, Told
from fraud.training.train import Trained, train
from ml.checks import check
from ml.ensemble.served import Ensemble
from ml.families import FAMILIES
from ml.training.gate import Gate

PAGE = 2_000
WORKER = "worker"
CHECKED = 256
"""Of the latest examples, on how many a model is checked before it is registered."""


def run(
    *, seed: int, now: datetime, trials: int = TRIALS, promote: bool = False, actor: str = WORKER,
    networks: bool = False, told: Told = lambda *_: None,
) -> Trained:  # fmt: skip
    """Train on the whole log; a model that passes its gate is registered as the challenger.

    ``networks`` are trained too where asked for and PyTorch is there; else those that serve are
    held against the truth again. Raises ``ExamplesUnusable`` for too little history.
    """
    began, gate = time.monotonic(), Gate()
    deep = networks and networks_there()
    champion = serving.champion()
    held = champion if isinstance(champion, Ensemble) else None
    learned = learn(
        log(lambda read_: told(Step.LOAD, f"{read_:,} events read")),
        histories=deep or held is not None,
    )
    told(Step.LOAD, f"{len(learned.examples):,} examples, {int(learned.examples.truth.sum()):,}"
                    f" false, {learned.presumed:,} presumed honest")  # fmt: skip
    found = train(learned, seed=seed, trials=trials, gate=gate, networks=deep, held=held, told=told)
    found = checked(found, learned, told)
    item = described(
        found, learned, state=REFUSED if found.failures else registry.CHALLENGER, gate=gate,
        trials=trials, seconds=time.monotonic() - began, now=now,
    )  # fmt: skip
    if found.failures:
        tracking.refused(item, found.artefact, found.failures)
        return found
    registry.register(
        found.artefact, digest=item.digest, family=item.family,
        features_version=item.features_version, figures=item.figures,
        learned_from=item.learned_from, now=now,
    )  # fmt: skip
    making.keep(learned.examples, found.served, now=now)
    told(Step.REGISTER, f"challenger {found.served.version[:8]}")
    if promote:
        registry.promote(found.served.version, why="Asked for.", actor=actor, now=now)
        told(Step.PROMOTE, "champion")
    return found


def checked(found: Trained, learned: Learned, told: Told = lambda *_: None) -> Trained:
    """``found`` with what ``ml.checks`` finds of it among its failures."""
    findings = check(
        found.served, learned.examples.matrix[-CHECKED:],
        load=lambda: FAMILIES[found.family](found.artefact),
    )  # fmt: skip
    if not findings:
        return found
    short = tuple(str(each) for each in findings)
    told(Step.PARITY, "; ".join(short))
    return replace(found, failures=(*found.failures, *short))


def outcome(found: Trained) -> str:
    """How a training ended, in a sentence."""
    if found.failures:
        return f"Not registered: {'; '.join(found.failures)}."
    return f"The model {found.served.version[:8]} passed its gate."


def log(told: Callable[[int], None] = lambda _: None) -> Iterator[StoredEvent]:
    """Every event in the order of the log."""
    after, count = START, 0
    while page := read.tail(after=after, limit=PAGE):
        yield from page
        after, count = page[-1].cursor, count + len(page)
        told(count)
