"""Desktop, mobile or tablet? From the sender's word or the user agent; the agent is not kept."""

import re
from functools import lru_cache

_WORDS = {
    "mobile": "mobile", "phone": "mobile", "smartphone": "mobile", "ios": "mobile",
    "android": "mobile", "handset": "mobile", "tablet": "tablet", "ipad": "tablet",
    "desktop": "desktop", "pc": "desktop", "computer": "desktop", "browser": "desktop",
}  # fmt: skip
_TABLET = re.compile(r"iPad|Tablet|Kindle|Silk/|PlayBook", re.IGNORECASE)
_MOBILE = re.compile(r"Mobi|iPhone|iPod|Windows Phone|Opera Mini", re.IGNORECASE)
_DESKTOP = re.compile(r"Windows NT|Macintosh|X11|CrOS|Linux x86_64")


# What tells the class stands at the beginning; nobody's agent may be long enough to cost anything.
_LONGEST = 512


def device_class(word: str | None, agent: str | None) -> str:
    """The class by the sender's ``word`` (``context.device.type``), else by the user agent."""
    known = _WORDS.get(word[:40].strip().lower()) if word else None
    if known:
        return known
    return _of_agent(agent[:_LONGEST]) if agent else "unknown"


@lru_cache(maxsize=4096)
def _of_agent(agent: str) -> str:
    plain = agent.lower()
    if "android" in plain and "mobile" not in plain:
        return "tablet"
    for kind, pattern in (("tablet", _TABLET), ("mobile", _MOBILE), ("desktop", _DESKTOP)):
        if pattern.search(agent):
            return kind
    return "unknown"
