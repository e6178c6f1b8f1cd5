"""Fitting the network: Adam on examples as they are and as an adversary moved them."""

import copy
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from ml.drawing import alone
from ml.features.layout import Floats
from ml.sequence.attack import EPSILON, fgsm
from ml.sequence.network import Network
from ml.sequence.windows import Scaling, scaling
from ml.training.examples import Context, Examples, ExamplesUnusable
from ml.training.precision import average_precision

MOST = 12_000
"""Examples that are learned from: of either truth at most half, an even draw of more."""
PASSES = 8
PATIENCE = 2
_BATCH = 128
_RATE = 2e-3
_LONGEST = 1.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitted:
    """A trained network with the scale of its steps; ``precision`` on the tuning part."""

    names: tuple[str, ...]
    network: Network
    scaling: Scaling
    precision: float
    passes: int

    def margins(self, examples: Examples) -> Floats:
        """Log-odds (n,) of examples, as PyTorch gives them."""
        return _margins(self.network, self.scaling, _context(examples), np.arange(len(examples)))


def fit(
    learn: Examples, tune: Examples, *, seed: int, epsilon: float = EPSILON, passes: int = PASSES,
    most: int = MOST, told: Callable[[int, float], None] = lambda *_: None,
) -> Fitted:  # fmt: skip
    """A network trained on ``learn``, kept where its average precision on ``tune`` was best.

    Half of the loss is of steps moved by ``epsilon`` against it; with 0 nobody moves anything.
    Raises ``ExamplesUnusable`` for examples without histories.
    """
    context, beside = _context(learn), _context(tune)
    rng = np.random.default_rng(seed)
    rows = _drawn(learn.truth, most, rng)
    later = _drawn(tune.truth, most, rng)
    scale = scaling(context.histories.steps[context.places[rows]])
    with alone(seed):
        network = Network(len(context.histories.names))
        optimiser = torch.optim.Adam(network.parameters(), lr=_RATE)
        best, kept, since, made = -1.0, copy.deepcopy(network.state_dict()), 0, 0
        for made in range(1, passes + 1):
            _pass(network, optimiser, scale, learn, rng.permutation(rows), epsilon)
            found = _margins(network, scale, beside, later)
            precision = average_precision(tune.truth[later], found)
            told(made, precision)
            since += 1
            if precision > best:
                best, kept, since = precision, copy.deepcopy(network.state_dict()), 0
            if since >= PATIENCE:
                break
        network.load_state_dict(kept)
    return Fitted(
        names=tuple(context.histories.names), network=network.eval(), scaling=scale,
        precision=best, passes=made,
    )  # fmt: skip


def batch(
    scale: Scaling, context: Context, rows: NDArray[np.int64]
) -> tuple[torch.Tensor, torch.Tensor]:
    """Scaled windows (n, longest, features) and lengths (n,) of the examples at ``rows``."""
    steps, lengths = context.histories.windows(context.places[rows])
    scaled = scale(steps)
    scaled[np.arange(steps.shape[1])[None, :] >= lengths[:, None]] = 0.0
    return torch.from_numpy(scaled), torch.from_numpy(lengths)


def _pass(
    network: Network, optimiser: torch.optim.Optimizer, scale: Scaling, learn: Examples,
    rows: NDArray[np.int64], epsilon: float,
) -> None:  # fmt: skip
    network.train()
    context = _context(learn)
    loss_of = torch.nn.functional.binary_cross_entropy_with_logits
    for start in range(0, rows.size, _BATCH):
        part = rows[start : start + _BATCH]
        steps, lengths = batch(scale, context, part)
        wanted = torch.from_numpy(learn.truth[part].astype(np.float32))
        loss = loss_of(network(steps, lengths), wanted)
        if epsilon > 0.0:
            moved = fgsm(network, steps, lengths, wanted, epsilon=epsilon)
            loss = 0.5 * loss + 0.5 * loss_of(network(moved, lengths), wanted)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        torch.nn.utils.clip_grad_norm_(network.parameters(), _LONGEST)
        optimiser.step()


def _margins(network: Network, scale: Scaling, context: Context, rows: NDArray[np.int64]) -> Floats:
    network.eval()
    found = np.empty(rows.size)
    with torch.no_grad():
        for start in range(0, rows.size, 4 * _BATCH):
            part = rows[start : start + 4 * _BATCH]
            found[start : start + part.size] = network(*batch(scale, context, part)).numpy()
    return found


def _drawn(truth: Floats, most: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Places of at most ``most`` examples: up to half of them false, the rest honest."""
    false, honest = np.flatnonzero(truth > 0), np.flatnonzero(truth <= 0)
    few = rng.permutation(false)[: most // 2]
    return np.sort(np.concatenate([few, rng.permutation(honest)[: most - few.size]]))


def _context(examples: Examples) -> Context:
    if examples.context is None:
        raise ExamplesUnusable("A network of sequences needs what came before each example.")
    return examples.context
