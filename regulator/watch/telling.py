"""Tell the authority's officers of anomalies: each is one alert, told again only when it is worse.

Critical ones and warnings are told; notes wait on their page. An alert is over when the anomaly is
dismissed, when a feed is whole again, or when the anomaly is over and a month has passed.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse

from alerts import queries as alerts
from alerts import raising
from alerts.contracts import Fact, Raised, Severity
from regulator.contracts import Severity as Found
from regulator.detectors.anomaly import Kind
from regulator.models import Anomaly, Operator
from regulator.watch.sighting import FEED
from regulator.watch.words import about

KIND, SILENT = "regulator.anomaly", "regulator.feed_silent"
FRESH = timedelta(days=8)
"""What was over for longer when it was found is not told: it is history, and on the page."""
MOST = 50
"""Alerts of one look, the worst first."""
_KEPT = timedelta(days=30)
_SEVERITIES = {Found.CRITICAL: Severity.CRITICAL, Found.WARNING: Severity.WARNING}
_TOLD = [str(each) for each in _SEVERITIES]


def tell(*, now: datetime) -> None:
    """Raise what stands and is news, settle what does not stand any more."""
    names = dict(Operator.objects.values_list("name", "title"))
    standing = list(_standing(now).order_by("severity", "-ended_at")[: 10 * MOST])
    kinds = _kinds(standing)
    for row in [each for each in standing if _is_news(each)][:MOST]:
        name = names.get(row.operator, row.operator)
        raising.raise_alert(_raised(row, kinds[str(row.pk)], name), now=now)
    for kind in (KIND, SILENT):
        raising.settle(kind, [key for key, of in kinds.items() if of == kind], now=now)


def _kinds(rows: Sequence[Anomaly]) -> dict[str, str]:
    """Which alert tells of each anomaly: the one that did; a silent feed stays one afterwards."""
    keys = [str(row.pk) for row in rows]
    known = {key: kind for kind in (SILENT, KIND) for key in alerts.latest(kind, keys)}
    return {
        str(row.pk): known.get(str(row.pk), SILENT if row.kind == Kind.FEED_SILENT else KIND)
        for row in rows
    }


def _standing(now: datetime) -> QuerySet[Anomaly]:
    feed = Q(kind__in=[str(each) for each in FEED])
    recent = Q(over_at=None) | (~feed & Q(over_at__gt=now - _KEPT))
    return Anomaly.objects.filter(recent, dismissed_at=None, severity__in=_TOLD)


def _is_news(row: Anomaly) -> bool:
    """Whether it was going on, or just over, when it was found."""
    return row.ended_at >= row.found_at - FRESH


def _raised(row: Anomaly, kind: str, name: str) -> Raised:
    who = name or "The market"
    return Raised(
        kind=kind, key=str(row.pk), severity=_SEVERITIES[Found(row.severity)],
        title=f"{who}: {_lower(about(row.kind).name)}", text=row.explanation,
        path=reverse("anomaly", settings.REGULATOR_URLCONF, args=[row.pk]), since=row.started_at,
        facts=(
            Fact(label="Operator", value=who),
            Fact(label="Until", value=f"{row.ended_at:%-d %B %Y, %H:%M} UTC"),
            *_missing(row),
            Fact(label="Score", value=f"{row.score:,.1f}"),
        ),
    )  # fmt: skip


def _missing(row: Anomaly) -> list[Fact]:
    share = row.evidence.get("missing")
    if not isinstance(share, float | int) or row.kind == Kind.INCOMPLETE_PERIOD:
        return []
    return [Fact(label="Missing", value=f"{share:.0%}")]


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]
