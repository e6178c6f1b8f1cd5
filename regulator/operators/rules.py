"""What an operator's entry must be, whoever writes it. Pure."""

import re
from datetime import date
from itertools import pairwise
from typing import TypeVar

from kernel import money
from kernel.errors import InvalidInput
from regulator.contracts import Bracket, GameType, Rates, TaxBase, Terms

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9]|-(?!-)){0,38}[a-z0-9]")
_LINE = re.compile(r"(\d{4}-\d{2}-\d{2})\s+(ggr|stakes)\s+(\S.*)")
_MILLION = 1_000_000
Entry = TypeVar("Entry", bound=Terms)


class InvalidOperator(InvalidInput):
    """An operator's entry can't be kept as it is."""

    code = "invalid_operator"
    title = "The entry can't be kept"


def checked(entry: Entry) -> Entry:
    """``entry`` when it can be kept; raises ``InvalidOperator`` saying what is wrong."""
    for wrong, field, text in (
        (_NAME.fullmatch(entry.operator) is None, "operator",
         "A short name is 2 to 40 lower-case letters, digits and single hyphens."),
        (not 0 < len(entry.name) <= 120, "name", "A name has 1 to 120 characters."),
        (not 0 < len(entry.licence) <= 60, "licence", "A licence number has 1 to 60 characters."),
        (entry.licensed_until is not None and entry.licensed_until < entry.licensed_from,
         "licensed_until", "The licence ends before it begins."),
        (not entry.game_types, "game_types", "Choose at least one game type."),
        (not set(entry.game_types) <= set(GameType), "game_types",
         f"Game types are {', '.join(GameType)}."),
    ):  # fmt: skip
        if wrong:
            raise InvalidOperator(text, field=field)
    money.currency(entry.currency)
    for each in entry.rates:
        _check(each)
    days = [each.since for each in entry.rates]
    if len(set(days)) != len(days):
        raise InvalidOperator("Two rates begin on the same day.", field="rates")
    return entry


def _check(rates: Rates) -> None:
    edges = [each.above for each in rates.brackets]
    if not edges or edges[0] != 0 or any(low >= high for low, high in pairwise(edges)):
        raise InvalidOperator("Brackets begin at 0 and rise.", field="rates")
    if any(not 0 <= each.rate <= _MILLION for each in rates.brackets):
        raise InvalidOperator("A rate is from 0 to 100 %.", field="rates")


def read_rates(text: str, scale: int) -> tuple[Rates, ...]:
    """Rates as people write them, a line each: ``2026-01-01 ggr 15% above 0, 20% above 1000000``.

    Thresholds are in whole units of the currency, ``scale`` smallest units each. Raises
    ``InvalidOperator``.
    """
    found = []
    for line in text.splitlines():
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.strip().lower())
        if match is None:
            raise InvalidOperator(f"{line[:60]!r} is not like “2026-01-01 ggr 20%”.", field="rates")
        since, base, brackets = match.groups()
        try:
            day = date.fromisoformat(since)
        except ValueError:
            raise InvalidOperator(f"{since} is no day.", field="rates") from None
        found.append(
            Rates(
                since=day,
                base=TaxBase(base),
                brackets=tuple(_bracket(part, scale) for part in brackets.split(",")),
            )
        )
    return tuple(sorted(found, key=lambda each: each.since))


def _bracket(text: str, scale: int) -> Bracket:
    match = re.fullmatch(r"(\d+(?:\.\d{1,4})?)\s*%(?:\s+above\s+(\d+))?", text.strip())
    if match is None:
        raise InvalidOperator(f"{text.strip()[:40]!r} is not like “20% above 1000”.", field="rates")
    whole, _, part = match.group(1).partition(".")
    rate = int(whole) * 10_000 + int(part.ljust(4, "0") if part else 0)
    return Bracket(above=int(match.group(2) or 0) * scale, rate=rate)


def write_rates(rates: tuple[Rates, ...], scale: int) -> str:
    """Rates as ``read_rates`` reads them."""
    lines = []
    for each in rates:
        brackets = ", ".join(
            f"{part.rate / 10_000:.4f}".rstrip("0").rstrip(".")
            + "%"
            + (f" above {part.above // scale}" if part.above else "")
            for part in each.brackets
        )
        lines.append(f"{each.since} {each.base} {brackets}")
    return "\n".join(lines)
