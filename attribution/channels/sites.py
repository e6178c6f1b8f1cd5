"""Sites by what they are. A name matches the host itself and everything below it."""

from enum import StrEnum


class Site(StrEnum):
    """What a referring site, or a campaign's source, is."""

    SEARCH = "search"
    SOCIAL = "social"
    VIDEO = "video"
    SHOPPING = "shopping"
    ASSISTANT = "assistant"
    MAIL = "mail"
    PAYMENT = "payment"
    SIGN_IN = "sign-in"
    OTHER = "other"


# People come back from these as part of a visit, not by a new one.
RETURNS = frozenset({Site.PAYMENT, Site.SIGN_IN})

# Registrable names without their country: google covers google.com and google.co.uk alike.
_BRANDS: dict[Site, str] = {
    Site.SEARCH: "google bing yahoo duckduckgo yandex baidu ecosia qwant startpage naver seznam"
    " aol dogpile sogou lycos alltheweb presearch mojeek kagi",
    Site.SOCIAL: "facebook fb instagram twitter linkedin lnkd pinterest reddit tiktok snapchat"
    " threads mastodon bsky quora tumblr vk weibo whatsapp telegram discord xing nextdoor"
    " meetup flickr",
    Site.VIDEO: "youtube youtu vimeo twitch dailymotion netflix hulu wistia disneyplus rumble",
    Site.SHOPPING: "amazon ebay etsy walmart alibaba aliexpress shopify mercadolibre igshopping"
    " shopping rakuten zalando temu bol otto idealo",
    Site.ASSISTANT: "chatgpt openai perplexity claude copilot gemini deepseek mistral grok phind",
    Site.MAIL: "gmail outlook hotmail protonmail fastmail gmx mailchimp",
    Site.PAYMENT: "paypal stripe klarna adyen mollie sofort giropay afterpay affirm worldpay"
    " braintreegateway paydirekt",
}
# Names too common to stand for one brand: these domains only, with what lies below them.
_DOMAINS: dict[str, Site] = {
    "ask.com": Site.SEARCH,
    "so.com": Site.SEARCH,
    "search.brave.com": Site.SEARCH,
    "x.com": Site.SOCIAL,
    "t.co": Site.SOCIAL,
    "t.me": Site.SOCIAL,
    "ok.ru": Site.SOCIAL,
    "line.me": Site.SOCIAL,
    "medium.com": Site.SOCIAL,
    "meta.ai": Site.ASSISTANT,
    "poe.com": Site.ASSISTANT,
    "you.com": Site.ASSISTANT,
    "checkout.com": Site.PAYMENT,
    "authorize.net": Site.PAYMENT,
    "ideal.nl": Site.PAYMENT,
}
# Hosts that are something else than their brand says.
_HOSTS: dict[str, Site] = {
    "mail.google.com": Site.MAIL,
    "mail.yahoo.com": Site.MAIL,
    "outlook.live.com": Site.MAIL,
    "mail.aol.com": Site.MAIL,
    "com.google.android.gm": Site.MAIL,
    "gemini.google.com": Site.ASSISTANT,
    "copilot.microsoft.com": Site.ASSISTANT,
    "shopping.google.com": Site.SHOPPING,
    "pay.google.com": Site.PAYMENT,
    "accounts.google.com": Site.SIGN_IN,
    "login.microsoftonline.com": Site.SIGN_IN,
    "login.live.com": Site.SIGN_IN,
    "appleid.apple.com": Site.SIGN_IN,
    "com.google.android.googlequicksearchbox": Site.SEARCH,
    "com.facebook.katana": Site.SOCIAL,
    "com.instagram.android": Site.SOCIAL,
    "com.google.android.youtube": Site.VIDEO,
}
_KIND: dict[str, Site] = {name: site for site, names in _BRANDS.items() for name in names.split()}
# Words campaigns use as a source that are too short to recognise a host by.
_SOURCES: dict[str, Site] = {
    "ig": Site.SOCIAL,
    "line": Site.SOCIAL,
    "google-play": Site.SEARCH,
}
# Hosts below these belong to different people.
_SHARED = frozenset(
    [
        "github.io",
        "gitlab.io",
        "myshopify.com",
        "blogspot.com",
        "wordpress.com",
        "herokuapp.com",
        "netlify.app",
        "vercel.app",
        "pages.dev",
        "web.app",
        "wixsite.com",
    ]
)
_SECOND_LEVEL = frozenset(["co", "com", "org", "net", "ac", "gov", "edu", "ne", "or"])


def registrable(host: str) -> str:
    """The part of ``host`` one owner has: shop.example.co.uk → example.co.uk; an IP whole."""
    host = host.lower().rstrip(".")
    labels = host.split(".")
    if labels[-1].isdigit() or ":" in host:
        return host
    if ".".join(labels[-2:]) in _SHARED:
        return ".".join(labels[-3:])
    if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL:
        return ".".join(labels[-3:])
    return ".".join(labels[-2:])


def site_of(host: str) -> Site:
    """What the site at ``host`` (or an app's package name) is."""
    host = host.lower().removeprefix("www.")
    if host in _HOSTS:
        return _HOSTS[host]
    known = registrable(host)
    for domain in (host, known):
        if domain in _DOMAINS:
            return _DOMAINS[domain]
    return _KIND.get(known.split(".", 1)[0], Site.OTHER)


def site_named(source: str) -> Site:
    """What a campaign's source is: a host, or a bare name such as ``google``."""
    if "." in source:
        return site_of(source)
    return _SOURCES.get(source) or _KIND.get(source, Site.OTHER)


def names(site: Site) -> str:
    """The names listed for ``site``, for the document."""
    tables = (_DOMAINS, _HOSTS, _SOURCES)
    listed = [name for table in tables for name, kind in table.items() if kind is site]
    return ", ".join(sorted([*_BRANDS.get(site, "").split(), *listed]))
