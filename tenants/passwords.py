"""Passwords: asking for a new one by e-mail, and what a link for it looks like.

The link's token is Django's: keyed with the old password's hash and the last log-in, so it works
once and not after the password was changed or the owner logged in.
"""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from tenants import acts, throttle
from tenants.contracts import LetterKind, PasswordChanged
from tenants.mail import outbox
from tenants.models import Tenant, User

MINUTES = settings.PASSWORD_RESET_TIMEOUT // 60
PLACE = "{place}"
"""Stands for the path in the address a letter is composed with."""


def ask_for_reset(*, email: str, address: str, reset_at: str, now: datetime) -> None:
    """Let the account of ``email`` choose a new password, if there is one: nobody learns which.

    Too many requests for an account or from an address are passed over in silence. ``reset_at`` is
    the address of the product with ``PLACE`` where the path goes.
    """
    who = {"email": email, "address": address, "purpose": "reset"}
    if throttle.blocked(**who):
        return
    throttle.note_failure(**who)
    content = {"to": email.strip().lower(), "reset_at": reset_at}
    outbox.put(LetterKind.PASSWORD_RESET, content, now=now)


def path_of(user: User) -> str:
    """The path at which ``user`` may choose a new password, once."""
    number = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    return reverse("password-reset", args=[number, token], urlconf=settings.PUBLIC_SCHEMA_URLCONF)


@transaction.atomic
def changed(*, user: User, how: str, now: datetime, origin: str) -> None:
    """Tell of a new password: in the log of each tenant of the account, and to its owner.

    ``how`` is "reset" (by a letter) or "changed" (by who was logged in). The account's failed tries
    are forgiven; its sessions ended with the old password, whose hash they carry.
    """
    throttle.forgive(email=user.email)
    for tenant in Tenant.objects.filter(memberships__user=user).exclude(provisioned_at=None):
        who = acts.pseudonym(tenant, user)
        acts.record(tenant, PasswordChanged(actor=who, how=how), now=now, origin=origin)
    content = {
        "to": user.email,
        "subject": "Your Touchstone password was changed",
        "what": f"The password of {user.email} was changed on {now:%-d %B %Y at %H:%M} UTC"
        f"{f' from {origin}' if origin else ''}. All sessions were ended.",
        "advice": "Was it not you? Ask for a new password at once, and tell an owner.",
    }
    outbox.put(LetterKind.NOTICE, content, now=now)
