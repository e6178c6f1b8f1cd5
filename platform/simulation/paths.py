"""Synthetic path frames, as the benchmarks use them."""

import numpy as np
import pandas as pd


def synthetic_paths(rows: int, channels: int, mean_length: float, *, seed: int) -> pd.DataFrame:
    """One journey per row: geometric length of the given mean, a fifth of them converting.

    Columns path ("a > b"), conversions, value, nulls.
    """
    rng = np.random.default_rng(seed)
    lengths = rng.geometric(1 / mean_length, rows)
    names = np.array([f"channel_{number:02d}" for number in range(channels)])
    tokens = names[rng.integers(0, channels, int(lengths.sum()))]
    bounds = np.concatenate([[0], np.cumsum(lengths)])
    converted = rng.random(rows) < 0.2
    return pd.DataFrame(
        {
            "path": [" > ".join(tokens[bounds[i] : bounds[i + 1]]) for i in range(rows)],
            "conversions": converted.astype(np.int64),
            "value": np.where(converted, rng.gamma(2.0, 30.0, rows), 0.0),
            "nulls": (~converted).astype(np.int64),
        }
    )
