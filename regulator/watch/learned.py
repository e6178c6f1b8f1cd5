"""Hours whose figures together are unusual, and days that go otherwise: learned detectors. Pure.

What one figure shows by itself the baseline tells already (``watch.watchers``).
"""

from regulator.detectors.anomaly import Kind
from regulator.features.series import Series
from regulator.learned.judging import anomalies
from regulator.learned.model import Model
from regulator.watch.sighting import Sighting, plain

KINDS = frozenset({Kind.ISOLATED, Kind.COURSE, Kind.TOGETHER})


def learned(series: Series, model: Model, *, first: int) -> list[Sighting]:
    """What ``model`` finds in the hours of a market from ``first`` on."""
    return [
        Sighting(
            operator=name, kind=each.kind, started_at=series.at(each.started),
            ended_at=series.at(each.ended + 1), weight=each.severity, score=min(each.score, 1e9),
            explanation=each.explanation,
            evidence=plain({
                **{key: value for key, value in each.evidence.items() if key != "chances"},
                **{f"chance_{key}": value for key, value in each.evidence["chances"].items()},
            }),
        )
        for name, of in zip(series.operators, anomalies(series, model, first=first), strict=True)
        for each in of
        if each.kind in KINDS
    ]  # fmt: skip
