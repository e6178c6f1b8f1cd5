"""Channels of what happened away from the screen, by what it was. Pure."""

OFFLINE: dict[str, str] = {
    "store visit": "Offline Store Visit",
    "call": "Offline Call",
    "direct mail": "Offline Direct Mail",
    "event": "Offline Event",
}
"""Kind of an offline touch -> channel; every other kind is "Offline Other"."""

OTHER = "Offline Other"


def channel_of(kind: str) -> str:
    """The channel of an offline touch that names none."""
    return OFFLINE.get(kind.strip().lower(), OTHER)
