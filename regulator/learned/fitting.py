"""What is learned of a market's clean past: a forest, components and a network. Pure; PyTorch."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ml.autoencoder import linear
from ml.autoencoder.export import packed, parity
from ml.autoencoder.fitted import PASSES, fit
from ml.autoencoder.linear import PackedComponents
from ml.autoencoder.served import Autoencoder, PackedNetwork
from ml.isolation.fitted import fit as grow
from ml.isolation.fitted import parity as forest_parity
from ml.isolation.served import Packed as PackedForest
from ml.training.examples import Examples
from regulator.detectors.baseline import LIMIT
from regulator.features import FEATURES
from regulator.features.series import Floats, Ints
from regulator.learned.levels import STEPS, ends, windows
from regulator.learned.members import Prepared, baseline
from regulator.learned.parts import Parts
from regulator.learned.steps import Step, Told

FAR = 2.0 * LIMIT
"""Robust deviations of one hour that keep its windows from being learned: not promotions."""
COUNTS = (4, 8, 16, 24, 36, 48)
"""Numbers of components that are tried."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fits:
    """What was fitted, as it will be served; ``components`` by their number."""

    forest: PackedForest
    components: Mapping[int, PackedComponents]
    network: PackedNetwork
    parity: float
    figures: Mapping[str, float]


def clean(given: Prepared, *, first: int, last: int) -> tuple[Ints, Ints]:
    """(hours, operators) of windows in [first, last) without an hour that is far off by itself."""
    far = baseline(given) > np.log(FAR + 0.1)
    runs = np.cumsum(np.vstack([np.zeros((1, far.shape[1]), dtype=np.int64), far]), axis=0)
    hours, operators = ends(given.told[:last], first=first + STEPS - 1)
    quiet = runs[hours + 1, operators] == runs[hours + 1 - STEPS, operators]
    return hours[quiet], operators[quiet]


def fits(
    given: Prepared, told: Floats, cut: Parts, *, seed: int, passes: int = PASSES,
    say: Told = lambda *_: None,
) -> Fits:  # fmt: skip
    """All members of the hours from ``cut.fit`` until ``cut.calibrate``; ``told`` are features."""
    learn = windows(given.series, given.told, *clean(given, first=cut.fit, last=cut.held))
    held = windows(given.series, given.told, *clean(given, first=cut.held, last=cut.calibrate))
    forest, grown = grow(_examples(told[cut.fit : cut.held]), seed=seed)
    say(Step.FIT, f"a forest; {len(learn):,} windows to learn from")
    network = fit(
        learn, held, seed=seed, passes=passes,
        told=lambda made, loss: say(Step.FIT, f"pass {made} of {passes}, leaves {loss:.3f}"),
    )  # fmt: skip
    served = packed(network)
    differs = max(
        parity(network, Autoencoder(served), held),
        forest_parity(forest, grown, told[cut.held : cut.calibrate].reshape(-1, len(FEATURES))),
    )
    return Fits(
        forest=grown, network=served, parity=differs,
        components={count: linear.fit(learn, held, count=count) for count in COUNTS},
        figures={"passes": float(network.passes), "left_over": network.loss,
                 "windows": float(len(learn))},
    )  # fmt: skip


def _examples(told: Floats) -> Examples:
    """The features as rows without a truth."""
    rows = told.reshape(-1, told.shape[2])
    known = 2 * np.isfinite(rows).sum(axis=1) >= rows.shape[1]
    rows = rows[known]
    return Examples(
        names=FEATURES.names, matrix=rows, truth=np.zeros(len(rows)),
        at=np.arange(len(rows), dtype=np.float64),
    )  # fmt: skip
