"""Where a request comes from: the client's address behind trusted proxies, and its short form.

Only a proxy we trust may speak for somebody else: of ``X-Forwarded-For`` the last address that is
not a trusted proxy's is the client; what stands before it anybody could have written.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

IPV4_KEPT, IPV6_KEPT = 24, 48


def client(remote: str, forwarded: str, trusted: Sequence[str]) -> str:
    """The client's address: ``remote``, or what trusted proxies say it is.

    ``trusted`` are networks ("10.0.0.0/8"). An unreadable hop ends the walk: nothing before it can
    be believed, so the proxy that passed it on stands for the client.
    """
    networks = [ip_network(each, strict=False) for each in trusted]
    last = remote
    for hop in [remote, *reversed(forwarded.split(","))]:
        address = _readable(hop)
        if address is None:
            return last
        last = str(address)
        if not any(address in network for network in networks):
            return last
    return last


def of(request: HttpRequest) -> str:
    """The client's address of ``request``; empty when the server does not know it."""
    meta = request.META
    remote = str(meta.get("REMOTE_ADDR") or "")
    forwarded = str(meta.get("HTTP_X_FORWARDED_FOR", ""))
    return client(remote, forwarded if settings.TRUSTED_PROXIES else "", settings.TRUSTED_PROXIES)


def shortened(address: str) -> str:
    """The network an address lies in, /24 or /48: where from, but not who. Empty when unknown."""
    found = _readable(address)
    if found is None:
        return ""
    kept = IPV4_KEPT if isinstance(found, IPv4Address) else IPV6_KEPT
    return str(ip_network((found, kept), strict=False))


def short(request: HttpRequest) -> str:
    """The shortened address a request comes from, as acts and sessions keep it."""
    return shortened(of(request))


def _readable(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.strip().removeprefix("[").partition("]")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
