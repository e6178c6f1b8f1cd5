"""Operators' forecasts that sum to the market's. Pure.

Minimum trace reconciliation (Wickramasuriya, Athanasopoulos and Hyndman, JASA 2019): the smallest
change, measured by the covariance W of the forecasts' errors, that makes the parts add up. For one
total over its parts, with c = (1, -1, ..., -1), it is b - W c (c' W c)^-1 c' b. W is the trials'
covariance, shrunk towards its diagonal as Schäfer and Strimmer (2005) do.
"""

import numpy as np

from regulator.detectors.anomaly import Floats


def covariance(errors: Floats, variances: Floats) -> Floats:
    """The shrunk covariance of ``errors`` (observations by series), of which some may be NaN.

    ``variances`` stand on the diagonal where a series has no errors of its own. Rows with a NaN
    are left out; with fewer than three rows the matrix is diagonal.
    """
    diagonal = np.maximum(variances.astype(float), 0.0)
    whole = errors[np.isfinite(errors).all(axis=1)] if errors.size else errors
    if len(whole) < 3:
        return np.diag(diagonal)
    count = len(whole)
    spread = np.sqrt((whole**2).mean(axis=0))
    spread = np.where(spread > 0, spread, 1.0)
    standard = whole / spread
    correlation = standard.T @ standard / count
    noise = ((standard[:, :, None] * standard[:, None, :] - correlation) ** 2).sum(axis=0)
    noise /= count * max(count - 1, 1)
    apart = ~np.eye(len(spread), dtype=bool)
    signal = float((correlation[apart] ** 2).sum())
    shrink = min(float(noise[apart].sum()) / signal, 1.0) if signal > 0 else 1.0
    correlation = np.where(apart, (1 - shrink) * correlation, correlation)
    found: Floats = correlation * np.outer(spread, spread)
    return found


def reconciled(total: Floats, parts: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """The total ``(horizon,)`` and its parts ``(series, horizon)``, changed least so that they sum.

    ``weights`` is W for (total, parts). Where it says nothing, the parts are scaled alike.
    """
    if not len(parts):
        return total, parts
    signs = np.concatenate([[1.0], -np.ones(len(parts))])
    gain = weights @ signs
    norm = float(signs @ gain)
    gap = total - parts.sum(axis=0)
    if not np.isfinite(norm) or norm <= 0:
        gain, norm = -np.concatenate([[0.0], np.ones(len(parts)) / len(parts)]), 1.0
    moved = parts - gain[1:, None] / norm * gap
    return moved.sum(axis=0), moved


def whole(parts: Floats) -> tuple[list[int], list[list[int]]]:
    """The parts in whole units, and the total as exactly their sum, by month."""
    rounded = [[round(float(value)) for value in part] for part in parts]
    return [sum(column) for column in zip(*rounded, strict=True)], rounded
