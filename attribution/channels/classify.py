"""From evidence to a touch: gather source, medium and site, then ask the rules in their order."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote_plus

from attribution.channels.brands import at_host, called
from attribution.channels.clicks import BY_NAME, ClickId
from attribution.channels.hosts import below, registrable
from attribution.channels.sites import RETURNS, Site
from attribution.channels.table import RULES, Facts, Rule

LONGEST_URL = 8_192
LONGEST_VALUE = 200
MOST_FIELDS = 100
_PREFIXES = ("utm_", "mtm_", "pk_")
_WORDS = ("source", "medium", "campaign", "content", "term", "id", "source_platform")
_RENAMED = {"kwd": "term", "keyword": "term", "cid": "id", "name": "campaign"}
# Our word for each campaign parameter: utm_source → source, pk_kwd → term.
_PARAMETERS = {
    prefix + name: word
    for prefix in _PREFIXES
    for name, word in [*((word, word) for word in _WORDS), *_RENAMED.items()]
}
_IMPLIED = {Site.SEARCH: "organic", Site.ASSISTANT: "ai-assistant"}
# [scheme:]//[user@]host: addresses are sent by anybody, so nothing in them may be an error.
_HOST = re.compile(
    r"(?:[a-z][a-z0-9+.\-]*:)?//(?:[^/?#@]*@)?([^/?#:\[]*|\[[^/?#]*\])", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of an arrival.

    ``page_url`` and ``referrer`` as sent; ``campaign`` the values a sender has already taken from
    the address (source, medium, name …), which come before those in the address; ``channel`` when
    the sender names it itself, which decides; ``own_hosts`` the advertiser's sites beside the one
    in ``page_url``, in lower case, each with all below it.
    """

    page_url: str = ""
    referrer: str = ""
    campaign: Mapping[str, str] = field(default_factory=dict)
    channel: str = ""
    own_hosts: frozenset[str] = frozenset()


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


def classify(evidence: Evidence) -> Touch | None:
    """The touch, or ``None`` when the arrival is none: a link within the site, a payment's return.

    Never raises: what can't be read as an address says nothing.
    """
    url = evidence.page_url[:LONGEST_URL]
    values, click = _query(url)
    if evidence.campaign:
        values |= _given(evidence.campaign)
    channel = _clean(evidence.channel)
    if channel:
        return _touch(channel, "given", values, click)
    referring = _host(evidence.referrer[:LONGEST_URL]).removeprefix("www.")
    if referring and _inside(referring, _host(url), evidence.own_hosts):
        if not (click or any(values.get(word) for word in ("source", "medium", "campaign"))):
            return None
        referring = ""  # a tag makes it a touch; the site itself is still nobody's source
    source, medium, site = _came(values, click, _clean(referring))
    rule = _decided(source, medium, values.get("campaign", ""), site, values.get("source_platform"))
    values["source"], values["medium"] = source or "(direct)", medium or "(none)"
    return _touch(rule.channel, rule.id, values, click)


def _came(
    values: Mapping[str, str], click: ClickId | None, referring: str
) -> tuple[str, str, Site]:
    """Source, medium and site; a host that is a known brand's is named after the brand."""
    source = (values.get("source") or (click.source if click else "") or referring).lower()
    medium = (values.get("medium") or (click.medium if click else "")).lower()
    brand = called(source)
    site = brand.site if brand else Site.OTHER
    if not medium and source and not values.get("source") and not click:
        medium = _implied(site)
    return (brand.name if brand and "." in source else source), medium, site


@lru_cache(maxsize=4_096)
def _decided(source: str, medium: str, campaign: str, site: Site, network: str | None) -> Rule:
    """The first rule that fits; campaigns repeat, whatever else differs in their addresses."""
    facts = Facts(
        source=source,
        medium=medium,
        campaign=campaign.lower(),
        site=site,
        network=(network or "").lower(),
    )
    return next(rule for rule in RULES if rule.fits(facts))


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
    return _IMPLIED.get(site, "referral")


def _inside(referring: str, host: str, own: frozenset[str]) -> bool:
    """A referrer that is the advertiser's, or where people pay or sign in on the way back."""
    if registrable(referring) == registrable(host) or (own and below(referring, own)):
        return True
    brand = at_host(referring)
    return brand is not None and brand.site in RETURNS


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


def _query(url: str) -> tuple[dict[str, str], ClickId | None]:
    """The campaign values in an address under our words, and the first click id."""
    query = url.partition("?")[2].partition("#")[0]
    values: dict[str, str] = {}
    click = None
    for pair in query.split("&", MOST_FIELDS)[:MOST_FIELDS] if query else ():
        name, _, value = pair.partition("=")
        name = (unquote_plus(name) if "%" in name else name).lower()
        if not value:
            continue
        click = click or BY_NAME.get(name)
        word = _PARAMETERS.get(name)
        kept = _clean(unquote_plus(value)) if word else ""
        if word and kept:
            values.setdefault(word, kept)
    return values, click


def _host(url: str) -> str:
    """The host of an address in lower case, or the package of an app (android-app://…)."""
    found = _HOST.match(url.lstrip())
    return found.group(1).strip("[]").lower() if found else ""
