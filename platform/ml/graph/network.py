"""The network over the graph, and its training; see the package."""

import warnings
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from ml.drawing import alone
from ml.features.layout import Floats
from ml.graph.built import Graph, built
from ml.graph.served import MOST_NODES, Packed

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the library still uses what PyTorch gives up
    from torch_geometric.nn import SAGEConv

WIDTH = 16
ROUNDS = 120
_RATE, _DECAY = 0.02, 1e-3


class Network(nn.Module):
    """Values of nodes (m, k) and edges (2, e) to scores (m,); ``base`` is of an event by itself."""

    def __init__(self, values: int) -> None:
        super().__init__()
        self.first = SAGEConv(values, WIDTH)
        self.second = SAGEConv(WIDTH, WIDTH)
        self.out = nn.Linear(WIDTH, 1, bias=False)
        self.base = nn.Parameter(torch.zeros(1))

    def forward(self, values: Tensor, edges: Tensor) -> Tensor:
        """Scores (m,)."""
        near = torch.relu(self.first(values, edges))
        far = torch.relu(self.second(near, edges))
        found: Tensor = self.out(far)[:, 0]
        return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitted:
    """A trained network with the scale of its nodes' values."""

    network: Network
    mean: Floats
    deviation: Floats

    def table(self, ids: Floats, said: Floats) -> Packed:
        """The scores of all that these events name, of too many those seen most often.

        The network knows kinds of nodes, not the nodes, so these may be others than it learned
        from.
        """
        graph = built(ids, said)
        with torch.no_grad():
            scores = self.network(*_tensors(graph, self.mean, self.deviation)).numpy()
        kept = np.sort(np.argsort(-graph.events, kind="stable")[:MOST_NODES])
        return Packed(
            ids=graph.ids[kept].tobytes(), scores=scores[kept].astype(np.float32).tobytes(),
            base=self.network.base.item(),
        )  # fmt: skip


def fit(ids: Floats, said: Floats, truth: Floats, *, seed: int, rounds: int = ROUNDS) -> Fitted:
    """A network that learned the truth (n,) of events by whom they name; see ``built``.

    False events weigh as much as honest ones together.
    """
    graph = built(ids, said)
    mean = graph.values.mean(axis=0, dtype=np.float64)
    deviation = np.maximum(graph.values.std(axis=0, dtype=np.float64), 1e-3)
    with alone(seed):
        network = Network(graph.values.shape[1])
        _train(network, graph, truth, _tensors(graph, mean, deviation), rounds)
    return Fitted(network=network.eval(), mean=mean, deviation=deviation)


def _train(
    network: Network, graph: Graph, truth: Floats, tensors: tuple[Tensor, Tensor], rounds: int
) -> None:
    named = torch.from_numpy(graph.named)
    there, wanted = named >= 0, torch.from_numpy(truth.astype(np.float32))
    false = max(float(truth.sum()), 1.0)
    loss_of = nn.BCEWithLogitsLoss(pos_weight=torch.tensor((truth.size - false) / false))
    optimiser = torch.optim.Adam(network.parameters(), lr=_RATE, weight_decay=_DECAY)
    for _ in range(rounds):
        scores = network(*tensors)
        margins = (scores[named.clamp(min=0)] * there).sum(dim=1) + network.base
        loss = loss_of(margins, wanted)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()


def _tensors(graph: Graph, mean: Floats, deviation: Floats) -> tuple[Tensor, Tensor]:
    values = ((graph.values - mean) / deviation).astype(np.float32)
    return torch.from_numpy(values), torch.from_numpy(graph.edges)
