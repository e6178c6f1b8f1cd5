"""A webhook signed after Standard Webhooks (standardwebhooks.com): its libraries check it."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

import msgspec

from alerts.ways.outcome import Refused
from alerts.ways.post import post
from alerts.words import Message, document

PREFIX = "whsec_"
_GONE = 410


def new_secret() -> str:
    """What receivers check signatures with: 256 random bits after ``whsec_``."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(secret: str, *, id: str, at: datetime, body: bytes) -> str:
    """HMAC-SHA256 of "id.seconds.body" under the secret's bytes, as the header has it."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{id}.{int(at.timestamp())}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def send(message: Message, *, address: str, secret: str, id: str, now: datetime) -> None:
    """Post ``message`` under ``id``, the same at every try. Raises ``Refused``."""
    body = msgspec.json.encode(document(message))
    answer = post(
        address,
        body,
        {
            "Content-Type": "application/json",
            "Webhook-Id": id,
            "Webhook-Timestamp": str(int(now.timestamp())),
            "Webhook-Signature": signature(secret, id=id, at=now, body=body),
        },
    )
    if 200 <= answer.status < 300:
        return
    raise Refused(
        why=f"the receiver answered {answer.status}",
        final=answer.status == _GONE,
        wait=answer.retry_after,
    )
