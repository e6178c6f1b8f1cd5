"""Whom alerts reach: the members of the active tenant."""

from collections.abc import Mapping, Sequence

from django.http import HttpRequest

from eventlog.tenancy import active_schema
from tenants import acts
from tenants.contracts import Permission, Role, allowed
from tenants.models import Membership, Tenant


class Members:
    """``alerts.directory.Directory`` over memberships."""

    def roles(self) -> Sequence[str]:
        """Those that read reports: what an alert says is in one."""
        return [str(role) for role in Role if allowed(role, Permission.VIEW_REPORTS)]

    def members(self, roles: Sequence[str]) -> Mapping[int, str]:
        """Numbers and addresses of the people who have one of ``roles``."""
        rows = Membership.objects.filter(
            tenant__schema_name=active_schema(), role__in=list(roles), user__is_active=True
        )
        return dict(rows.order_by("pk").values_list("user_id", "user__email"))

    def actor(self, request: HttpRequest) -> str:
        """The pseudonym under which the log knows the member who asks."""
        return acts.pseudonym(request.tenant, request.user)  # type: ignore[attr-defined,arg-type]  # a member

    def organisation(self) -> tuple[str, str]:
        """The tenant's slug and name."""
        tenant = Tenant.objects.get(schema_name=active_schema())
        return tenant.slug, tenant.name
