"""The LSTM autoencoder; see the package."""

import torch
from torch import Tensor, nn

WIDE, NARROW = 48, 8


class Network(nn.Module):
    """Values [n, steps, channels] and what is known [n, steps, k] to values rebuilt."""

    def __init__(
        self, channels: int, known: int, *, wide: int = WIDE, narrow: int = NARROW
    ) -> None:
        super().__init__()
        self.encoder = nn.LSTM(channels + known, wide, batch_first=True)
        self.code = nn.Linear(wide, narrow)
        self.decoder = nn.LSTM(narrow + known, wide, batch_first=True)
        self.out = nn.Linear(wide, channels)

    def forward(self, values: Tensor, known: Tensor) -> Tensor:
        """The values as the code alone tells them."""
        state = self.encoder(torch.cat([values, known], dim=2))[1][0][-1]
        code = self.code(state)[:, None, :].expand(-1, values.shape[1], -1)
        found: Tensor = self.out(self.decoder(torch.cat([code, known], dim=2))[0])
        return found
