"""Since when a source shows what was found. Pure."""

import numpy as np

from fraud.ctit.clicks import Flags


def onset(suspicious: Flags, usual: float) -> int:
    """The place from which on a source's installs, in the order of time, are no longer usual.

    The most likely moment of a lasting change from a share of ``usual`` to a higher one (Hinkley,
    1970): for each start the log likelihood ratio of what follows it, at the share that follows.
    0 for no installs, and where none of them stands out.
    """
    if not suspicious.any():
        return 0
    after = np.arange(suspicious.size, 0, -1)
    hits = np.cumsum(suspicious[::-1])[::-1]
    share = hits / after
    rest = after - hits
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(hits > 0, hits * np.log(share / usual), 0.0)
        clean = np.where(rest > 0, rest * np.log((1 - share) / (1 - usual)), 0.0)
    gain = np.where(share > usual, found + clean, -np.inf)
    return int(np.argmax(gain)) if np.isfinite(gain).any() else 0
