"""What a tenant asks of its members' log-ins."""

from datetime import datetime

from django.db import transaction

from kernel.errors import InvalidInput
from tenants import acts, second_factor
from tenants.contracts import SecurityChanged
from tenants.models import Tenant, User


class NotProtected(InvalidInput):
    """Who has no second factor would lock themselves out."""

    code = "no_second_factor"
    http_status = 409
    title = "Set up your own second factor first"


@transaction.atomic
def require_second_factor(
    *, tenant: Tenant, actor: User, required: bool, origin: str, now: datetime
) -> None:
    """Let members in with a second factor only, or without again; holds at once, for open sessions.

    Raises ``NotProtected`` for an actor who has none.
    """
    if required and not second_factor.has(actor):
        raise NotProtected("You would lock yourself out. Set up your second factor first.")
    changed = Tenant.objects.filter(pk=tenant.pk).exclude(require_second_factor=required)
    if changed.update(require_second_factor=required):
        act = SecurityChanged(actor=acts.pseudonym(tenant, actor), require_second_factor=required)
        acts.record(tenant, act, now=now, origin=origin)
