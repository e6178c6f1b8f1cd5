"""What every answer tells the browser it must not do: the one place of the product's headers.

Nothing inline runs or styles, so text that slipped into a page as markup stays text. Pages talk to
their own host alone; forms also lead to the product's other hosts, between which a log-in moves.
"""

from collections.abc import Callable

from csp.constants import NONE, SELF
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBase

Handler = Callable[[HttpRequest], HttpResponse]

_UNUSED = (
    "accelerometer", "autoplay", "bluetooth", "browsing-topics", "camera", "display-capture",
    "encrypted-media", "geolocation", "gyroscope", "hid", "magnetometer", "microphone", "midi",
    "payment", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
PERMISSIONS = ", ".join([*(f"{name}=()" for name in _UNUSED), "clipboard-write=(self)"])


def policy(*, base_domain: str) -> dict[str, object]:
    """django-csp's setting: what pages of this product may load, and where they may send."""
    return {
        "DIRECTIVES": {
            "default-src": [NONE],
            "script-src": [SELF],
            "style-src": [SELF],
            "img-src": [SELF, "data:"],
            "font-src": [SELF],
            "connect-src": [SELF],
            # Browsers hold a form's redirects to this too: a log-in ends on the tenant's host.
            "form-action": [SELF, f"{base_domain}:*", f"*.{base_domain}:*"],
            "frame-ancestors": [NONE],
            "base-uri": [NONE],
        }
    }


class ContentSecurity(CSPMiddleware):
    """The policy and the asked host's WebSocket, which not every browser counts as 'self'."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """The configured policy and this request's own socket."""
        parts = super().get_policy_parts(request, response, report_only)
        socket = _socket(request)
        if socket and not report_only:
            parts.update = {**(parts.update or {}), "connect-src": [socket]}
        return parts


def _socket(request: HttpRequest) -> str | None:
    try:
        return f"{'wss' if request.is_secure() else 'ws'}://{request.get_host()}"
    except DisallowedHost:  # answered with 400; that page opens nothing
        return None


def of_programs() -> dict[str, str]:
    """What the collectors' answers carry: only programs read them, so a browser may do nothing."""
    found = {
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Permissions-Policy": PERMISSIONS,
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    if settings.SECURE_HSTS_SECONDS:
        parts = [f"max-age={settings.SECURE_HSTS_SECONDS}"]
        parts += ["includeSubDomains"] if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else []
        parts += ["preload"] if settings.SECURE_HSTS_PRELOAD else []
        found["Strict-Transport-Security"] = "; ".join(parts)
    return found


def permissions(get_response: Handler) -> Handler:
    """Middleware: no page needs a camera, a place or a payment; no script that got in has them."""

    def answer(request: HttpRequest) -> HttpResponse:
        found = get_response(request)
        found.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return found

    return answer
