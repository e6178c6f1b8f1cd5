"""The reference of a model: what it learned from, and what it says of what it had not seen."""

from collections.abc import Mapping
from datetime import datetime

import numpy as np

from fraud.drift.reference import OUTPUTS, Reference, columns
from fraud.features import FEATURES
from fraud.models import DriftReference
from fraud.scoring import policy
from fraud.scoring.decide import FEATURES_VERSION, Policy, decide
from ml.drift.bins import bins, unpacked
from ml.drift.counting import count
from ml.ensemble.asked import around
from ml.features.layout import Floats
from ml.served import Served
from ml.training.examples import Examples
from ml.training.split import by_time

_SCORED = 20_000
"""Of the events it had not seen, the latest whose scores are counted."""
_TENTHS = unpacked(
    [[place / 10 for place in range(1, 10)], [10.0 * place for place in range(1, 10)]]
)
"""Of ``OUTPUTS``, tenths of the scale: a sure model's quantiles differ in the third decimal, and
nobody would call it drift where they move by that."""
_LEAST_SHARE = 0.01
"""A kind of event with a smaller share was not learned from."""


def keep(examples: Examples, model: Served, *, now: datetime) -> None:
    """Keep the reference of a model that was trained on ``examples``; once is enough."""
    made = reference(examples, model, own=policy.current().thresholds)
    DriftReference.objects.get_or_create(
        digest=model.version,
        defaults={
            "features_version": FEATURES_VERSION, "made_at": now, "kinds": list(made.kinds),
            "bins": made.bins.rows(), "counts": made.counts.tolist(),
        },
    )  # fmt: skip


def reference(examples: Examples, model: Served, *, own: Mapping[str, float]) -> Reference:
    """Features of what was learned from and tuned on; outputs on what the model had not seen.

    On what it has seen a model is surer than it will ever be again. ``own``: the tenant's
    thresholds of rules. Raises ``ExamplesUnusable`` as the training does.
    """
    parts = by_time(examples)
    seen = np.concatenate([parts.fit.matrix, parts.tune.matrix])
    kinds = _kinds(seen)
    place = FEATURES.names.index("kind")
    seen = seen[np.isin(seen[:, place], kinds)]
    rows = np.flatnonzero(np.isin(parts.test.matrix[:, place], kinds))[-_SCORED:]
    unseen = parts.test.of(rows)
    ids, windows = around(unseen)
    # By this policy nobody has to be told anything, so no time goes into reasons.
    quiet = Policy(review=100, block=100, thresholds=own)
    decisions = decide(
        unseen.matrix, quiet, model=model, ids=ids, windows=windows, explain_all=False
    )
    said = columns(unseen.matrix, decisions)
    outputs = said[:, -len(OUTPUTS) :]
    made = bins(seen)
    return Reference(
        bins=unpacked([*made.rows(), *_TENTHS.rows()]),
        counts=np.concatenate([count(made, seen), count(_TENTHS, outputs)]), kinds=kinds,
    )  # fmt: skip


def _kinds(matrix: Floats) -> tuple[float, ...]:
    found, times = np.unique(matrix[:, FEATURES.names.index("kind")], return_counts=True)
    return tuple(found[times >= _LEAST_SHARE * len(matrix)].tolist())
