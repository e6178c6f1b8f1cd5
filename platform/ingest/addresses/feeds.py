"""Lists of networks: VPNs, data centres, Tor, proxies, and how bad a network's reputation is.

``NAME.txt`` has an address or network a line, with anything behind ``#``; ``reputation.csv`` a
network and a score from 0 (good) to 1 (bad). A line that is none is left out and counted.
"""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

LISTS = ("vpn", "hosting", "tor", "proxy")
REPUTATION = "reputation"
Parsed = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(slots=True)
class Networks:
    """Networks with a value each; of several that hold an address the largest value counts."""

    _by_length: dict[tuple[int, int], dict[int, float]] = field(default_factory=dict)

    def add(self, network: ipaddress.IPv4Network | ipaddress.IPv6Network, value: float) -> None:
        """Add a network."""
        bits = network.max_prefixlen - network.prefixlen
        known = self._by_length.setdefault((network.version, bits), {})
        key = int(network.network_address) >> bits
        known[key] = max(value, known.get(key, value))

    def value(self, address: Parsed) -> float | None:
        """The largest value of the networks around ``address``, ``None`` where there is none."""
        number, found = int(address), None
        for (version, bits), known in self._by_length.items():
            if version == address.version:
                value = known.get(number >> bits)
                if value is not None and (found is None or value > found):
                    found = value
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Feeds:
    """The lists by name, the reputation, and how many lines could not be read."""

    lists: dict[str, Networks]
    reputation: Networks
    unread: int = 0

    def names(self, address: Parsed) -> tuple[str, ...]:
        """The lists that ``address`` is in."""
        return tuple(
            name for name, networks in self.lists.items() if networks.value(address) is not None
        )


def load(folder: Path | None) -> Feeds:
    """The feeds of ``folder``; a list whose file is missing is empty."""
    unread, lists = 0, {}
    for name in LISTS:
        lists[name], bad = _networks(folder and folder / f"{name}.txt")
        unread += bad
    reputation, bad = _networks(folder and folder / f"{REPUTATION}.csv")
    return Feeds(lists=lists, reputation=reputation, unread=unread + bad)


def _networks(path: Path | None) -> tuple[Networks, int]:
    networks, bad = Networks(), 0
    for line in _lines(path):
        text, _, score = line.partition(",")
        try:
            value = float(score) if score else 1.0
            networks.add(ipaddress.ip_network(text.strip(), strict=False), value)
        except ValueError:
            bad += 1
    return networks, bad


def _lines(path: Path | None) -> Iterator[str]:
    if path is None or not path.is_file():
        return
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            text = line.split("#", 1)[0].strip()
            if text:
                yield text
