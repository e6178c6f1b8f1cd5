"""Returns from an official file (CSV, NDJSON, Parquet): one row a version of a return."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from ingest.imports import formats
from kernel.errors import InvalidInput
from kernel.money import currency as currency_code
from regulator.contracts import ReturnFiled
from regulator.money import minor
from regulator.returns import commands
from regulator.returns.commands import InvalidReturn

PART = 1_000
COLUMNS: dict[str, tuple[str, ...]] = {
    "operator": ("operator", "licensee", "operator_id", "brand"),
    "start": ("start", "period_start", "from", "month", "period", "week_start"),
    "end": ("end", "period_end", "to", "week_end"),
    "vintage": ("vintage", "filed_on", "published", "version", "as_of"),
    "currency": ("currency", "currency_code"),
    "stakes": ("stakes", "handle", "wagers", "turnover", "coin_in"),
    "payouts": ("payouts", "winnings", "paid_out"),
    "refunds": ("refunds", "voids", "void"),
    "ggr": ("ggr", "gross_gaming_revenue", "gross_revenue", "revenue"),
    "tax": ("tax", "tax_due", "duty"),
    "ggr_to_date": ("ggr_to_date", "ggr_ytd", "revenue_to_date"),
}
"""The fields of a return, and the names their columns are known by."""
REQUIRED = ("operator", "start", "stakes", "ggr")
_DAY = timedelta(days=1)


class BadColumns(InvalidInput):
    """A file's columns can't be read as returns."""

    code = "bad_columns"
    title = "The columns can't be used"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """How many versions were new, how many were known, and those refused, the first in words."""

    kept: int
    repeated: int
    refused: int
    why: tuple[str, ...]


def guess(header: list[str]) -> dict[str, str]:
    """Which column is which field, by its name. Raises ``BadColumns``."""
    plain = {name.strip().lower().replace(" ", "_").replace("-", "_"): name for name in header}
    found = {
        field: plain[name]
        for field, names in COLUMNS.items()
        for name in reversed(names)
        if name in plain
    }
    if lacking := [field for field in REQUIRED if field not in found]:
        raise BadColumns(f"The file has no column for {', '.join(lacking)}.")
    return found


def file_all(
    path: Path,
    *,
    name: str,
    currency: str,
    columns: Mapping[str, str] | None = None,
    now: datetime,
    told: Callable[[int], None] = lambda _: None,
) -> Taken:
    """File every row, in parts; the file again adds nothing. Rows refused do not stop the others.

    ``currency`` is that of rows without one; ``told`` hears how many rows are done. Raises
    ``UnreadableFile`` or ``BadColumns``.
    """
    rows = formats.rows(path, formats.format_of(name))
    known, done, kept, repeated = commands.known_operators(), 0, 0, 0
    refused: list[tuple[int, str]] = []
    for part in _parts(rows):
        columns = columns or guess(list(part[0]))
        good = []
        for number, row in enumerate(part, start=done + 1):
            try:
                filed = read(row, columns, currency=currency, source=name, today=now.date())
                good.append(commands.check(filed, known=known, today=now.date()))
            except InvalidInput as error:
                refused.append((number, error.detail))
        fresh = commands.file(good, now=now)
        kept, repeated, done = kept + fresh, repeated + len(good) - fresh, done + len(part)
        told(done)
    why = tuple(f"Row {number}: {detail}" for number, detail in refused[:5])
    return Taken(kept=kept, repeated=repeated, refused=len(refused), why=why)


def read(
    row: Mapping[str, Any], columns: Mapping[str, str], *, currency: str, source: str, today: date
) -> ReturnFiled:
    """The return in a row; raises ``InvalidReturn`` or another ``InvalidInput``.

    A month ("2026-03") is a period without an end. Payouts that the form does not ask for are what
    stakes, refunds and GGR leave. Without a vintage the version is of ``today``.
    """
    values = {field: _text(row.get(column)) for field, column in columns.items()}
    unit = currency_code(values.get("currency") or currency)
    start, end = _period(values.get("start", ""), values.get("end", ""))

    def amount(field: str) -> int | None:
        text = values.get(field, "")
        return minor(text, unit) if text else None

    stakes, ggr = amount("stakes"), amount("ggr")
    if stakes is None or ggr is None:
        raise InvalidReturn("A return needs stakes and GGR.", field="stakes")
    refunds, payouts = amount("refunds") or 0, amount("payouts")
    return ReturnFiled(
        operator=values.get("operator", "").lower(), start=start, end=end,
        vintage=_day(values["vintage"]) if values.get("vintage") else today, currency=unit,
        stakes=stakes, payouts=stakes - refunds - ggr if payouts is None else payouts,
        refunds=refunds, ggr=ggr, tax=amount("tax"), ggr_to_date=amount("ggr_to_date"),
        source=source[:120],
    )  # fmt: skip


def _period(start: str, end: str) -> tuple[date, date]:
    if len(start) == 7 and not end:
        first = _day(f"{start}-01")
        return first, (first.replace(day=28) + timedelta(days=4)).replace(day=1) - _DAY
    if not end:
        raise InvalidReturn("A period has an end, or is a month like 2026-03.", field="end")
    return _day(start), _day(end)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise InvalidReturn(f"{text[:20]!r} is no day like 2026-03-31.", field="start") from None


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _parts(rows: Iterator[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    while part := list(islice(rows, PART)):
        yield part
