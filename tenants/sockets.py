"""WebSockets: the same two questions as for pages, answered from the scope's host and cookie."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from eventlog.tenancy import deactivate
from tenants import sessions
from tenants.middleware import tenant_of
from tenants.models import Tenant, User

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

FORBIDDEN = 4403


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who opens a socket: an empty ``permissions`` is a stranger."""

    tenant: Tenant | None
    user: User | AnonymousUser
    permissions: frozenset[str]


class MemberSocketMiddleware:
    """Set ``scope["tenant"]``, ``["user"]``, ``["permissions"]``; refuse who is no member."""

    def __init__(self, inner: Application) -> None:
        self.inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let members of the host's tenant through."""
        headers = dict(scope["headers"])
        visitor = await database_sync_to_async(_visitor)(
            _host(headers.get(b"host", b"")), _session_key(headers.get(b"cookie", b""))
        )
        if not visitor.permissions:
            await receive()  # websocket.connect: a refusal may only follow it
            await send({"type": "websocket.close", "code": FORBIDDEN})
            return
        await self.inner(
            {
                **scope,
                "tenant": visitor.tenant,
                "user": visitor.user,
                "permissions": visitor.permissions,
            },
            receive,
            send,
        )


def _visitor(host: str, session_key: str | None) -> Visitor:
    deactivate()
    tenant = tenant_of(host)
    session, user = sessions.user_of(session_key)
    member = sessions.membership(session, user, tenant) if tenant is not None else None
    return Visitor(tenant=tenant, user=user, permissions=sessions.permissions(member))


def _host(header: bytes) -> str:
    return header.decode("latin-1").rsplit(":", 1)[0].lower()


def _session_key(header: bytes) -> str | None:
    try:
        cookies = SimpleCookie(header.decode("latin-1"))
    except CookieError:
        return None
    morsel = cookies.get(settings.SESSION_COOKIE_NAME)
    return morsel.value if morsel else None
