"""Log-ins: making one, the list of those that live, and ending them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import login
from django.contrib.sessions.models import Session
from django.http import HttpRequest

from kernel.errors import NotFound
from tenants import acts, sessions
from tenants.address import short
from tenants.contracts import LetterKind, SignInsFailed
from tenants.devices import device
from tenants.mail import outbox
from tenants.models import SignIn, Tenant, User

SEEN_EVERY = timedelta(minutes=5)
_BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True, slots=True, kw_only=True)
class LivingSession:
    """A log-in that still works. ``origin`` is the network it came from, ``here`` this one."""

    id: int
    device: str
    origin: str
    began_at: datetime
    seen_at: datetime
    here: bool


def sign_in(request: HttpRequest, user: User, *, second_factor: bool, now: datetime) -> None:
    """Log ``user`` in at the bare host; the session knows of the second factor."""
    login(request, user, backend=_BACKEND)
    sessions.mark(request.session, second_factor=second_factor)
    _list(request, user, now)


def keep_only(request: HttpRequest, user: User, *, now: datetime) -> None:
    """End all of the user's log-ins but this one, whose key was changed with the password."""
    _list(request, user, now)
    end_others(user=user, here=request.session.session_key or "")


def _list(request: HttpRequest, user: User, now: datetime) -> None:
    """Put the request's session into the list of the user's log-ins."""
    request.session.save()
    SignIn.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "user": user,
            "device": device(request.headers.get("User-Agent", "")),
            "origin": short(request),
            "created_at": now,
            "seen_at": now,
        },
    )


def seen(root: str, *, now: datetime) -> None:
    """Note that a log-in was used; writes every five minutes at most."""
    SignIn.objects.filter(session_key=root, seen_at__lt=now - SEEN_EVERY).update(seen_at=now)


def living(user: User, *, here: str, now: datetime) -> tuple[LivingSession, ...]:
    """The log-ins of ``user`` that still work, the one used last first."""
    alive = Session.objects.filter(expire_date__gt=now).values("session_key")
    rows = SignIn.objects.filter(user=user, session_key__in=alive).order_by("-seen_at", "-pk")
    return tuple(
        LivingSession(
            id=row.pk,
            device=row.device,
            origin=row.origin,
            began_at=row.created_at,
            seen_at=row.seen_at,
            here=row.session_key == here,
        )
        for row in rows
    )


def end(*, user: User, sign_in_id: int) -> None:
    """End one of the user's log-ins, and all sessions that came from it. Raises ``NotFound``."""
    row = SignIn.objects.filter(user=user, pk=sign_in_id).first()
    if row is None:
        raise NotFound("There is no such session.")
    sessions.store().delete(row.session_key)
    row.delete()


def end_others(*, user: User, here: str) -> int:
    """End all of the user's log-ins but this one; how many there were."""
    others = SignIn.objects.filter(user=user).exclude(session_key=here)
    for row in others:
        sessions.store().delete(row.session_key)
    return others.delete()[0]


def note_failures(*, email: str, origin: str, now: datetime) -> None:
    """An account's door was closed after too many failures: tell it, if there is such an account.

    The worker looks that up, so the answer to the one who guesses takes the same time.
    """
    content = {
        "to": email.strip().lower(),
        "subject": "Somebody failed to log in to your Touchstone account",
        "what": "A wrong password was given several times, so log-ins are refused for a quarter of"
        f" an hour{f'. The last try came from {origin}' if origin else ''}.",
        "advice": "Was it not you? Then your password held. A second factor makes it safer still.",
        "origin": origin,
        "at": now.isoformat(),
    }
    outbox.put(LetterKind.SIGN_INS_FAILED, content, now=now)


def record_failures(*, user: User, origin: str, at: datetime, key: str) -> None:
    """Write a burst of failures to the log of each tenant of the account, once per ``key``."""
    for tenant in Tenant.objects.filter(memberships__user=user).exclude(provisioned_at=None):
        act = SignInsFailed(actor=acts.NOBODY, member=acts.pseudonym(tenant, user))
        acts.record(tenant, act, now=at, origin=origin, key=key)
