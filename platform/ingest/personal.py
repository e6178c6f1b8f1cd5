"""Which fields are personal, and how to take them out of what was sent, to be sealed.

Names are compared without case, hyphens, underscores and spaces. ``name`` and the like are personal
among a person's traits and ordinary among properties (a product has a name).
"""

import re
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from eventlog.canonical import MAX_DEPTH
from eventlog.contracts import TooDeep

PERSONAL = frozenset(
    [
        "ip",
        "ipaddress",
        "ipv4",
        "ipv6",
        "email",
        "emailaddress",
        "mail",
        "useremail",
        "customeremail",
        "phone",
        "phonenumber",
        "mobile",
        "mobilephone",
        "telephone",
        "tel",
        "msisdn",
        "firstname",
        "lastname",
        "fullname",
        "middlename",
        "surname",
        "givenname",
        "familyname",
        "maidenname",
        "customername",
        "username",
        "login",
        "nickname",
        "address",
        "streetaddress",
        "street",
        "address1",
        "address2",
        "billingaddress",
        "shippingaddress",
        "homeaddress",
        "postalcode",
        "zipcode",
        "postcode",
        "latitude",
        "longitude",
        "useragent",
        "ua",
        "password",
        "passwd",
        "secret",
        "token",
        "accesstoken",
        "ssn",
        "nationalid",
        "passport",
        "iban",
        "cardnumber",
        "creditcard",
        "birthday",
        "birthdate",
        "dateofbirth",
        "dob",
        "avatar",
        "photo",
        "userid",
        "anonymousid",
        "deviceid",
        "customerid",
        "clientid",
        "visitorid",
        "externalid",
        "advertisingid",
        "idfa",
        "idfv",
        "gaid",
        "aaid",
        "imei",
        "macaddress",
    ]
)
PERSONAL_TRAITS = PERSONAL | {"name", "id", "title", "gender", "age", "zip", "first", "last"}
_SEPARATORS = re.compile(r"[\s_\-.]+")
_ADDRESS = re.compile(r"[^\s@<>\"',;:/]+@[^\s@<>\"',;:/]+")
_LONGEST_NAME = 120


@lru_cache(maxsize=8192)
def is_personal(name: str, trait: bool = False) -> bool:
    """Whether a field of this name is taken to hold personal data."""
    plain = _SEPARATORS.sub("", name).lower().lstrip("$")
    return plain in (PERSONAL_TRAITS if trait else PERSONAL)


def without_personal(
    values: dict[str, Any], where: str, taken: dict[str, Any], *, trait: bool = False
) -> dict[str, Any]:
    """``values`` without personal fields at any depth; what was taken out is added to ``taken``.

    A text with an e-mail address in it is personal under any name, and a link loses what
    ``clean_url`` finds. ``taken`` is by dotted name; in lists a name can come again, and then has a
    number behind it. Raises ``TooDeep`` beyond the depth the log accepts.
    """
    return _cleaned(values, where, taken, trait, 1)


def _cleaned(
    values: dict[str, Any], where: str, taken: dict[str, Any], trait: bool, depth: int
) -> dict[str, Any]:
    if depth > MAX_DEPTH:
        raise TooDeep(f"{where[:80]} is nested more than {MAX_DEPTH} levels deep.")
    kept: dict[str, Any] = {}
    for name, value in values.items():
        kind = type(value)
        if is_personal(name, trait) or (kind is str and _is_address(value)):
            take(f"{where}.{name}", value, taken)
        elif kind is str and "://" in value:
            kept[name], lost = clean_url(value)
            if lost:
                take(f"{where}.{name}", value, taken)
        elif kind is dict:
            kept[name] = _cleaned(value, f"{where}.{name}", taken, trait, depth + 1)
        elif kind is list:
            kept[name] = _cleaned_list(value, f"{where}.{name}", taken, trait, depth + 1)
        else:
            kept[name] = value
    return kept


def _cleaned_list(
    values: list[Any], where: str, taken: dict[str, Any], trait: bool, depth: int
) -> list[Any]:
    if depth > MAX_DEPTH:
        raise TooDeep(f"{where[:80]} is nested more than {MAX_DEPTH} levels deep.")
    kept: list[Any] = []
    for value in values:
        kind = type(value)
        if kind is dict:
            kept.append(_cleaned(value, where, taken, trait, depth + 1))
        elif kind is list:
            kept.append(_cleaned_list(value, where, taken, trait, depth + 1))
        elif kind is str and _is_address(value):
            take(where, value, taken)
        else:
            kept.append(value)
    return kept


def take(name: str, value: Any, taken: dict[str, Any]) -> None:
    """Add ``value`` to ``taken`` under ``name``, or under a name of its own beside it."""
    name = name[:_LONGEST_NAME]
    key, count = name, 1
    while key in taken:
        count += 1
        key = f"{name}#{count}"
    taken[key] = value


def names(taken: dict[str, Any]) -> list[str]:
    """The fields in ``taken``, sorted, each once however often it came."""
    return sorted({key.rsplit("#", 1)[0] for key in taken})


def _is_address(text: str) -> bool:
    """Whether something in ``text`` looks like an e-mail address; links are cleaned, not taken."""
    return "@" in text and "://" not in text and _ADDRESS.search(text) is not None


def masked(text: str) -> str:
    """``text`` with every e-mail address in it replaced by three dots."""
    return _ADDRESS.sub("…", text) if "@" in text else text


@lru_cache(maxsize=16_384)
def clean_url(url: str) -> tuple[str, tuple[str, ...]]:
    """``url`` without a log-in and without personal query values, and the names it lost.

    A value that contains an ``@`` counts as personal whatever its name is, and so does a part of
    the path. What can't be read as an address is cut at its query.
    """
    if "?" not in url and "@" not in url and "%40" not in url:
        return url, ()
    try:
        parts = urlsplit(url)
        query = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return url.split("?", 1)[0].split("@", 1)[-1], ("query",)
    lost = {name for name, value in query if "@" in value or is_personal(name)}
    host = parts.netloc.rsplit("@", 1)[-1]
    path = "/".join("" if "@" in unquote(part) else part for part in parts.path.split("/"))
    fragment = "" if "@" in parts.fragment or "=" in parts.fragment else parts.fragment
    if not lost and (host, path, fragment) == (parts.netloc, parts.path, parts.fragment):
        return url, ()
    kept = urlencode([pair for pair in query if pair[0] not in lost])
    also = {
        name
        for name, changed in (
            ("login", host != parts.netloc),
            ("path", path != parts.path),
            ("fragment", fragment != parts.fragment),
        )
        if changed
    }
    clean = urlunsplit((parts.scheme, host, path, kept, fragment))
    return clean, tuple(sorted(lost | also))
