"""Pure decisions about tenants: which slugs can be taken, which schema they get."""

import re
from collections.abc import Iterable

from kernel.errors import InvalidInput

_FORM = re.compile(r"[a-z](?:[a-z0-9]|-(?!-)){1,30}[a-z0-9]")
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")

# Names a browser, a mail server or the product itself may want below the base domain.
# fmt: off
RESERVED = frozenset((
    "about", "account", "admin", "api", "app", "assets", "auth", "billing", "blog", "cdn",
    "console", "dashboard", "dev", "docs", "email", "events", "ftp", "health", "help", "imap",
    "internal", "localhost", "log", "login", "logout", "mail", "metrics", "ns1", "ns2", "pop",
    "portal", "postmaster", "public", "root", "security", "session", "settings", "signup", "smtp",
    "sso", "staging", "static", "status", "support", "system", "tenant", "tenants", "test",
    "touchstone", "web", "webmail", "www",
))
# ISO 4217 codes offered at sign-up; a tenant has one currency.
CURRENCIES = (
    "EUR", "USD", "GBP", "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "HKD", "HUF", "IDR",
    "ILS", "INR", "JPY", "KRW", "MXN", "NOK", "NZD", "PLN", "RON", "SEK", "SGD", "THB", "TRY",
    "UAH", "ZAR",
)
# fmt: on


class BadSlug(InvalidInput):
    """The slug can't be a host name of ours."""

    code = "bad_slug"
    title = "This address can't be used"


class BadHost(InvalidInput):
    """The text can't be the host name of a site."""

    code = "bad_host"
    title = "This is no site's address"


MOST_OWN_HOSTS = 100
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))+")
# Everybody's: taken for one's own, all their sites would be.
_OTHERS = re.compile(r"(?:co|com|org|net|ac|gov|edu|ne|or)\.[a-z]{2}")


def own_host(text: str) -> str:
    """The host name in ``text``, an address or a host as people write it; raises ``BadHost``.

    Lower case, without ``www.``, scheme, port and path; other scripts as browsers send them
    (bücher.example → xn--bcher-kva.example).
    """
    host = re.sub(r"^[a-z][a-z0-9+.-]*://", "", text.strip().lower())
    host = re.split(r"[/?#]", host, maxsplit=1)[0].rpartition("@")[2].partition(":")[0]
    host = host.rstrip(".").removeprefix("www.")
    try:
        host = host.encode("idna").decode()
    except UnicodeError:
        host = ""
    if len(host) > 253 or _HOST.fullmatch(host) is None or _OTHERS.fullmatch(host):
        raise BadHost(
            f"“{text.strip()[:80]}” is no host name; write one such as shop.example.com.",
            field="hosts",
        )
    return host


def own_hosts(texts: Iterable[str]) -> tuple[str, ...]:
    """The hosts in ``texts``, each once, in alphabetical order; raises ``BadHost``."""
    hosts = tuple(sorted({own_host(text) for text in texts if text.strip()}))
    if len(hosts) > MOST_OWN_HOSTS:
        raise BadHost(f"At most {MOST_OWN_HOSTS} hosts can be listed.", field="hosts")
    return hosts


def check_slug(slug: str) -> str:
    """``slug`` when it can become ``<slug>.<base domain>``; raises ``BadSlug`` saying why not."""
    if _FORM.fullmatch(slug) is None:
        raise BadSlug(
            "Use 3 to 32 lower-case letters, digits and single hyphens, beginning with a letter.",
            field="slug",
        )
    if slug in RESERVED:
        raise BadSlug("This address is reserved; choose another.", field="slug")
    return slug


def suggest_slug(name: str) -> str:
    """A slug made of an organisation's name; empty when the name has no usable letter."""
    return _NOT_A_WORD.sub("-", name.lower()).strip("-0123456789")[:32].rstrip("-")


def schema_of(slug: str) -> str:
    """The schema of the tenant ``slug``; distinct for distinct slugs, which hold no underscore."""
    return f"t_{slug.replace('-', '_')}"
