"""The REST side of keys: authentication by bearer key, permission by scope.

A view names what it needs: ``scope = "read"``. The key selects the tenant, whatever the host.
"""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from eventlog.tenancy import activate
from ingest import quota
from ingest.auth import Principal
from kernel.errors import Unauthenticated
from tenants.keys import authenticate


class MissingKey(Unauthenticated):
    """No key was sent."""

    code = "missing_key"
    title = "An API key is needed"


class KeyAuthentication(BaseAuthentication):
    """``Authorization: Bearer ts_…`` → the key's principal; its tenant's schema becomes active."""

    def authenticate(self, request: Request) -> tuple[None, Principal]:
        """Check the key for the view's scope; raises the key errors of ``tenants.keys``."""
        words = get_authorization_header(request).split()
        if len(words) != 2 or words[0].lower() != b"bearer":
            raise MissingKey("Send your key as 'Authorization: Bearer <key>'.")
        view = request.parser_context["view"] if request.parser_context else None
        scope = getattr(view, "scope", "read")
        principal = authenticate(words[1].decode("ascii", "replace"), scope)
        quota.gate().admit_request(principal)
        activate(principal.tenant)
        return None, principal

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return 'Bearer realm="touchstone"'


class HasScope(BasePermission):
    """Let a request through that carries a principal; the scope was checked with the key."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether the request was authenticated by a key."""
        return isinstance(request.auth, Principal)


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # untyped library
    """How the API's document names the key."""

    target_class = "tenants.api.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """An HTTP bearer scheme."""
        return {"type": "http", "scheme": "bearer", "description": "An API key of the tenant."}
