"""Build the event's body: one rule for every type of every app.

A body's fields are filled by name. The envelope gives ``person``, ``withheld``, ``name``,
``category``, ``group``, ``previous``, ``traits``; the context gives ``page``, ``locale``,
``timezone``, ``device``. Properties go whole into the field ``properties`` where the type has one;
where it has none, each property is the field of its name, and one that is no field is refused.
"""

from functools import lru_cache
from typing import Any

from eventlog import catalogue
from ingest.batch import Batch, Circumstances, Draft, Rejected, fill
from ingest.device import device_class
from ingest.personal import clean_url, masked, names
from ingest.wire import Context, Incoming, SentPage
from kernel.ids import pseudonym

_OURS = frozenset({"person", "withheld", "consent", "signals"})
_NO_PAGE = SentPage()


def compose(batch: Batch) -> Batch:
    """Set ``body``; the classify steps of apps add to it."""
    return fill(batch, _compose)


@lru_cache(maxsize=256)
def _fields(type: str) -> frozenset[str]:
    return frozenset(catalogue.shape_of(type).__struct_fields__)


def _compose(draft: Draft, circumstances: Circumstances) -> None:
    fields = _fields(draft.type)
    incoming = draft.incoming
    personal, body = draft.personal, draft.body
    if "properties" in fields:
        if draft.properties:
            body["properties"] = draft.properties
    elif draft.properties:
        _spread(draft.properties, fields, body)
    if "page" in fields:
        _observe(incoming, draft.properties, body, personal)
    _envelope(draft, fields, body, personal)
    if "previous" in fields:
        _previous(incoming, circumstances.secret, body)
    if personal and "withheld" in fields:
        body["withheld"] = names(personal)


def _spread(properties: dict[str, Any], fields: frozenset[str], body: dict[str, Any]) -> None:
    for name, value in properties.items():
        if name not in fields or name in _OURS:
            raise Rejected("unknown_field", f"This type has no field {name[:60]!r}.")
        body[name] = value


def _envelope(
    draft: Draft, fields: frozenset[str], body: dict[str, Any], personal: dict[str, Any]
) -> None:
    incoming = draft.incoming
    if draft.person is not None and "person" in fields:
        body["person"] = draft.person
    if draft.traits and "traits" in fields:
        body["traits"] = draft.traits
    if incoming.name is not None and "name" in fields:
        body["name"] = _plain("name", incoming.name, personal)
    if incoming.category is not None and "category" in fields:
        body["category"] = _plain("category", incoming.category, personal)
    if incoming.group is not None and "group" in fields:
        body["group"] = _plain("group", str(incoming.group), personal)


def _plain(name: str, text: str, personal: dict[str, Any]) -> str:
    """``text`` without e-mail addresses; one that had some is sealed whole."""
    if "@" not in text or (kept := masked(text)) == text:
        return text
    personal[name] = text
    return kept


def _previous(incoming: Incoming, secret: bytes, body: dict[str, Any]) -> None:
    if incoming.previous is not None and incoming.previous != "":
        raw = str(incoming.previous)
        body["previous"] = pseudonym(secret, "a", raw)
        body["previous_user"] = pseudonym(secret, "u", raw)


def _observe(
    incoming: Incoming, properties: dict[str, Any], body: dict[str, Any], personal: dict[str, Any]
) -> None:
    context = incoming.context
    page = context.page if context is not None else None
    if page is not None or "url" in properties:
        body["page"] = _page(page or _NO_PAGE, properties, personal)
    if context is None:
        return
    if context.locale is not None:
        body["locale"] = context.locale
    if context.timezone is not None:
        body["timezone"] = context.timezone
    device = _device(context)
    if device != "unknown":
        body["device"] = device


def _device(context: Context) -> str:
    return device_class(context.device.type if context.device else None, context.userAgent)


def _page(page: SentPage, properties: dict[str, Any], personal: dict[str, Any]) -> dict[str, str]:
    """Addresses without what is personal in them; one that lost something is sealed whole."""
    body = {}
    for name, sent in (("url", page.url), ("referrer", page.referrer)):
        value = sent if sent is not None else properties.get(name)
        if isinstance(value, str):
            body[name], lost = clean_url(value)
            if lost:
                personal[f"page.{name}"] = value
    title = page.title if page.title is not None else properties.get("title")
    if isinstance(title, str):
        body["title"] = _plain("page.title", title, personal)
    return body
