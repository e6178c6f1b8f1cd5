"""Attribution's step in ingestion: say which channel an arrival came by, as the log will keep it.

The full address and referrer are at hand only here; the log keeps neither personal query values nor
click ids, so the channel is decided now and recorded with the rule that decided.
"""

from functools import lru_cache
from typing import Any

import msgspec

from attribution.channels import Evidence, Touch, classify
from attribution.channels.classify import LONGEST_URL
from attribution.channels.offline import channel_of
from ingest.batch import Batch, Draft
from ingest.wire import Campaign

ARRIVALS = frozenset({"web.page", "ad.click", "ad.impression"})
# A screen of an app is an arrival only when something says how people came to it.
TAGGED = frozenset({"app.screen"})
# An advertisement that says nothing of itself is no direct visit.
ADVERTISED = frozenset({"ad.click", "ad.impression"})
OFFLINE = "offline.touched"
UNKNOWN = {"channel": "Unassigned", "rule": "nothing-known"}


def classify_channels(batch: Batch) -> Batch:
    """Set ``touch`` in the body of arrivals that have none; a sender's own touch stays."""
    own = batch.circumstances.own_hosts
    for draft in batch.drafts:
        _classify(draft, own)
    return batch


def _classify(draft: Draft, own: frozenset[str]) -> None:
    if draft.type == OFFLINE:
        _complete_offline(draft)
        return
    if draft.type not in ARRIVALS and draft.type not in TAGGED:
        return
    if draft.body.get("touch"):
        return
    context = draft.incoming.context
    page = context.page if context else None
    properties = draft.incoming.properties or {}
    touch = _touch_of(
        draft.type,
        _text(page.url if page else None, properties, "url")[:LONGEST_URL],
        _text(page.referrer if page else None, properties, "referrer")[:LONGEST_URL],
        context.campaign if context else None,
        own,
    )
    if touch is not None:
        draft.body["touch"] = touch


def _complete_offline(draft: Draft) -> None:
    """A touch in any case; its channel follows from the kind where the sender names none."""
    touch = {name: value for name, value in (draft.body.get("touch") or {}).items() if value}
    if "channel" not in touch:
        kind = draft.body.get("kind")
        touch |= {"channel": channel_of(kind if isinstance(kind, str) else ""), "rule": "offline"}
    draft.body["touch"] = touch


@lru_cache(maxsize=16_384)
def _touch_of(
    type: str, url: str, referrer: str, campaign: Campaign | None, own: frozenset[str]
) -> dict[str, str] | None:
    """The touch as the payload keeps it; people arrive by the same addresses again and again."""
    evidence = Evidence(
        page_url=url, referrer=referrer, campaign=_campaign(campaign), own_hosts=own
    )
    if type in TAGGED and not (evidence.campaign or evidence.referrer):
        return None
    if type in ADVERTISED and not (url or referrer or evidence.campaign):
        return UNKNOWN
    touch = classify(evidence)
    return None if touch is None else _words(touch)


def _text(value: str | None, properties: dict[str, Any], name: str) -> str:
    """A page's value from the context, or from the properties, where Segment's page() puts it."""
    if value is not None:
        return value
    given = properties.get(name)
    return given if isinstance(given, str) else ""


def _campaign(campaign: Campaign | None) -> dict[str, str]:
    if campaign is None:
        return {}
    values = msgspec.structs.asdict(campaign)
    return {name: value for name, value in values.items() if value}


def _words(touch: Touch) -> dict[str, str]:
    """What is empty is left out."""
    words = {
        "channel": touch.channel,
        "source": touch.source,
        "medium": touch.medium,
        "campaign": touch.campaign,
        "content": touch.content,
        "term": touch.term,
        "click_id": touch.click_id,
        "rule": touch.rule,
    }
    return {name: value for name, value in words.items() if value}
