"""Say what tells people from machines, before what it is read from is sealed away.

Addresses, device ids and user agents become the tenant's pseudonyms: enough to see that many came
from one, not to tell whose it was. Nothing here turns an event away.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from ua_parser import parse

from eventlog import catalogue
from ingest.addresses import Address, book
from ingest.batch import Batch
from ingest.contracts import Observed
from ingest.measures import measured
from ingest.personal import masked
from ingest.wire import Context, Device
from kernel.ids import pseudonym

_NO_DEVICE = Device()
_LONGEST_AGENT, _LONGEST_WORD, _LONGEST_IP = 512, 60, 64
_NOTHING: Mapping[str, Any] = {}


def tell_signals(batch: Batch) -> Batch:
    """Set ``signals`` in the body of what a person did, where anything is known."""
    secret = batch.circumstances.secret
    for draft in batch.drafts:
        context = draft.incoming.context
        if context is not None and _observed(draft.type):
            signals = _signals(context, secret)
            if signals:
                draft.body["signals"] = signals
    return batch


@lru_cache(maxsize=256)
def _observed(type: str) -> bool:
    return issubclass(catalogue.shape_of(type), Observed)


def _signals(context: Context, secret: bytes) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if isinstance(context.ip, str) and (address := book().look_up(context.ip[:_LONGEST_IP])):
        _of_address(address, secret, found)
    if context.userAgent:
        agent = context.userAgent[:_LONGEST_AGENT]
        found["agent"] = pseudonym(secret, "g", agent)
        found |= _of_agent(agent)
    if context.device is not None:
        _of_device(context.device, secret, found)
    if context.os or context.app or context.network or context.library or context.screen:
        _of_system(context, found)
    if measures := measured(_part(context.signals)):
        found["measured"] = measures
    return found


def _of_address(address: Address, secret: bytes, found: dict[str, Any]) -> None:
    found["ip"] = pseudonym(secret, "i", address.text)
    found["network"] = pseudonym(secret, "n", address.network)
    for name in ("asn", "country", "carrier", "connection", "reputation"):
        if (value := getattr(address, name)) is not None:
            found[name] = value
    if address.place is not None:
        found["place"] = list(address.place)
    if address.lists:
        found["lists"] = list(address.lists)


@lru_cache(maxsize=16_384)
def _of_agent(agent: str) -> dict[str, str]:
    """What the user agent says of browser and system."""
    said, found = parse(agent), {}
    if said.user_agent:
        found["browser"] = said.user_agent.family
        if said.user_agent.major:
            found["browser_version"] = said.user_agent.major
    if said.os:
        found["os"] = said.os.family
        version = ".".join(part for part in (said.os.major, said.os.minor) if part)
        if version:
            found["os_version"] = version
    return found


def _of_device(device: Device, secret: bytes, found: dict[str, Any]) -> None:
    for raw in (device.advertisingId, device.id):
        # An id of zeros is what a system gives out where the person limited tracking.
        if isinstance(raw, str | int) and str(raw).strip("0-"):
            found["device"] = pseudonym(secret, "d", str(raw)[:200])
            break
    _take("maker", device.manufacturer, found)
    _take("model", device.model, found)
    if isinstance(device.adTrackingEnabled, bool):
        found["limited"] = not device.adTrackingEnabled


def _of_system(context: Context, found: dict[str, Any]) -> None:
    """What the sender's library says of system, app, network and screen; over the user agent."""
    system, app, network = _part(context.os), _part(context.app), _part(context.network)
    if _take("os", system.get("name"), found):
        found.pop("os_version", None)
    _take("os_version", system.get("version"), found)
    _take("app_version", app.get("version"), found)
    _take("sdk", _part(context.library).get("name"), found)
    _take("carrier", network.get("carrier"), found)
    for kind in ("wifi", "cellular", "bluetooth"):
        if network.get(kind) is True:
            found["connection"] = kind
            break
    screen = _part(context.screen)
    size = (_number(screen.get("width")), _number(screen.get("height")))
    if size[0] and size[1]:
        found["screen"] = list(size)
    if density := _number(screen.get("density")):
        found["density"] = density


def _take(name: str, value: Any, found: dict[str, Any]) -> bool:
    if not isinstance(value, str | int) or isinstance(value, bool) or value == "":
        return False
    text = masked(str(value)[:_LONGEST_WORD])
    if not text.isprintable():
        return False
    found[name] = text
    return True


def _number(value: Any) -> float | None:
    """A size within reason, or nothing."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e6:
        return None
    return float(value)


def _part(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else _NOTHING
