"""From an event to an act: what kind of page, what the search was after, how somebody came. Pure.

Whatever can't be read says nothing; nobody's event is refused here.
"""

import re
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from attribution import rules
from attribution.behaviour.vocabulary import (
    ARRIVAL_OF_CHANNEL,
    ARRIVALS,
    EVENT_PAGES,
    INTENTS,
    KINDS,
    PAGES,
    PATH_WORDS,
    QUERY_FIELDS,
    QUERY_WORDS,
)
from attribution.contracts import AdImpression, ConversionRecorded
from attribution.store.words import DEVICES
from ingest.contracts import AppScreen, Tracked, WebPage

RELEVANT = frozenset(
    {
        "web.page", "app.screen", "custom.tracked", "ad.click", "ad.impression",
        "conversion.recorded",
    }
)  # fmt: skip
_PAGE, _IMPRESSION, _ORDER, _GOAL, _ACTION = range(len(KINDS))
_SHORTEST_BRAND = 4
_WORD = re.compile(r"[^\W_]+")


class Act(NamedTuple):
    """What somebody did: numbers of ``vocabulary``'s words. Packed it is one integer."""

    kind: int
    page: int = 0
    intent: int = 0
    arrival: int = 0
    device: int = 0
    coupon: bool = False

    def packed(self) -> int:
        """Four bits for kind, page and arrival, three for the intent, two for the device, one."""
        return (
            self.kind
            | self.page << 4
            | self.intent << 8
            | self.arrival << 11
            | self.device << 15
            | int(self.coupon) << 17
        )


def act(type: str, body: Any) -> Act | None:
    """What the decoded ``body`` of an event says somebody did, or ``None``."""
    device = DEVICES.index(body.device) if body.device in DEVICES else 0
    touch = body.touch or {}
    arrival = arrival_of(str(touch.get("channel") or ""))
    if isinstance(body, ConversionRecorded):
        kind = _ORDER if body.conversion_type == "purchase" else _GOAL
        return Act(kind, device=device, arrival=arrival)
    if isinstance(body, Tracked):
        return _tracked(body, device)
    if isinstance(body, AdImpression):
        return Act(_IMPRESSION, device=device, arrival=arrival)
    url = (body.page.url if body.page else None) or ""
    page, query = page_of(url)
    if isinstance(body, WebPage | AppScreen):
        named = EVENT_PAGES.get((body.name or "").lower())
        page = PAGES.index(named) if named else page
        query = query or _property(body.properties)
    if not query and arrival == ARRIVALS.index("paid search"):
        query = str(touch.get("term") or "")
    return Act(_PAGE, page, intent_of(query, _brand(url)), arrival, device)


def _tracked(body: Tracked, device: int) -> Act | None:
    conversion = rules.conversion(body.name, body.properties)
    if conversion is not None:
        kind = _ORDER if conversion.conversion_type == "purchase" else _GOAL
        return Act(kind, device=device, coupon=bool(body.properties.get("coupon")))
    page = EVENT_PAGES.get(body.name.strip().lower())
    if page is None:
        return None
    intent = intent_of(_property(body.properties), "")
    return Act(_ACTION, PAGES.index(page), intent, device=device)


def arrival_of(channel: str) -> int:
    """The number of the way by which a touch of ``channel`` came; 0 without one."""
    return ARRIVALS.index(ARRIVAL_OF_CHANNEL.get(channel, "other")) if channel else 0


@lru_cache(maxsize=16_384)
def page_of(url: str) -> tuple[int, str]:
    """What an address shows (a ``PAGES`` number) and the search in it."""
    try:
        parts = urlsplit(url)
        fields = dict(parse_qsl(parts.query, max_num_fields=100))
    except ValueError:
        return 0, ""
    query = next((fields[name] for name in QUERY_FIELDS if fields.get(name)), "")
    names = [part for part in parts.path.lower().split("/") if part]
    return PAGES.index(_page(names, bool(query), bool(parts.netloc or parts.path))), query


def _page(names: list[str], searched: bool, known: bool) -> str:
    if searched:
        return "search"
    if not names:
        return "home" if known else "none"
    for kind, words in PATH_WORDS:
        if any(name in words for name in names):
            return kind
    return "product" if len(names) > 1 else "category"


@lru_cache(maxsize=16_384)
def intent_of(query: str, brand: str) -> int:
    """What a search is after (an ``INTENTS`` number); words nobody knows are research."""
    words = _WORD.findall(query.lower())
    if not words:
        return 0
    if brand and (brand in words or "".join(words).startswith(brand)):
        return INTENTS.index("brand")
    for intent, known in QUERY_WORDS:
        if known.intersection(words):
            return INTENTS.index(intent)
    return INTENTS.index("commercial")


@lru_cache(maxsize=4_096)
def _brand(url: str) -> str:
    """The name a site goes by: the first part of its domain's name."""
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    name = host.split(".", 1)[0].split("-", 1)[0]
    return name if len(name) >= _SHORTEST_BRAND else ""


def _property(properties: dict[str, Any]) -> str:
    found = (properties.get(name) for name in QUERY_FIELDS)
    return next((text for text in found if isinstance(text, str) and text), "")
