"""From evidence to a touch: gather source, medium and site, then ask the rules in their order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

from attribution.channels.clicks import BY_NAME, ClickId
from attribution.channels.sites import RETURNS, Site, registrable, site_named, site_of
from attribution.channels.table import RULES, Facts

LONGEST_URL = 8_192
LONGEST_VALUE = 200
MOST_FIELDS = 100
_PREFIXES = ("utm_", "mtm_", "pk_")
_WORDS = ("source", "medium", "campaign", "content", "term", "id", "source_platform")
_RENAMED = {"kwd": "term", "keyword": "term", "cid": "id", "name": "campaign"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of an arrival.

    ``page_url`` and ``referrer`` as sent; ``campaign`` the values a sender has already taken from
    the address (source, medium, name …), which come before those in the address; ``channel`` when
    the sender names it itself, which decides.
    """

    page_url: str = ""
    referrer: str = ""
    campaign: Mapping[str, str] = field(default_factory=dict)
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """A classified touch. ``click_id`` is the parameter's name; ``rule`` the rule that decided."""

    channel: str
    source: str
    medium: str
    campaign: str
    content: str
    term: str
    click_id: str
    rule: str


@dataclass(frozen=True, slots=True)
class _Address:
    """What an address says: its host, its campaign values, and the first click id in it."""

    host: str
    values: Mapping[str, str]
    click: ClickId | None


def classify(evidence: Evidence) -> Touch | None:
    """The touch, or ``None`` when the arrival is none: a link within the site, a payment's return.

    Never raises: what can't be read as an address says nothing.
    """
    landing = _read(evidence.page_url[:LONGEST_URL])
    values = {**landing.values, **_given(evidence.campaign)}
    referring = _referring_host(evidence.referrer[:LONGEST_URL])
    click = landing.click
    tagged = any(values.get(word) for word in ("source", "medium", "campaign")) or click
    channel = _clean(evidence.channel)
    if channel:
        return _touch(channel, "given", values, click)
    if referring and _inside(referring, landing.host):
        if not tagged:
            return None
        referring = ""  # a tag makes it a touch; the site itself is still nobody's source
    source = (values.get("source") or (click.source if click else "") or referring).lower()
    medium = (values.get("medium") or (click.medium if click else "")).lower()
    if not medium and source and not values.get("source") and not click:
        medium = _implied(site_of(source))
    facts = Facts(
        source=source,
        medium=medium,
        campaign=values.get("campaign", "").lower(),
        site=site_named(source),
        network=values.get("source_platform", "").lower(),
    )
    rule = next(rule for rule in RULES if rule.fits(facts))
    named = {**values, "source": source or "(direct)", "medium": medium or "(none)"}
    return _touch(rule.channel, rule.id, named, click)


def _touch(channel: str, rule: str, values: Mapping[str, str], click: ClickId | None) -> Touch:
    return Touch(
        channel=channel,
        source=values.get("source", ""),
        medium=values.get("medium", ""),
        campaign=values.get("campaign", ""),
        content=values.get("content", ""),
        term=values.get("term", ""),
        click_id=click.name if click else "",
        rule=rule,
    )


def _implied(site: Site) -> str:
    """The medium GA4 gives an untagged arrival from a site."""
    return {Site.SEARCH: "organic", Site.ASSISTANT: "ai-assistant"}.get(site, "referral")


def _inside(referring: str, host: str) -> bool:
    """A referrer that is the site itself, or where people pay or sign in on the way back."""
    return registrable(referring) == registrable(host) or site_of(referring) in RETURNS


def _given(campaign: Mapping[str, str]) -> dict[str, str]:
    """A sender's campaign values under our words."""
    given = {}
    for name, value in campaign.items():
        word = _RENAMED.get(name.lower(), name.lower())
        kept = _clean(value) if word in _WORDS else ""
        if kept:
            given[word] = kept
    return given


def _clean(value: str) -> str:
    """``value`` as the log can keep it: bounded, no control characters, not personal.

    Mail tools put the recipient in a tag: as in the page's address, an ``@`` makes it personal.
    """
    value = value[:LONGEST_VALUE].strip()
    if not value.isprintable():
        value = "".join(sign if sign.isprintable() else " " for sign in value).strip()
    return "" if "@" in value else value


@lru_cache(maxsize=8_192)
def _read(url: str) -> _Address:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        pairs = parse_qsl("&".join(parts.query.split("&", MOST_FIELDS)[:MOST_FIELDS]))
    except ValueError:
        return _Address("", {}, None)
    values: dict[str, str] = {}
    click = None
    for name, value in pairs:
        name = name.lower()  # noqa: PLW2901  # names are compared without case
        click = click or BY_NAME.get(name)
        word = _word(name)
        kept = _clean(value) if word else ""
        if kept:
            values.setdefault(word, kept)
    return _Address(host, values, click)


def _word(name: str) -> str:
    """Our word for a campaign parameter, or ``""``."""
    for prefix in _PREFIXES:
        if name.startswith(prefix):
            word = name.removeprefix(prefix)
            word = _RENAMED.get(word, word)
            return word if word in _WORDS else ""
    return ""


@lru_cache(maxsize=8_192)
def _referring_host(referrer: str) -> str:
    """The referrer's host, or the package name of an app (android-app://…)."""
    try:
        return _clean((urlsplit(referrer).hostname or "").removeprefix("www."))
    except ValueError:
        return ""
