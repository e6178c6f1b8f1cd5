"""A ring in words. Pure."""

from collections.abc import Mapping

from fraud.rings.found import Ring
from fraud.rings.graph import Member
from fraud.rules.words import NAMES

SORT_NAMES: Mapping[str, str] = {
    "subject": "person", "device": "device", "agent": "fingerprint", "ip": "address",
    "publisher": "publisher",
}  # fmt: skip
_KINDS: Mapping[str, str] = {str(kind): name for kind, name in NAMES.items()}


def sentence(ring: Ring, names: Mapping[float, str]) -> str:
    """``12 persons and 9 devices at 1 address hang together by ...``."""
    parts = ((ring.persons, "person"), (ring.devices, "device"))
    who = " and ".join(counted(count, name) for count, name in parts if count)
    behind = f" at {counted(ring.addresses, 'address')}" if ring.addresses else ""
    said = f"{who}{behind} hang together by {counted(len(ring.events), 'suspicious event')}"
    if ring.kinds:
        said += f", mostly {kind_name(ring.kinds[0][0])}"
    if ring.publishers:
        publisher, count = ring.publishers[0]
        said += f"; {count / len(ring.events):.0%} of them came by {names[publisher]}"
    return f"{said}."


def counted(count: int, one: str) -> str:
    """``1 person``, ``2 persons``, ``2 addresses``."""
    many = f"{one}es" if one.endswith("s") else f"{one}s"
    return f"{count:,} {one if count == 1 else many}"


def short(member: Member) -> str:
    """``address 3f9a1c``: what stands for an entity of which only a hash is known."""
    sort, number = member
    return f"{SORT_NAMES[sort]} {f'{int(number):013x}'[:6]}"


def kind_name(kind: str) -> str:
    """A kind of fraud in words."""
    return _KINDS.get(kind, kind)
