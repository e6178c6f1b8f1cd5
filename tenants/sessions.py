"""One log-in, many hosts: how a session of the bare host becomes one of a tenant's host.

Cookies are host-bound, so the bare host signs a short-lived token which the tenant's host redeems
once, for a session of its own. The token is made for one browser: it holds the hash of a random
value which that browser alone has, as a cookie of the tenant's host. So a token seen on its way
opens nothing, and nobody is led into somebody else's account by a link. The session remembers its
tenant and the session it came from: on another host it is nobody's, and it ends with the one it
came from.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from kernel.errors import Forbidden
from tenants.contracts import PERMISSIONS, Role
from tenants.models import Membership, Tenant, User

TOKEN_LIVES = timedelta(seconds=60)
_SALT = "tenants.session.hand-off"
_TENANT, _ROOT = "tenant", "root_session"
_SECOND_FACTOR = "second_factor"


class BadHandOff(Forbidden):
    """The token is forged, too old, used before, or made for another tenant or browser."""

    code = "bad_hand_off"
    title = "This sign-in link has expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A redeemed token: who comes in, from which session of the bare host, to which page."""

    user: User
    root: str
    path: str


def new_browser() -> str:
    """A random value by which a browser is known again at a tenant's host."""
    return secrets.token_urlsafe(32)


def browser_hash(browser: str) -> str:
    """What may be seen of such a value: 64 hexadecimal digits."""
    return hashlib.sha256(browser.encode("utf-8", "surrogatepass")).hexdigest()


def hand_off(
    *, user: User, tenant: Tenant, root: str, path: str, browser: str, now: datetime
) -> str:
    """A token that lets ``user`` into the tenant's host once, within ``TOKEN_LIVES``.

    ``browser`` is the hash of the value only the asking browser holds.
    """
    return signing.dumps(
        {
            "user": user.pk,
            "tenant": tenant.pk,
            "root": root,
            "path": local_path(path),
            "browser": browser,
            "until": (now + TOKEN_LIVES).timestamp(),
            "once": secrets.token_hex(12),
        },
        salt=_SALT,
    )


def redeem(*, token: str, tenant: Tenant, browser: str, now: datetime) -> Entry:
    """Use a token up, in the browser that holds the value ``browser``.

    Raises ``BadHandOff``; the answer does not say what was wrong.
    """
    try:
        content = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        raise BadHandOff("Log in again.") from None
    fits = (
        content["tenant"] == tenant.pk
        and now.timestamp() <= content["until"]
        and hmac.compare_digest(content["browser"].encode(), browser_hash(browser).encode())
    )
    user = User.objects.filter(pk=content["user"], is_active=True).first()
    seconds = int(2 * TOKEN_LIVES.total_seconds())
    if not fits or user is None or not cache.add(f"hand-off:{content['once']}", 1, seconds):
        raise BadHandOff("Log in again.")
    return Entry(user=user, root=content["root"], path=content["path"])


def bind(session: SessionBase, *, tenant: Tenant, root: str) -> None:
    """Make ``session`` one of the tenant's host, living no longer than the session ``root``."""
    session[_TENANT], session[_ROOT] = tenant.pk, root


def mark(session: SessionBase, *, second_factor: bool) -> None:
    """Remember in a session of the bare host whether a second factor was shown for it."""
    session[_SECOND_FACTOR] = second_factor


def marked(session: SessionBase) -> bool:
    """Whether a second factor was shown for this session of the bare host."""
    return bool(session.get(_SECOND_FACTOR))


def root_of(session: SessionBase) -> str:
    """The key of the session this one came from; empty for one of the bare host."""
    return str(session.get(_ROOT, ""))


def end(session: SessionBase) -> None:
    """End a tenant host's session and the one it came from, and so all that came from that."""
    root = session.get(_ROOT)
    session.flush()
    if root:
        store().delete(root)


def local_path(path: str) -> str:
    """``path`` when it stays on the host it is used on, else the front page."""
    stays = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if stays else "/"


def store(key: str | None = None) -> SessionBase:
    """The session ``key`` in the configured store; a new one without it."""
    made: SessionBase = import_module(settings.SESSION_ENGINE).SessionStore(key)
    return made


def belongs(session: SessionBase, tenant: Tenant) -> bool:
    """Whether ``session`` was made for the tenant's host and the one it came from still lives.

    Where the tenant requires a second factor, one must have been shown in that one.
    """
    if session.get(_TENANT) != tenant.pk:
        return False
    root = session.get(_ROOT, "")
    if tenant.require_second_factor:
        return marked(store(root))
    return store().exists(root)


def membership(
    session: SessionBase, user: User | AnonymousUser, tenant: Tenant
) -> Membership | None:
    """The user's membership of ``tenant``; ``None`` for sessions that do not belong to its host."""
    if not isinstance(user, User) or not belongs(session, tenant):
        return None
    return Membership.objects.select_related("user").filter(tenant=tenant, user=user).first()


def permissions(member: Membership | None) -> frozenset[str]:
    """What a member may do; a stranger nothing."""
    return frozenset(map(str, PERMISSIONS[Role(member.role)])) if member else frozenset()


def user_of(key: str | None) -> tuple[SessionBase, User | AnonymousUser]:
    """The session ``key`` and its user, for protocols without a request of their own."""
    request = HttpRequest()
    request.session = store(key)
    user = get_user(request)
    return request.session, user if isinstance(user, User) else AnonymousUser()
