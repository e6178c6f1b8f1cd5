"""POST to an address that a tenant gave, and to nowhere inside our own network.

The name is looked up once, every address it has must be a public one, and the connection goes to
the address that was checked: a name that points elsewhere the next moment gains nothing. Nothing is
followed, nothing of an answer is kept but its status.
"""

import ipaddress
import socket
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, urlsplit

import urllib3
from django.conf import settings

from alerts.ways.outcome import Refused
from kernel.errors import InvalidInput

TIMEOUT = urllib3.Timeout(connect=5, read=10)


class UnusableAddress(InvalidInput):
    """An address nothing can be sent to, or must not be."""

    code = "unusable_address"
    title = "The address can't be used"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP answer's status, and how long it asks to be left alone."""

    status: int
    retry_after: timedelta | None


def checked(url: str) -> SplitResult:
    """The parts of an address that may be posted to. Raises ``UnusableAddress``."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UnusableAddress("This is no web address.") from None
    schemes = ("https", "http") if settings.PRIVATE_RECEIVERS else ("https",)
    if parts.scheme not in schemes or not parts.hostname:
        raise UnusableAddress("The address must begin with https://.")
    if parts.username or parts.password:
        raise UnusableAddress("A name and password can't be part of the address.")
    if port == 0:
        raise UnusableAddress("This is no web address.")
    return parts


def post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Send ``body``. Raises ``Refused`` where no answer comes, ``UnusableAddress``."""
    parts = checked(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    address = _resolved(host, port)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        with _pool(parts.scheme, host, address, port) as pool:
            answer = pool.request(
                "POST", target, body=body, redirect=False, retries=False, preload_content=False,
                headers={**headers, "Host": parts.netloc, "User-Agent": "Touchstone"},
                timeout=TIMEOUT,
            )  # fmt: skip
            answer.close()
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise Refused(why=f"not reached ({type(error).__name__})") from None
    return Answer(status=answer.status, retry_after=_seconds(answer.headers.get("Retry-After")))


def _pool(scheme: str, host: str, address: str, port: int) -> urllib3.HTTPConnectionPool:
    if scheme == "http":
        return urllib3.HTTPConnectionPool(address, port)
    return urllib3.HTTPSConnectionPool(
        address, port, cert_reqs="CERT_REQUIRED", server_hostname=host, assert_hostname=host
    )


def _resolved(host: str, port: int) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Refused(why="the host is not known") from None
    addresses = [str(entry[4][0]) for entry in found]
    if not settings.PRIVATE_RECEIVERS:
        for each in addresses:
            if not ipaddress.ip_address(each).is_global:
                raise Refused(why="the host is not a public one", final=True)
    return addresses[0]


def _seconds(header: str | None) -> timedelta | None:
    """``Retry-After`` in either of its forms (RFC 9110 §10.2.3); ``None`` for none or nonsense."""
    if header is None:
        return None
    if header.strip().isascii() and header.strip().isdigit():
        return timedelta(seconds=min(int(header), 86_400))
    try:
        return max(parsedate_to_datetime(header) - datetime.now(UTC), timedelta())
    except (ValueError, TypeError):
        return None
