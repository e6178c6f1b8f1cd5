"""What the frame around every page shows: navigation, tenant, person, theme."""

from typing import Any

from django.http import HttpRequest

from portal import nav, notices
from portal.pages import allowed, bare_host

THEMES = ("light", "dark")


def chrome(request: HttpRequest) -> dict[str, Any]:
    """The frame's variables; on the bare host and before log-in there is no navigation.

    ``theme`` is "light" or "dark" when the person chose one (cookie), else "" for the system's.
    """
    membership = getattr(request, "membership", None)
    theme = request.COOKIES.get("theme", "")
    return {
        "tenant": getattr(request, "tenant", None),
        "membership": membership,
        "permissions": allowed(request),
        "account_url": bare_host(request, "/account/") if membership is not None else "",
        "theme": theme if theme in THEMES else "",
        "sections": _sections(request) if membership is not None else (),
        "notices": notices.current() if membership is not None else [],
    }


def _sections(request: HttpRequest) -> tuple[nav.Section, ...]:
    return nav.sections(
        permissions=allowed(request),
        path=request.path,
        urlconf=getattr(request, "urlconf", None),
    )
