"""`python -m bench.base_model`: train the shared base model on simulated markets and write it."""

from datetime import UTC, datetime

import msgspec
import numpy as np

from bench.histories import simulated
from fraud.base.kept import ARTEFACT, FACTS, FAMILY, Facts
from fraud.features import FEATURES
from fraud.scoring.decide import FEATURES_VERSION
from fraud.training.facts import described
from fraud.training.learn import Learned, learn
from fraud.training.train import train
from ml.training.examples import Examples
from ml.training.gate import Gate

MARKETS = (
    (901, 300, False), (902, 600, True), (903, 1_200, False), (904, 2_400, False), (905, 400, True),
    (906, 900, True), (907, 1_800, True),
)  # fmt: skip
"""Seed, people, and whether a server sends its events, without a word of devices: small and large
ones of either sort, so that it takes nothing for granted."""


def main() -> None:
    """Several markets, so that it knows none of them by heart."""
    learned = pooled(
        [learn(simulated(seed, people, bare=bare)[0]) for seed, people, bare in MARKETS]
    )
    found = train(learned, seed=1, trials=0, told=lambda step, words: print(f"{step}: {words}"))
    if found.failures:
        raise SystemExit("; ".join(found.failures))
    item = described(
        found, learned, state=FAMILY, gate=Gate(), trials=0, seconds=0.0,
        now=datetime.now(UTC),
    )  # fmt: skip
    ARTEFACT.write_bytes(found.artefact)
    facts = Facts(
        features_version=FEATURES_VERSION, figures=dict(item.figures),
        learned_from=dict(item.learned_from),
    )  # fmt: skip
    FACTS.write_bytes(msgspec.json.format(msgspec.json.encode(facts, order="sorted")) + b"\n")
    print(f"wrote {ARTEFACT.name}, {len(found.artefact) / 1e3:.0f} kB")


def pooled(markets: list[Learned]) -> Learned:
    """All markets' examples in the order of their times."""
    at = np.concatenate([each.examples.at for each in markets])
    order = np.argsort(at, kind="stable")
    events = [event for each in markets for event in each.events]
    kinds = [kind for each in markets for kind in each.kinds]
    return Learned(
        examples=Examples(
            names=FEATURES.names, at=at[order],
            matrix=np.concatenate([each.examples.matrix for each in markets])[order],
            truth=np.concatenate([each.examples.truth for each in markets])[order],
        ),
        events=tuple(events[place] for place in order),
        kinds=tuple(kinds[place] for place in order),
        presumed=sum(each.presumed for each in markets), read=sum(each.read for each in markets),
    )  # fmt: skip


if __name__ == "__main__":
    main()
