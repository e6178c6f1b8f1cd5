"""Tables: sorting by a column of a whitelist, and the CSV that every table page offers."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """A column and a direction, as the query string says it: ``cost`` or ``-cost``."""

    column: str
    descending: bool

    @property
    def text(self) -> str:
        """The value of ``?sort=`` that means this."""
        return f"-{self.column}" if self.descending else self.column


def parse_sort(text: str, *, columns: Sequence[str], default: str) -> Sort:
    """``?sort=`` as a ``Sort``; anything that names no column is the default."""
    chosen = text if text.removeprefix("-") in columns else default
    return Sort(column=chosen.removeprefix("-"), descending=chosen.startswith("-"))


def ordered(rows: Iterable[Any], sort: Sort) -> list[Any]:
    """``rows`` by the attribute ``sort.column``; those without a value come last both ways."""
    held = list(rows)
    known = [row for row in held if getattr(row, sort.column) is not None]
    known.sort(key=lambda row: getattr(row, sort.column), reverse=sort.descending)
    return known + [row for row in held if getattr(row, sort.column) is None]


def csv_response(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> HttpResponse:
    """A download of ``rows`` under ``header``: RFC 4180, UTF-8, dates in ISO 8601.

    Text that a spreadsheet would run as a formula gets a quote in front (CSV injection).
    """
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{filename}"'
    answer["Cache-Control"] = "private, no-store"
    writer = csv.writer(answer)
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return answer


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value
