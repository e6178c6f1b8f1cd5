"""Average precision, quickly: bootstraps ask for it thousands of times.

The sum over thresholds of precision x what recall grew by, equal scores together: the same number
as scikit-learn's ``average_precision_score``, in a fraction of its time for a few thousand events.
"""

import numpy as np

from ml.features.layout import Floats


def average_precision(truth: Floats, scores: Floats) -> float:
    """Of ``scores`` (n,) against ``truth`` (n,), 1.0 or 0.0; 0 where nothing is true."""
    false = float(truth.sum())
    if false == 0.0:
        return 0.0
    order = np.argsort(-scores, kind="stable")
    ordered = scores[order]
    last = np.append(np.flatnonzero(ordered[1:] != ordered[:-1]), ordered.size - 1)
    found = np.cumsum(truth[order])[last]
    return float((np.diff(found, prepend=0.0) * found / (last + 1.0)).sum() / false)
