"""The mail server, as one address says it: ``smtp+tls://user:password@mail.example:587``."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from config.env import BadEnvironment

_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
_BACKENDS = "django.core.mail.backends"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """What Django's mail settings are made of; ``starttls`` and ``tls`` exclude each other."""

    backend: str = f"{_BACKENDS}.filebased.EmailBackend"
    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False


def smtp(url: str) -> MailServer:
    """The server of ``smtp://`` (plain), ``smtp+tls://`` (STARTTLS) or ``smtps://`` (TLS at once).

    Letters become files without one. Raises ``BadEnvironment``.
    """
    if not url:
        return MailServer()
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise BadEnvironment(
            "TOUCHSTONE_SMTP_URL must look like smtp+tls://user:password@mail.example:587"
            f" (schemes: {', '.join(_PORTS)})."
        )
    return MailServer(
        backend=f"{_BACKENDS}.smtp.EmailBackend",
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starttls=parts.scheme == "smtp+tls",
        tls=parts.scheme == "smtps",
    )
