"""Keep what each hour's look found; tell somebody of drift, once; have a new model trained."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache

from alerts import raising
from alerts.contracts import Fact, Point, Raised, Severity
from fraud.drift import measuring, words
from fraud.drift.measuring import Look
from fraud.models import DriftMeasure, Label
from fraud.scoring import policy
from fraud.training import progress
from ml.drift.report import Column

KIND = "fraud.drift"
KEPT = timedelta(days=90)
_ASKED = "fraud-drift-training"
_DAY_SECONDS = 86_400
_DRAWN = 14


def watch(*, now: datetime) -> bool:
    """Look, keep what was found, tell of it; whether a training is to begin. Raises ``AWAY``."""
    found = measuring.look(now=now)
    if found is None:
        if not measuring.champion():
            raising.settle(KIND, [], now=now)
        return False
    keep(found)
    tell(found)
    return found.drifted and _ask()


def keep(found: Look) -> None:
    """Keep a look under its hour; of earlier ones no features, of old ones nothing."""
    hour = found.at.replace(minute=0, second=0, microsecond=0)
    DriftMeasure.objects.filter(hour__lt=found.at - KEPT).delete()
    DriftMeasure.objects.exclude(hour=hour).exclude(features=[]).update(features=[])
    DriftMeasure.objects.update_or_create(
        hour=hour,
        defaults={
            "model": found.model, "figures": figures(found),
            "features": [line(each) for each in found.report.features],
        },
    )  # fmt: skip


def tell(found: Look) -> None:
    """Raise the alert of what has drifted, or resolve it where nothing has."""
    if found.drifted:
        raising.raise_alert(_told(found), now=found.at)
        raising.settle(KIND, [_key(found)], now=found.at)
    elif found.report.enough:
        raising.settle(KIND, [], now=found.at)


def figures(found: Look) -> dict[str, Any]:
    """The figures of a look, as JSON."""
    told = found.report
    return {
        "events": told.events, "learned": told.learned, "enough": told.enough,
        "features": len(told.features), "moved": len(told.moved), "share": told.share,
        "inputs": told.inputs_drifted, "outputs": told.outputs_drifted,
        "worse": found.worse, "slower": found.slower,
        **{f"{each.name}_psi": each.psi for each in told.outputs}, "output_psi": told.output_psi,
        "performance": asdict(found.performance) if found.performance else None,
        "performance_words": words.performance(found.performance) if found.performance else "",
        "milliseconds": found.milliseconds, "usual_milliseconds": found.usual,
        "headline": words.headline(told), "reasons": words.reasons(found),
    }  # fmt: skip


def line(each: Column) -> dict[str, Any]:
    """A feature of a look, as JSON."""
    return {
        "feature": each.name, "words": words.name(each.name), "psi": each.psi, "ks": each.ks,
        "chance": each.chance, "drifted": each.drifted,
        "then": words.spread(each.name, each.then), "now": words.spread(each.name, each.now),
    }  # fmt: skip


def _told(found: Look) -> Raised:
    told = found.report
    facts = [
        Fact(label="Features that moved", value=f"{len(told.moved)} of {len(told.features)}"),
        Fact(label="PSI of what the model says", value=f"{told.output_psi:.2f}"),
        Fact(label="Events compared", value=f"{told.events:,}"),
    ]
    if found.performance:
        facts.append(
            Fact(label="Average precision", value=f"{found.performance.average_precision:.3f}")
        )
    return Raised(
        kind=KIND, key=_key(found),
        severity=Severity.CRITICAL if found.worse else Severity.WARNING,
        title=f"The model {found.model[:8]} sees other traffic than it learned from"
        if told.inputs_drifted or told.outputs_drifted
        else f"The model {found.model[:8]} does not do as well as it did",
        text=" ".join(words.reasons(found)), path="/fraud/models/#drift-title", since=found.at,
        facts=tuple(facts), series=_series(), unit="% of features",
    )  # fmt: skip


def _key(found: Look) -> str:
    return found.model[:12]


def _series() -> tuple[Point, ...]:
    """The share of features that moved, over the latest looks."""
    rows = DriftMeasure.objects.order_by("-hour").values_list("hour", "figures__share")[:_DRAWN]
    return tuple(
        Point(label=f"{hour:%H:%M}", value=round(100.0 * share, 1))
        for hour, share in reversed(rows)
    )


def _ask() -> bool:
    """Whether to train anew: where events are scored and labelled, once a day."""
    if not policy.current().on or not Label.objects.exists() or cache.get(_ASKED):
        return False
    if not progress.begin():
        return False
    cache.set(_ASKED, True, _DAY_SECONDS)
    return True
