"""The rules, in the order they are tried: the first that fits decides.

Conditions and names are those of GA4's default channel groups (Google Analytics help, "Default
channel group"), preceded by what is no touch at all.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from attribution.channels.sites import Site

# GA4's conditions on the medium and the campaign name.
PAID = re.compile(r"^(.*cp.*|ppc|retargeting|paid.*)$")
SHOPPING_NAME = re.compile(r"^(.*(([^a-df-z]|^)shop|shopping).*)$")
VIDEO_MEDIUM = re.compile(r"^(.*video.*)$")
DISPLAY_MEDIUMS = frozenset({"display", "banner", "expandable", "interstitial", "cpm"})
SOCIAL_MEDIUMS = frozenset(
    {"social", "social-network", "social-media", "sm", "social network", "social media"}
)
EMAIL_NAMES = frozenset({"email", "e-mail", "e_mail", "e mail"})
AFFILIATE_MEDIUMS = frozenset({"affiliate", "affiliates"})
REFERRAL_MEDIUMS = frozenset({"referral", "app", "link"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the rules look at; all texts in lower case, ``""`` when there is none."""

    source: str
    medium: str
    campaign: str
    site: Site
    network: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule: ``fits`` says whether it decides, ``example`` is evidence it decides about."""

    id: str
    channel: str
    says: str
    fits: Callable[[Facts], bool]
    example: dict[str, str] = field(default_factory=dict)


def _paid(facts: Facts) -> bool:
    return PAID.match(facts.medium) is not None


def _shop(facts: Facts) -> bool:
    return facts.site is Site.SHOPPING or SHOPPING_NAME.match(facts.campaign) is not None


RULES: tuple[Rule, ...] = (
    Rule(
        id="direct", channel="Direct", says="No source, no medium, no referrer.",
        fits=lambda f: f.source in ("", "(direct)") and f.medium in ("", "(none)", "(not set)"),
        example={"url": "https://shop.example/"},
    ),
    Rule(
        id="cross-network", channel="Cross-network",
        says="The campaign is one of a network that places across channels (Performance Max).",
        fits=lambda f: "cross-network" in f.campaign or f.network == "cross-network",
        example={"utm_source": "google", "utm_medium": "cpc", "utm_campaign": "cross-network"},
    ),
    Rule(
        id="paid-shopping", channel="Paid Shopping",
        says="A shopping site or a campaign named shop, and a paid medium.",
        fits=lambda f: _shop(f) and _paid(f),
        example={"utm_source": "google", "utm_medium": "cpc", "utm_campaign": "shopping-de"},
    ),
    Rule(
        id="paid-search", channel="Paid Search", says="A search site and a paid medium.",
        fits=lambda f: f.site is Site.SEARCH and _paid(f),
        example={"url": "https://shop.example/?gclid=x"},
    ),
    Rule(
        id="paid-social", channel="Paid Social", says="A social site and a paid medium.",
        fits=lambda f: f.site is Site.SOCIAL and _paid(f),
        example={"utm_source": "facebook", "utm_medium": "paid_social"},
    ),
    Rule(
        id="paid-video", channel="Paid Video", says="A video site and a paid medium.",
        fits=lambda f: f.site is Site.VIDEO and _paid(f),
        example={"utm_source": "youtube", "utm_medium": "cpv-cpc"},
    ),
    Rule(
        id="display", channel="Display",
        says="Medium display, banner, expandable, interstitial or cpm.",
        fits=lambda f: f.medium in DISPLAY_MEDIUMS,
        example={"utm_source": "gdn", "utm_medium": "display"},
    ),
    Rule(
        id="paid-other", channel="Paid Other", says="A paid medium of any other site.",
        fits=_paid, example={"utm_source": "podcastapp", "utm_medium": "paid"},
    ),
    Rule(
        id="organic-shopping", channel="Organic Shopping",
        says="A shopping site or a campaign named shop, unpaid.",
        fits=_shop, example={"referrer": "https://www.etsy.com/listing/1"},
    ),
    Rule(
        id="organic-social", channel="Organic Social", says="A social site or a social medium.",
        fits=lambda f: f.site is Site.SOCIAL or f.medium in SOCIAL_MEDIUMS,
        example={"url": "https://shop.example/?fbclid=x"},
    ),
    Rule(
        id="organic-video", channel="Organic Video", says="A video site or a video medium.",
        fits=lambda f: f.site is Site.VIDEO or VIDEO_MEDIUM.match(f.medium) is not None,
        example={"referrer": "https://www.youtube.com/watch?v=1"},
    ),
    Rule(
        id="ai-assistant", channel="AI Assistant",
        says="An assistant such as ChatGPT, Gemini or Claude.",
        fits=lambda f: f.site is Site.ASSISTANT or f.medium == "ai-assistant",
        example={"referrer": "https://chatgpt.com/"},
    ),
    Rule(
        id="email", channel="Email", says="Source or medium email, or a mail site.",
        fits=lambda f: f.source in EMAIL_NAMES or f.medium in EMAIL_NAMES or f.site is Site.MAIL,
        example={"utm_source": "newsletter", "utm_medium": "email"},
    ),
    Rule(
        id="organic-search", channel="Organic Search", says="A search site, or medium organic.",
        fits=lambda f: f.site is Site.SEARCH or f.medium == "organic",
        example={"referrer": "https://www.google.de/"},
    ),
    Rule(
        id="affiliates", channel="Affiliates", says="Medium affiliate.",
        fits=lambda f: f.medium in AFFILIATE_MEDIUMS,
        example={"url": "https://shop.example/?irclickid=x"},
    ),
    Rule(
        id="audio", channel="Audio", says="Medium audio.", fits=lambda f: f.medium == "audio",
        example={"utm_source": "spotify", "utm_medium": "audio"},
    ),
    Rule(
        id="sms", channel="SMS", says="Source or medium sms.",
        fits=lambda f: "sms" in (f.source, f.medium),
        example={"utm_source": "sms", "utm_medium": "text"},
    ),
    Rule(
        id="push", channel="Mobile Push Notifications",
        says="Medium ends with push or contains mobile or notification; source firebase.",
        fits=lambda f: f.medium.endswith("push") or "mobile" in f.medium
        or "notification" in f.medium or f.source == "firebase",
        example={"utm_source": "app", "utm_medium": "webpush"},
    ),
    Rule(
        id="referral", channel="Referral",
        says="Medium referral, app or link, or any other site that linked here.",
        fits=lambda f: f.medium in REFERRAL_MEDIUMS,
        example={"referrer": "https://trailmag.example/best-tents"},
    ),
    Rule(
        id="unassigned", channel="Unassigned",
        says="Campaign values that no rule knows.", fits=lambda _: True,
        example={"utm_source": "billboard", "utm_medium": "poster"},
    ),
)  # fmt: skip
