"""Join links: a token handed over by hand; only its hash is kept, as with API keys."""

import hashlib
from datetime import datetime

from django.core import signing

from kernel.errors import NotFound
from tenants.models import Invitation

PLACE = "{token}"
"""Stands for the token in the address a letter is composed with."""
_CLAIMED = "tenants.links.claimed"


class LinkUnusable(NotFound):
    """The join link is unknown, used, withdrawn, too old, or made for another address."""

    code = "link_unusable"
    title = "This link does not work"


def digest(token: str) -> bytes:
    """What is kept of a token: SHA-256, enough for 192 random bits."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def usable(*, token: str, now: datetime) -> Invitation:
    """The invitation of a link that still works. Raises ``LinkUnusable``."""
    invitation = (
        Invitation.objects.select_related("tenant")
        .filter(
            digest=digest(token),
            used_at=None,
            withdrawn_at=None,
            expires_at__gt=now,
            tenant__provisioned_at__isnull=False,
        )
        .first()
    )
    if invitation is None:
        raise LinkUnusable("Ask for a new one: each link works once and for seven days.")
    return invitation


def claim(*, token: str, email: str) -> str:
    """What proves, within the life of a link, that its holder reads the mail of ``email``.

    It is sent there; who brings it back got it there.
    """
    return signing.dumps({"email": email, "token": digest(token).hex()}, salt=_CLAIMED)


def claimed(*, token: str, proof: str) -> str:
    """The address that ``proof`` was sent to; empty when it proves nothing for this link."""
    try:
        content = signing.loads(proof, salt=_CLAIMED, max_age=7 * 86_400)
    except signing.BadSignature:
        return ""
    return str(content["email"]) if content["token"] == digest(token).hex() else ""
