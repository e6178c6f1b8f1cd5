"""Fitting the autoencoder: Adam on clean windows of which a part is hidden or blurred.

The rate rises and falls once (Smith & Topin 2019, "Super-convergence"), which needs fewer passes.

A code that has to tell what stood where a step was hidden learns how days go, not to copy them
(Vincent et al. 2008, "Extracting and composing robust features with denoising autoencoders").
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from ml.autoencoder.network import NARROW, WIDE, Network
from ml.autoencoder.windows import (
    FARTHEST,
    Single,
    Windows,
    scale_of,
    scaled,
    usual,
    weights,
)
from ml.drawing import alone
from ml.features.layout import Floats

PASSES = 40
BLUR = 0.05
HIDDEN = 0.1
"""The share of steps that are hidden; ``BLUR``: the noise that is added, in deviations."""
_BATCH = 128
_RATE = 8e-3
_BEND = 0.1
"""Squared residuals beyond which the loss grows slowly, as the error of a window does."""
_LONGEST = 1.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitted:
    """A trained network; ``usual`` is how far windows held back were from what it rebuilt.

    ``weights``: how much each channel counts.
    """

    network: Network
    scale: Single
    usual: Floats
    weights: Floats
    loss: float
    passes: int

    def residuals(self, windows: Windows) -> Floats:
        """Values less what PyTorch rebuilds [n, steps, channels], in deviations of the channel."""
        return _residuals(self.network, scaled(windows.values, self.scale), windows.known)


def fit(
    clean: Windows, held: Windows, *, seed: int, passes: int = PASSES, wide: int = WIDE,
    narrow: int = NARROW, told: Callable[[int, float], None] = lambda *_: None,
) -> Fitted:  # fmt: skip
    """A network of ``clean`` windows, kept where it rebuilt ``held`` ones best."""
    scale = scale_of(clean.values)
    values, later = scaled(clean.values, scale), scaled(held.values, scale)
    with alone(seed):
        network = Network(values.shape[2], clean.known.shape[2], wide=wide, narrow=narrow)
        optimiser = torch.optim.Adam(network.parameters(), lr=_RATE)
        steps = passes * -(-len(values) // _BATCH)
        pace = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=_RATE, total_steps=steps)
        best, kept = np.inf, copy.deepcopy(network.state_dict())
        for made in range(1, passes + 1):
            _pass(network, optimiser, pace, values, clean.known)
            loss = float(np.log1p(_residuals(network, later, held.known) ** 2 / _BEND).mean())
            told(made, loss)
            if loss < best:
                best, kept = loss, copy.deepcopy(network.state_dict())
        network.load_state_dict(kept)
    left = _residuals(network, later, held.known)
    return Fitted(
        network=network.eval(), scale=scale, loss=float(best), passes=passes,
        usual=usual(left), weights=weights(left, later),
    )  # fmt: skip


def _pass(
    network: Network, optimiser: torch.optim.Optimizer,
    pace: torch.optim.lr_scheduler.LRScheduler, values: Single, known: Single,
) -> None:  # fmt: skip
    network.train()
    order = torch.randperm(len(values)).numpy()
    for start in range(0, order.size, _BATCH):
        part = order[start : start + _BATCH]
        wanted, beside = torch.from_numpy(values[part]), torch.from_numpy(known[part])
        shown = (torch.rand(wanted.shape[:2]) >= HIDDEN)[:, :, None]
        given = (wanted + BLUR * torch.randn_like(wanted)) * shown
        left = network(given.clamp(-FARTHEST, FARTHEST), beside) - wanted
        loss = torch.log1p(left**2 / _BEND).mean()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        torch.nn.utils.clip_grad_norm_(network.parameters(), _LONGEST)
        optimiser.step()
        pace.step()


def _residuals(network: Network, values: Single, known: Single) -> Floats:
    network.eval()
    found = np.empty(values.shape)
    with torch.no_grad():
        for start in range(0, len(values), 8 * _BATCH):
            part = slice(start, start + 8 * _BATCH)
            rebuilt = network(torch.from_numpy(values[part]), torch.from_numpy(known[part]))
            found[part] = values[part] - rebuilt.numpy()
    return found
