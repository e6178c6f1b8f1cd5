"""Tell of rings: one that is new is an alert, once; one that has doubled since, once more."""

from datetime import datetime

from alerts import queries as alerts
from alerts import raising
from alerts.contracts import AlertItem, Fact, Raised, Severity
from attribution import queries as attribution
from fraud.rings import queries
from fraud.rings.found import Ring
from fraud.rings.words import counted, sentence

KIND = "fraud.ring"
MOST = 50
"""Alerts of one look, of the largest rings: the page has them all."""
_NAMED = 5


def tell(*, now: datetime) -> None:
    """Raise the rings that nobody was told of, resolve those that are no more."""
    found = queries.found(now=now).rings
    told = alerts.latest(KIND, [each.id for each in found])
    names = queries.publisher_names({name for each in found for name, _ in each.publishers})
    for each in found[:MOST]:
        before = told.get(each.id)
        if before is None or not _done_with(each, before):
            raising.raise_alert(_raised(each, names, _severity(each, before)), now=now)
    raising.settle(KIND, [each.id for each in found], now=now)


def _done_with(ring: Ring, before: AlertItem) -> bool:
    """Whether somebody resolved it and nothing was seen of it since."""
    return before.resolved_at is not None and ring.last <= before.resolved_at


def _severity(ring: Ring, before: AlertItem | None) -> Severity:
    """Worse once as many events came since it was told as there were then."""
    if before is None or before.resolved_at is not None:
        return Severity.WARNING
    since = queries.cases_of(ring).filter(decided_at__gt=before.raised_at).count()
    return Severity.CRITICAL if 2 * since >= len(ring.events) else Severity.WARNING


def _raised(ring: Ring, names: dict[float, str], severity: Severity) -> Raised:
    publishers = [f"{names[each]} ({count:,})" for each, count in ring.publishers[:_NAMED]]
    more = len(ring.publishers) - len(publishers)
    return Raised(
        kind=KIND, key=ring.id, severity=severity,
        title=f"A fraud ring made {counted(len(ring.events), 'suspicious event')}",
        text=sentence(ring, names), path=queries.page_of(ring), since=ring.first,
        facts=(
            Fact(label="Suspicious events", value=f"{len(ring.events):,}"),
            Fact(label="Persons", value=f"{ring.persons:,}"),
            Fact(label="Devices", value=f"{ring.devices:,}"),
            Fact(label="Addresses", value=f"{ring.addresses:,}"),
            Fact(
                label="Publishers",
                value=", ".join(publishers) + (f" and {more:,} more" if more else "") or "none",
            ),
            Fact(label="At stake", value=f"{ring.value:,.2f} {attribution.home()}"),
        ),
    )  # fmt: skip
