"""The network; see the package for what it computes."""

import torch
from torch import Tensor, nn

_SPEEDS = (1.0, 3.0, 9.0)
_WIDTH = 8
_NEAR = 2.0
_BASE = -1.5


class Network(nn.Module):
    """Tokens (moments, touches), 0 for none, and lags in days to rates (moments,) per unit."""

    speeds: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.register_buffer("speeds", torch.tensor(_SPEEDS))
        self.effect = nn.Embedding(channels + 1, len(_SPEEDS))
        self.kind = nn.Embedding(channels + 1, _WIDTH)
        self.time = nn.Linear(len(_SPEEDS) + 1, _WIDTH, bias=False)
        self.query = nn.Linear(_WIDTH, _WIDTH, bias=False)
        self.key = nn.Linear(_WIDTH, _WIDTH, bias=False)
        self.value = nn.Linear(_WIDTH, _WIDTH, bias=False)
        self.near = nn.Parameter(torch.zeros(1))
        self.hidden = nn.Linear(2 * _WIDTH, _WIDTH)
        self.gate = nn.Linear(_WIDTH, 1)
        self.base = nn.Parameter(torch.tensor(_BASE))
        # All channels alike and all gates at 1: what differs is learned.
        nn.init.constant_(self.effect.weight, 0.3)
        for weight in (self.kind.weight, self.gate.weight, self.gate.bias):
            nn.init.zeros_(weight)

    def forward(self, tokens: Tensor, lags: Tensor) -> Tensor:
        """Rates (moments,), above 0."""
        there = tokens > 0
        fading = torch.exp(-lags[..., None] / self.speeds)
        times = torch.cat([fading, torch.log1p(lags)[..., None]], dim=-1)
        touch = torch.tanh(self.time(times) + self.kind(tokens))
        gaps = (lags[:, :, None] - lags[:, None, :]).abs()
        scores = self.query(touch) @ self.key(touch).transpose(1, 2) / _WIDTH**0.5
        scores = scores + self.near * torch.exp(-gaps / _NEAR)
        scores = scores.masked_fill(~there[:, None, :], -1e9)
        others = torch.softmax(scores, dim=-1) @ self.value(touch)
        mixed = torch.tanh(self.hidden(torch.cat([touch, others], dim=-1)))
        gates = 2 * torch.sigmoid(self.gate(mixed))[..., 0]
        added = ((self.effect(tokens) * fading).sum(-1) * gates * there).sum(1)
        rates: Tensor = nn.functional.softplus(self.base + added)
        return rates
