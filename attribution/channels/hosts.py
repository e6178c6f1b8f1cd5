"""Host names: where one owner's part ends, and what lies below what."""

from collections.abc import Container

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
    """The part of ``host`` (lower case) one owner has: shop.example.co.uk → example.co.uk.

    An IP address is whole.
    """
    if host.count(".") < 2:
        return host
    labels = host.rstrip(".").split(".")
    if labels[-1].isdigit() or ":" in host:
        return host
    if ".".join(labels[-2:]) in _SHARED:
        return ".".join(labels[-3:])
    if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL:
        return ".".join(labels[-3:])
    return ".".join(labels[-2:])


def below(host: str, places: Container[str]) -> bool:
    """Whether ``host`` is one of ``places`` or lies below one."""
    while host:
        if host in places:
            return True
        host = host.partition(".")[2]
    return False
