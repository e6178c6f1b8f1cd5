"""Examples whose truth only the order of somebody's events tells."""

import numpy as np

from ml.sequence.windows import Histories, previous
from ml.training.examples import Context, Examples


def examples(n=3_000, people=200, *, features=50, width=1, seed=1):
    """An event is false where the two before it went up, up: its own row tells nothing."""
    rng = np.random.default_rng(seed)
    ids = rng.integers(1, people, n).astype(float)
    steps = rng.normal(size=(n, features)).astype(np.float32)
    before = previous(ids)
    histories = Histories(names=[f"f{each}" for each in range(features)], steps=steps,
                          before=before)  # fmt: skip
    one = np.where(before >= 0, steps[before, 0], -9.0)
    two = np.where(before[before] >= 0, steps[before[before], 0], -9.0)
    truth = ((one > 0.3) & (two > 0.3) & (before >= 0)).astype(float)
    return Examples(
        names=[f"x{each}" for each in range(width)], matrix=rng.normal(size=(n, width)),
        truth=truth, at=np.arange(n, dtype=float),
        context=Context(ids=ids[:, None], histories=histories, places=np.arange(n)),
    )  # fmt: skip


def parts(found, share=0.7):
    """The earlier and the later ones."""
    cut = int(share * len(found))
    return found.of(np.arange(cut)), found.of(np.arange(cut, len(found)))
