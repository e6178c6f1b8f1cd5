"""A tenant's events stay away: its owners have a letter, for it is their senders that stopped."""

from datetime import datetime

from health.contracts import STREAM, Part
from tenants.contracts import LetterKind, Role
from tenants.mail import outbox
from tenants.models import Tenant


def tell_owners(schema: str, part: Part, now: datetime) -> None:
    """Write to the owners of ``schema`` when ``part`` is their stream of events."""
    if part.name != STREAM:
        return
    tenant = Tenant.objects.filter(schema_name=schema).first()
    if tenant is None:
        return
    for member in tenant.memberships.select_related("user").filter(role=Role.OWNER):
        content = {
            "to": member.user.email,
            "subject": f"{tenant.name} sends no events any more",
            "what": part.detail,
            "advice": part.advice,
        }
        outbox.put(LetterKind.NOTICE, content, now=now)
