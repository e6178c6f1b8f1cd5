"""The network of the field for sequences of events; see the package."""

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

WIDE, NARROW, LAST = 128, 64, 32
DROPOUT = 0.3


class Network(nn.Module):
    """Steps (n, longest, features) with their lengths (n,) to log-odds (n,)."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.first = nn.LSTM(features, WIDE, batch_first=True)
        self.second = nn.LSTM(WIDE, NARROW, batch_first=True)
        self.dropout = nn.Dropout(DROPOUT)
        self.hidden = nn.Linear(NARROW, LAST)
        self.out = nn.Linear(LAST, 1)

    def forward(self, steps: Tensor, lengths: Tensor) -> Tensor:
        """Log-odds (n,)."""
        packed = pack_padded_sequence(steps, lengths, batch_first=True, enforce_sorted=False)
        seen, _ = pad_packed_sequence(self.first(packed)[0], batch_first=True)
        packed = pack_padded_sequence(
            self.dropout(seen), lengths, batch_first=True, enforce_sorted=False
        )
        last = self.second(packed)[1][0][-1]
        found: Tensor = self.out(torch.relu(self.hidden(self.dropout(last))))[:, 0]
        return found
