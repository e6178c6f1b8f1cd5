"""Which fields are personal, and how to take them out of what was sent.

Names are compared without case, hyphens, underscores and spaces. ``name`` and the like are personal
among a person's traits and ordinary among properties (a product has a name).
"""

import re
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

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


@lru_cache(maxsize=8192)
def is_personal(name: str, *, trait: bool = False) -> bool:
    """Whether a field of this name is taken to hold personal data."""
    plain = _SEPARATORS.sub("", name).lower().lstrip("$")
    return plain in (PERSONAL_TRAITS if trait else PERSONAL)


def without_personal(
    values: dict[str, Any], where: str, withheld: list[str], *, trait: bool = False
) -> dict[str, Any]:
    """``values`` without personal fields at any depth; their dotted names go to ``withheld``.

    Raises ``TooDeep`` beyond the depth the log accepts.
    """
    return _cleaned(values, where, withheld, trait, 1)


def _cleaned(
    values: dict[str, Any], where: str, withheld: list[str], trait: bool, depth: int
) -> dict[str, Any]:
    if depth > MAX_DEPTH:
        raise TooDeep(f"{where[:80]} is nested more than {MAX_DEPTH} levels deep.")
    kept: dict[str, Any] = {}
    for name, value in values.items():
        if is_personal(name, trait=trait):
            withheld.append(f"{where}.{name}"[:120])
            continue
        kind = type(value)
        if kind is dict:
            kept[name] = _cleaned(value, f"{where}.{name}", withheld, trait, depth + 1)
        elif kind is list:
            kept[name] = _cleaned_list(value, f"{where}.{name}", withheld, trait, depth + 1)
        else:
            kept[name] = value
    return kept


def _cleaned_list(
    values: list[Any], where: str, withheld: list[str], trait: bool, depth: int
) -> list[Any]:
    if depth > MAX_DEPTH:
        raise TooDeep(f"{where[:80]} is nested more than {MAX_DEPTH} levels deep.")
    kept: list[Any] = []
    for value in values:
        if type(value) is dict:
            kept.append(_cleaned(value, where, withheld, trait, depth + 1))
        elif type(value) is list:
            kept.append(_cleaned_list(value, where, withheld, trait, depth + 1))
        else:
            kept.append(value)
    return kept


@lru_cache(maxsize=16_384)
def clean_url(url: str) -> tuple[str, tuple[str, ...]]:
    """``url`` without a log-in and without personal query values, and the names it lost.

    A value that contains an ``@`` counts as personal whatever its name is. What can't be read as an
    address is cut at its query.
    """
    if "?" not in url and "@" not in url:
        return url, ()
    try:
        parts = urlsplit(url)
        query = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return url.split("?", 1)[0].split("@", 1)[-1], ("query",)
    lost = tuple(sorted({name for name, value in query if "@" in value or is_personal(name)}))
    host = parts.netloc.rsplit("@", 1)[-1]
    fragment = "" if "@" in parts.fragment or "=" in parts.fragment else parts.fragment
    if not lost and host == parts.netloc and fragment == parts.fragment:
        return url, ()
    kept = urlencode([pair for pair in query if pair[0] not in lost])
    return urlunsplit((parts.scheme, host, parts.path, kept, fragment)), lost or ("login",)
