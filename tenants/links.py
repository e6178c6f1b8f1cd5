"""Join links: a token handed over by hand; only its hash is kept, as with API keys."""

import hashlib
from datetime import datetime

from kernel.errors import NotFound
from tenants.models import Invitation


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
