"""What a tenant depends on stands still: an alert in its centre, until it works again.

Its own stream of events above all: those are its senders that stopped, and nobody else can mend it.
"""

from datetime import datetime

from django_tenants.utils import schema_context

from alerts import raising
from alerts.contracts import Fact, Raised, Severity
from health.contracts import STREAM, Part
from tenants.models import Tenant

KIND = "health.part"


def tell(schema: str, part: Part, now: datetime) -> None:
    """Raise it in ``schema``; what concerns the whole service is told to those who run it."""
    tenant = Tenant.objects.filter(schema_name=schema).first()
    if tenant is None:
        return
    silent = part.name == STREAM
    told = Raised(
        kind=KIND,
        key=part.name,
        severity=Severity.CRITICAL if silent else Severity.INFO,
        title=f"{tenant.name} sends no events any more" if silent else f"{part.label} stands still",
        text=f"{part.detail} {part.advice}".strip(),
        path="/status/",
        since=part.since or now,
        facts=(Fact(label="Part", value=part.label),),
        rests=False,
    )
    with schema_context(schema):
        raising.raise_alert(told, now=now)


def over(schema: str, part: str, now: datetime) -> None:
    """It works again."""
    if Tenant.objects.filter(schema_name=schema).exists():
        with schema_context(schema):
            raising.over(KIND, part, now=now)
