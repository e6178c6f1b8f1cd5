"""New York's official weekly figures in the demo's register, with every version of them.

Stakes and revenue of nine brands of online sports betting, as the state's gaming commission
publishes them each week: public record, read where the data folder holds them and shipped nowhere.
They come in as a user would bring them: operators by commands, returns by ``manage.py returns``.
"""

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TextIO

from regulator.contracts import Bracket, OperatorRegistered, Rates, TaxBase
from tenants import acts

VINTAGES = "gaming/ny_feed_vintages.csv.gz"
VERSIONS = "gaming/ny_feed_versions.csv.gz"
SINCE = date(2022, 1, 8)
"""The day online betting began there."""
RATE = 510_000
"""51 % of gross gaming revenue (New York Racing, Pari-Mutuel Wagering and Breeding Law 1367-a)."""
HEADER = ("operator", "start", "end", "vintage", "currency", "stakes", "ggr")
_PUBLISHED = timedelta(days=5)
_DUE = timedelta(days=35)
_SAME = 2.0
"""Dollars that a figure may move without being another: versions differ in how they are rounded."""

Names = dict[str, str]
"""Brands by their short names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A week of a brand as it stood on the day ``vintage``; amounts in dollars."""

    brand: str
    end: date
    vintage: date
    stakes: float
    ggr: float


def here(data: Path) -> bool:
    """Whether the figures are in the data folder."""
    return (data / VINTAGES).is_file() and (data / VERSIONS).is_file()


def versions(data: Path) -> Iterator[Version]:
    """Every version of every week in which a figure changed, in the order they were published.

    A week that was published before the record of versions begins, or that the record missed at
    first, is taken as of the Friday after it, on which the commission publishes.
    """
    with _open(data / VERSIONS) as file:
        observed = [date.fromisoformat(row["observed_at"][:10]) for row in csv.DictReader(file)]
    stands: dict[tuple[str, str], tuple[float, float]] = {}
    with _open(data / VINTAGES) as file:
        for row in csv.DictReader(file):
            key, number = (row["brand"], row["week_ending"]), int(row["version"])
            figures = float(row["handle_usd"]), float(row["ggr_usd"])
            before = stands.get(key)
            if before and all(abs(a - b) <= _SAME for a, b in zip(before, figures, strict=True)):
                continue
            stands[key] = figures
            end = date.fromisoformat(key[1])
            published = end + _PUBLISHED
            missed = before is None and observed[number] - end > _DUE
            vintage = published if missed else max(observed[number], published)
            yield Version(brand=key[0], end=end, vintage=vintage, stakes=figures[0], ggr=figures[1])


def short(brand: str) -> str:
    """A brand's name in the register."""
    return "-".join(brand.lower().split())


def write(found: Iterator[Version], file: Path) -> Names:
    """Write the file a user would file; the brands in it by their short names."""
    names: Names = {}
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        for each in found:
            names[short(each.brand)] = each.brand
            start = each.end - timedelta(days=6)
            writer.writerow(
                [short(each.brand), start, each.end, max(each.vintage, start), "USD",
                 f"{each.stakes:.2f}", f"{each.ggr:.2f}"]
            )  # fmt: skip
    return names


def entries(names: Names) -> list[OperatorRegistered]:
    """The brands as the register has them."""
    rates = Rates(since=SINCE, base=TaxBase.GGR, brackets=(Bracket(above=0, rate=RATE),))
    return [
        OperatorRegistered(
            operator=name, name=brand, licence=f"New York, {brand}"[:60], licensed_from=SINCE,
            licensed_until=None, currency="USD", game_types=("sports",), rates=(rates,),
            actor=acts.NOBODY,
        )
        for name, brand in sorted(names.items())
    ]  # fmt: skip


def _open(path: Path) -> TextIO:
    return gzip.open(path, "rt", encoding="utf-8", newline="")
