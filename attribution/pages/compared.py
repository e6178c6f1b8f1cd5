"""Rows beside each other as pages show them: points on their intervals, or held to one of them."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse

from attribution import queries_money
from attribution.contracts import Model
from attribution.credit.verdict import Standing
from attribution.money.figures import Differences, Metric
from attribution.pages.filters import Filters
from attribution.projection.differences import NoSuchBaseline
from charts import specs
from portal.tables import csv_response

METRICS = {
    Metric.CONVERSIONS: "Conversions",
    Metric.VALUE: "Value",
    Metric.ROAS: "ROAS",
    Metric.CPA: "CPA",
}
_CHARTED = 12


class Row(Protocol):
    """A row of a report with its figures and their bounds."""

    @property
    def label(self) -> str:
        """Its name."""

    @property
    def standing(self) -> Standing | None:
        """What its interval allows to be said."""


def bars(rows: Sequence[Row], metric: Metric) -> list[specs.Bar]:
    """The rows that have the metric, largest first, hollow where nothing is decided."""
    known = [row for row in rows if getattr(row, metric) is not None]
    known.sort(key=lambda row: -getattr(row, metric))
    return [
        specs.Bar(
            label=row.label,
            value=round(getattr(row, metric), 6),
            low=getattr(row, f"{metric}_low"),
            high=getattr(row, f"{metric}_high"),
            undecided=row.standing in (Standing.UNDECIDED, Standing.UNSEEN),
        )
        for row in known[:_CHARTED]
    ]


def held_to(
    request: HttpRequest, asked: Filters, model: Model, metric: Metric
) -> Differences | None:
    """Every row against the one ``?baseline=`` names; ``None`` where it has no such figure."""
    baseline = request.GET.get("baseline", "")
    if not baseline:
        return None
    try:
        return queries_money.differences(
            model=model, order=asked.order, by=asked.by, baseline=baseline, metric=metric,
            **asked.scope,
        )  # fmt: skip
    except NoSuchBaseline:
        return None


def context(found: Differences | None, labels: Sequence[str], unit: str) -> Mapping[str, Any]:
    """What the part ``attribution/parts/differences.html`` shows."""
    shown: dict[str, Any] = {"baselines": sorted(labels), "differences": found}
    if found is None or not found.rows:
        return shown
    open_ones = [row.label for row in found.rows if not row.decided]
    return shown | {
        "differences_chart": specs.points(
            title=f"{METRICS[found.metric]} against {found.baseline}",
            rows=[
                specs.Bar(
                    label=row.label,
                    value=round(row.point, 6),
                    low=row.low,
                    high=row.high,
                    undecided=not row.decided,
                )
                for row in found.rows[: 2 * _CHARTED]
            ],
            unit=unit,
            baseline=0,
        ),
        "differences_said": _said(found, open_ones),
        "differences_metric": METRICS[found.metric],
    }


def differences_csv(found: Differences | None) -> HttpResponse:
    """The differences as a download; without a baseline only the header."""
    header = ["name", "amount", "difference", "difference_low", "difference_high", "decided"]
    rows = found.rows or () if found else ()
    lines = [[row.label, row.amount, row.point, row.low, row.high, row.decided] for row in rows]
    return csv_response("differences.csv", header, lines)


def _said(found: Differences, open_ones: Sequence[str]) -> str:
    told = len(found.rows or ()) - len(open_ones)
    if not told:
        return f"None can be told from {found.baseline}: every interval holds zero."
    few = ", ".join(open_ones[:4]) + (" and more" if len(open_ones) > 4 else "")
    undecided = f" Undecided: {few}." if open_ones else ""
    return (
        f"{told} of {len(found.rows or ())} differ from {found.baseline} beyond chance.{undecided}"
    )
