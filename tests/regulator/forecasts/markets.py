"""Markets to forecast: panels of any kind, and a market of which the truth is known."""

import numpy as np
from hypothesis import strategies as st

from regulator.forecasts.panel import Panel

QUICK = frozenset({"ets", "arima", "theta", "prophet"})
"""Members that are left out where the libraries have no part in what is shown."""
FIRST = 12 * 2020


def panel(ggr, handle=None, first=FIRST):
    table = np.asarray(ggr, dtype=float)
    staked = np.full(table.shape, np.nan) if handle is None else np.asarray(handle, dtype=float)
    names = tuple(f"o{place}" for place in range(table.shape[1]))
    return Panel(first=first, names=names, ggr=table, handle=staked)


def grown(*, months=48, operators=3, noise=0.05, seed=1):
    """Operators with seasons and growth; hold is 10 % but for ``noise``."""
    rng = np.random.default_rng(seed)
    time = np.arange(months)[:, None]
    sizes = 1e6 * np.arange(1, operators + 1)
    season = 1 + 0.3 * np.cos(2 * np.pi * (time - 10) / 12)
    handle = 10 * sizes * season * 1.005**time
    return panel(0.1 * handle * (1 + noise * rng.standard_normal(handle.shape)), handle)


@st.composite
def panels(draw, most=60):
    """Short and long series of any sign, zeros, gaps at the beginning, with or without stakes."""
    months = draw(st.integers(1, most))
    count = draw(st.integers(1, 3))
    kind = draw(st.sampled_from(["zero", "negative", "mixed", "constant", "small"]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    ggr = {
        "zero": np.zeros((months, count)),
        "negative": -rng.gamma(2.0, 1e6, (months, count)),
        "mixed": rng.normal(0, 1e8, (months, count)),
        "constant": np.full((months, count), 7e5),
        "small": rng.integers(-2, 3, (months, count)).astype(float),
    }[kind]
    for place in range(count):
        ggr[: draw(st.integers(0, months - 1)), place] = np.nan
    handle = rng.gamma(2.0, 1e7, ggr.shape) if draw(st.booleans()) else None
    return panel(ggr, handle)
