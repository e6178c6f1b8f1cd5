"""Slack's incoming webhooks: Block Kit, 429 and 5xx tried again, all else final."""

import msgspec

from alerts.ways.outcome import Refused
from alerts.ways.post import post
from alerts.words import Message, blocks, escaped


def send(message: Message, *, address: str) -> None:
    """Post ``message``. Raises ``Refused``."""
    body = msgspec.json.encode({"text": escaped(message.title), "blocks": blocks(message)})
    answer = post(address, body, {"Content-Type": "application/json"})
    if answer.status == 200:
        return
    busy = answer.status == 429 or answer.status >= 500
    raise Refused(why=f"Slack answered {answer.status}", final=not busy, wait=answer.retry_after)
