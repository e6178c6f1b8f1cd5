"""Which tenant a request is for, and what its user may do there.

Pages: the host name selects the tenant, the session's user must be a member of it. The API: the key
alone selects the tenant (see ``tenants.api`` and ``ingest``), so the host is not looked at there.
Each kind of tenant has routes of its own: a page of the other kind is not there, and neither is its
link in the navigation.
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from eventlog.tenancy import activate, deactivate
from kernel import clock
from tenants import acts, address, sessions, signins
from tenants.contracts import Exported, Kind
from tenants.models import Domain, Tenant, User

Handler = Callable[[HttpRequest], HttpResponse]

API_PREFIXES = ("/api/", "/v1/", "/healthz", "/readyz", "/metrics")


class TenantMiddleware:
    """Activate the schema of the host's tenant; the shared schema on the bare host."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Route by host; an unknown host is a page that says so."""
        deactivate()
        request.tenant = None  # type: ignore[attr-defined]  # this attribute is the contract
        if request.path_info.startswith(API_PREFIXES):
            return self.get_response(request)
        host = request.get_host().rsplit(":", 1)[0].lower()
        if host == settings.BASE_DOMAIN or not host.endswith(f".{settings.BASE_DOMAIN}"):
            request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
            return self.get_response(request)
        tenant = tenant_of(host)
        if tenant is None:
            request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
            return render(request, "portal/no_tenant.html", {"host": host}, status=404)
        request.tenant = tenant  # type: ignore[attr-defined]  # as above
        if tenant.kind == Kind.REGULATOR:
            request.urlconf = settings.REGULATOR_URLCONF
        activate(tenant)
        return self.get_response(request)


def tenant_of(host: str) -> Tenant | None:
    """The open tenant whose host name this is (lower case, without port)."""
    domain = (
        Domain.objects.select_related("tenant")
        .filter(domain=host, tenant__provisioned_at__isnull=False)
        .first()
    )
    return domain.tenant if domain else None


class MembershipMiddleware:
    """Set ``request.membership`` and ``request.permissions``; strangers have neither.

    On a tenant's host a session made elsewhere is nobody's: its user becomes anonymous.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look the session's user up in the host's tenant; a foreign session has no permission."""
        tenant = getattr(request, "tenant", None)
        member = None
        if isinstance(tenant, Tenant) and isinstance(request.user, User):
            member = sessions.membership(request.session, request.user, tenant)
            if member is not None:
                signins.seen(sessions.root_of(request.session), now=clock.now())
            elif not sessions.belongs(request.session, tenant):
                request.user = AnonymousUser()
        request.membership = member  # type: ignore[attr-defined]  # the contract with pages
        request.permissions = sessions.permissions(member)  # type: ignore[attr-defined]  # as above
        return self.get_response(request)


class ExportMiddleware:
    """Write down who downloaded which file: one place for the exports of all apps."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at the answer of a member's request: a file to keep is noted."""
        answer = self.get_response(request)
        offered = answer.headers.get("Content-Disposition", "")
        member = getattr(request, "membership", None)
        if member is None or answer.status_code != 200 or not offered.startswith("attachment"):
            return answer
        match = request.resolver_match
        act = Exported(
            actor=acts.pseudonym(member.tenant, member.user),
            page=(match.url_name if match else None) or request.path,
            file=offered.partition("filename=")[2].strip('"')[:120],
        )
        acts.record(member.tenant, act, now=clock.now(), origin=address.short(request))
        return answer
