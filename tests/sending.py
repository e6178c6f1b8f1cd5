"""Events sent as a program sends them."""

from typing import Any

from django.test import Client


def post_events(key: str, *events: dict[str, Any]) -> Any:
    """Post native ``events`` with ``key``; the answer's document."""
    answer = Client().post(
        "/api/v1/events",
        {"events": list(events)},
        content_type="application/json",
        headers={"authorization": f"Bearer {key}"},
    )
    return answer.json()
