"""What touches caused, scaled to what happened: in each day and segment for itself.

Fitted models leave some conversions to no touch. Their credit is scaled to all of them within each
day and segment, the smallest parts that reports are sums of: so the touches of any range of days,
of any segment, sum to its conversions and to its value, and no report scales anything again.
"""

import numpy as np

from attribution.credit.models import scaled
from attribution.credit.paths import Floats, Ints, Paths


def shared_out(paths: Paths, cell: Ints, weights: Floats) -> Floats:
    """Conversions and value of each touch, (touches, 2), from the ``weights`` it caused.

    ``cell`` (rows,) numbers the part that each journey belongs to. Where touches caused nothing in
    a whole part, its journeys are shared out equally.
    """
    here = np.repeat(cell, paths.lengths)
    size = int(cell.max(initial=-1)) + 1
    equal = scaled.equal(paths)
    found = np.zeros((paths.tokens.size, 2))
    for column, amounts in enumerate((paths.conversions, paths.value)):
        worth = np.repeat(amounts, paths.lengths)
        something = np.bincount(here, weights * worth, size) > 0
        parts = np.where(something[here], weights, equal) * worth
        caused, wanted = np.bincount(here, parts, size), np.bincount(cell, amounts, size)
        scale = np.divide(wanted, caused, out=np.zeros(size), where=caused > 0)
        found[:, column] = parts * scale[here]
    return found
