"""What a deployment may get wrong, found before it serves: Django system checks with stable ids.

Most look only at what TOUCHSTONE_PRODUCTION=true promises; E005, E006 and E008 hold everywhere,
because the walls between tenants stand on them. docs/settings.md explains each variable.
"""

import re
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_SHORTEST_SECRET = 50
_DEMO_SECRET = "demo-only-"  # noqa: S105  # the mark of the published key, not a secret
_TLS = ("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS")
_TENANT_KEYS = "django_tenants.cache.make_key"


@register(Tags.security)
def production(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """What a production deployment must set."""
    if not settings.PRODUCTION:
        return []
    found = {
        "E001": (_weak_secret(), _SECRET),
        "E002": ("." not in settings.BASE_DOMAIN, _DOMAIN),
        "E003": (settings.DEBUG, _DEBUG),
        "E004": ("role=" not in _database_options(), _ROLE),
        "E007": (not all(getattr(settings, name) for name in _TLS), _NO_TLS),
        "E009": (not settings.MASTER_KEYS, _NO_MASTER_KEY),
        "E010": (not settings.MAIL_LEAVES, _NO_MAIL),
    }
    return [_error(number, text) for number, (wrong, text) in found.items() if wrong]


@register(Tags.security)
def walls(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """What keeps tenants apart, in development too."""
    cookies = (settings.SESSION_COOKIE_DOMAIN, settings.CSRF_COOKIE_DOMAIN)
    found = {
        "E005": (_HOST.fullmatch(settings.BASE_DOMAIN) is None, _BAD_DOMAIN),
        "E006": (any(cookies), _SHARED_COOKIE),
        "E008": (
            any(cache.get("KEY_FUNCTION") != _TENANT_KEYS for cache in settings.CACHES.values()),
            _SHARED_CACHE,
        ),
    }
    return [_error(number, text) for number, (wrong, text) in found.items() if wrong]


_SECRET = (
    "The secret key is missing, short or the published one.",
    "Set TOUCHSTONE_SECRET_KEY (or TOUCHSTONE_SECRET_KEY_FILE) to 50 random characters or more.",
)
_DOMAIN = (
    "The base domain has no dot, so tenants' hosts below it can't be reached from outside.",
    "Set TOUCHSTONE_BASE_DOMAIN, with a wildcard DNS entry and certificate for *.<base domain>.",
)
_DEBUG = ("Debugging shows source and settings to visitors.", "Unset TOUCHSTONE_DEBUG.")
_ROLE = (
    "Requests would act as the owner of the tables, who may drop the log.",
    "Unset TOUCHSTONE_DATABASE_ROLE or name a role that may only read and append the log.",
)
_NO_TLS = (
    "Cookies and keys could travel in clear.",
    f"Let TOUCHSTONE_PRODUCTION=true set {', '.join(_TLS)}.",
)
_NO_MAIL = (
    "There is no mail server: nobody could be invited by letter or get a new password.",
    "Set TOUCHSTONE_SMTP_URL, like smtp+tls://user:password@mail.example:587.",
)
_NO_MASTER_KEY = (
    "There is no master key: personal fields and signing keys could not be kept.",
    "Set TOUCHSTONE_MASTER_KEY (or _FILE) to 32 random bytes in base64; back it up by itself.",
)
_BAD_DOMAIN = (
    "The base domain is not a host name.",
    "Give TOUCHSTONE_BASE_DOMAIN in lower case, without scheme, port or dot at the ends.",
)
_SHARED_COOKIE = (
    "A cookie domain is set: a session would be sent to every tenant's host.",
    "Remove SESSION_COOKIE_DOMAIN and CSRF_COOKIE_DOMAIN; sessions are handed from host to host.",
)
_SHARED_CACHE = (
    "A cache does not carry the tenant in its keys: tenants would meet in it.",
    f"Set KEY_FUNCTION to {_TENANT_KEYS!r} in every entry of CACHES.",
)


def _error(number: str, text: tuple[str, str]) -> CheckMessage:
    return Error(text[0], hint=text[1], id=f"touchstone.{number}")


def _weak_secret() -> bool:
    try:
        secret = settings.SECRET_KEY
    except ImproperlyConfigured:  # Django's word for an empty one
        return True
    return len(secret) < _SHORTEST_SECRET or secret.startswith(_DEMO_SECRET)


def _database_options() -> str:
    return str(settings.DATABASES["default"].get("OPTIONS", {}).get("options", ""))
