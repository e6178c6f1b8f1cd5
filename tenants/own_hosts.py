"""A tenant's own hosts: the sites people move between without having come from anywhere."""

from datetime import datetime

from django.db import transaction

from tenants import acts, rules
from tenants.contracts import OwnHostsSet
from tenants.models import Tenant, User


def of(tenant: Tenant) -> tuple[str, ...]:
    """The tenant's own hosts, in alphabetical order; each stands for all below it too."""
    return tuple(Tenant.objects.values_list("own_hosts", flat=True).get(pk=tenant.pk))


@transaction.atomic
def put(
    *, tenant: Tenant, actor: User, hosts: tuple[str, ...], now: datetime, origin: str = ""
) -> tuple[str, ...]:
    """Replace the tenant's own hosts by ``hosts`` as people write them; returns them as kept.

    What changes is judged so from now on: events in the log keep the channel they were given.
    Raises ``BadHost``.
    """
    kept = rules.own_hosts(hosts)
    row = Tenant.objects.select_for_update().get(pk=tenant.pk)
    previous = tuple(row.own_hosts)
    if kept != previous:
        row.own_hosts = list(kept)
        row.save(update_fields=["own_hosts"])
        who = acts.pseudonym(tenant, actor)
        act = OwnHostsSet(actor=who, hosts=kept, previous=previous)
        acts.record(tenant, act, now=now, origin=origin)
    return kept
