"""Addresses across hosts: the bare host, the tenants' hosts, and what may be redirected to."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from tenants.sessions import local_path


def bare(request: HttpRequest, path: str = "/") -> str:
    """``path`` on the bare host, on the request's scheme and port."""
    return f"{request.scheme}://{settings.BASE_DOMAIN}{_port(request)}{path}"


def mailed(request: HttpRequest, path: str) -> str:
    """``path`` on the bare host as a letter says it: what the browser sent is not believed."""
    return f"https://{settings.BASE_DOMAIN}{path}" if settings.PRODUCTION else bare(request, path)


def tenants(request: HttpRequest, slug: str, path: str = "/") -> str:
    """``path`` on the host of the tenant ``slug``."""
    return f"{request.scheme}://{slug}.{settings.BASE_DOMAIN}{_port(request)}{path}"


def entrance(slug: str, path: str = "/") -> str:
    """Where the bare host hands a person over to the tenant ``slug``, to arrive at ``path``."""
    address = reverse("enter", args=[slug], urlconf=settings.PUBLIC_SCHEMA_URLCONF)
    wanted = local_path(path)
    return f"{address}?{urlencode({'next': wanted})}" if wanted != "/" else address


def onward(wanted: str) -> str | None:
    """Where ``?next=`` leads: an entrance when it names a tenant's host, or a path of this host.

    ``None`` for everything else: a redirect must not leave the product.
    """
    parts = urlsplit(wanted)
    suffix = f".{settings.BASE_DOMAIN}"
    host = (parts.hostname or "").lower()
    if parts.scheme in ("http", "https") and host.endswith(suffix):
        query = f"?{parts.query}" if parts.query else ""
        return entrance(host.removesuffix(suffix), f"{parts.path or '/'}{query}")
    path = local_path(wanted)
    return path if path != "/" else None


def _port(request: HttpRequest) -> str:
    port = urlsplit(f"//{request.get_host()}").port
    return f":{port}" if port else ""
