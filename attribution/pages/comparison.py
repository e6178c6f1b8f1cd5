"""The same conversions under several models, side by side, and how far they differ."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from attribution import queries
from attribution.contracts import LEARNED, MODEL_LABELS, AttributionReport, CreditRow, Model
from attribution.credit.verdict import Standing
from attribution.money.figures import Metric
from attribution.pages import compared, filters
from attribution.pages.compared import differences_csv
from attribution.projection.certainty import REPLICATES
from charts.specs import Bar, grouped_bars
from kernel.errors import InvalidInput
from portal.pages import page, render_page
from portal.tables import csv_response
from tenants.contracts import Permission

EXPLANATIONS: dict[Model, str] = {
    Model.FIRST: "All credit to the touch that started the journey.",
    Model.LAST: "All credit to the touch right before the conversion.",
    Model.LAST_NON_DIRECT: "All credit to the last touch that was not a direct visit.",
    Model.LINEAR: "The same credit to every touch of the journey.",
    Model.POSITION: "40% to the first touch, 40% to the last, the rest shared in between.",
    Model.TIME_DECAY: "More credit the nearer the conversion: half for every 7 days before it.",
    Model.MARKOV: "Credit by how many conversions would be lost if the channel did not exist.",
    Model.SHAPLEY: "Each channel's fair share of what the channels of a journey reach together.",
    Model.DATA_DRIVEN: "Credit by how much rarer conversions would have been without the touch.",
    Model.SURVIVAL: "Credit for what was still at work when people converted.",
    Model.DEEP: "Credit by what a network that reads the whole journey misses without the touch.",
    Model.ENSEMBLE: "The models that foretell conversions, each as far as it does.",
}
DEFAULT = (
    Model.LAST_NON_DIRECT, Model.LINEAR, Model.MARKOV, Model.SHAPLEY, Model.SURVIVAL,
)  # fmt: skip
METRICS = {"conversions": "Conversions", "value": "Value"}
_CHARTED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A model's credit for a row with its bounds; ``change`` is relative to the reference.

    ``confidence`` is the ensemble's.
    """

    amount: float
    change: float | None
    low: float | None = None
    high: float | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A channel, campaign or source under all chosen models."""

    key: int
    label: str
    cells: tuple[Cell, ...]
    removal_effect: float | None
    undecided: bool


@page(Permission.VIEW_REPORTS)
def comparison(request: HttpRequest) -> HttpResponse:
    """Models times channels, as table and bars; ``?reference=`` is what differences refer to."""
    asked = filters.read(request)
    models = _models(request, fitted=queries.fitted())
    named = filters.choice(Model, request.GET, "reference", Model.LAST_NON_DIRECT)
    reference = named if named in models else models[0]
    metric = request.GET.get("metric", "conversions")
    metric = metric if metric in METRICS else "conversions"
    found = queries.compare(models=models, by=asked.by, order=asked.order, **asked.scope)
    reports = dict(zip(models, found.reports, strict=True))
    rows = table(reports, reference=reference, metric=metric)
    compared_rows = compared.held_to(request, asked, reference, Metric(metric))
    if request.GET.get("format") == "csv":
        if request.GET.get("table") == "differences":
            return differences_csv(compared_rows)
        return _csv(rows, models)
    charted = rows[:_CHARTED]
    any_report = reports[reference]
    context = {
        **filters.context(asked),
        "rows": rows,
        "chosen": [(model, MODEL_LABELS[model]) for model in models],
        "explanations": [(MODEL_LABELS[model], EXPLANATIONS[model]) for model in models],
        "reference": reference,
        "metric": metric,
        "metrics": METRICS.items(),
        "totals": any_report.totals,
        "sums": [sum(row.cells[i].amount for row in rows) for i in range(len(models))],
        "report": any_report,
        "said": said(any_report),
        "pending": any(each.pending for each in reports.values())
        or bool(asked.chosen and asked.chosen.pending),
        "fits": [
            (MODEL_LABELS[model], reports[model].fitted_at)
            for model in models
            if model in LEARNED and (reports[model].fitted_at or not reports[model].note)
        ],
        "notes": [each.note for each in reports.values() if each.note],
        "replicates": REPLICATES,
        "removal": any(row.removal_effect is not None for row in rows),
        "chart": _chart(charted, models, metric),
        "summary": _summary(charted, models, metric),
        **compared.context(
            compared_rows,
            [row.label for row in rows],
            any_report.currency if metric == "value" else "",
        ),
    }
    return render_page(request, "attribution/comparison.html", context)


def table(
    reports: Mapping[Model, AttributionReport], *, reference: Model, metric: str
) -> list[Row]:
    """One row per label of any report, largest under ``reference`` first."""
    found = {model: {row.label: row for row in each.rows} for model, each in reports.items()}
    keys = {label: row.key for rows in found.values() for label, row in rows.items()}
    base = {label: _amount(found[reference].get(label), metric) for label in keys}
    effects = {label: row.removal_effect for label, row in found.get(Model.MARKOV, {}).items()}
    rows = [
        Row(
            key=key,
            label=label,
            cells=tuple(_cell(rows.get(label), metric, base[label]) for rows in found.values()),
            removal_effect=effects.get(label),
            undecided=_undecided(found[reference].get(label)),
        )
        for label, key in keys.items()
    ]
    return sorted(rows, key=lambda row: (-base[row.label], row.label))


def _cell(row: CreditRow | None, metric: str, base: float) -> Cell:
    amount = _amount(row, metric)
    return Cell(
        amount=amount,
        change=amount / base - 1 if base else None,
        low=getattr(row, f"{metric}_low", None),
        high=getattr(row, f"{metric}_high", None),
        confidence=getattr(row, "confidence", None),
    )


def _undecided(row: CreditRow | None) -> bool:
    return row is not None and row.standing is Standing.UNDECIDED


def said(report: AttributionReport) -> str:
    """What the intervals of a report allow to be said of who earned most, in a sentence."""
    model, by = MODEL_LABELS[report.model], report.by
    leader = next((row.label for row in report.rows if row.standing is Standing.LEADS), None)
    if leader is not None:
        return f"{model}: {leader} leads every other {by} by more than chance explains."
    open_ones = [row.label for row in report.rows if row.standing is Standing.UNDECIDED]
    if len(open_ones) < 2:
        return ""
    few = open_ones[:4]
    rest = f" and {len(open_ones) - len(few)} more" if len(open_ones) > len(few) else ""
    return (
        f"{model}: no {by} leads. {', '.join(few)}{rest} lie within what chance alone would do; "
        "a longer range of days would tell more."
    )


def _amount(row: CreditRow | None, metric: str) -> float:
    if row is None:
        return 0.0
    return row.value if metric == "value" else row.conversions


def _models(request: HttpRequest, *, fitted: AbstractSet[Model]) -> tuple[Model, ...]:
    names = request.GET.getlist("models")
    unknown = sorted(set(names) - set(Model))
    if unknown:
        raise InvalidInput(f"There is no model {unknown[0]!r}.", field="models")
    chosen = tuple(model for model in Model if model in names)
    return chosen or tuple(model for model in DEFAULT if model not in LEARNED or model in fitted)


def _chart(rows: Sequence[Row], models: Sequence[Model], metric: str) -> dict[str, object]:
    bars = [
        Bar(
            label=row.label,
            value=round(cell.amount, 6),
            group=MODEL_LABELS[model],
            low=cell.low,
            high=cell.high,
        )
        for row in rows
        for model, cell in zip(models, row.cells, strict=True)
    ]
    groups = [MODEL_LABELS[model] for model in models]
    return grouped_bars(title=METRICS[metric], rows=bars, groups=groups)


def _summary(rows: Sequence[Row], models: Sequence[Model], metric: str) -> str:
    if not rows:
        return "No conversions in this range."
    names = ", ".join(MODEL_LABELS[model] for model in models)
    return f"{METRICS[metric]} of {len(rows)} rows under {names}. Largest: {rows[0].label}."


def _csv(rows: Sequence[Row], models: Sequence[Model]) -> HttpResponse:
    columns = [f"{model}{end}" for model in models for end in ("", "_low", "_high")]
    header = ["label", *columns, "removal_effect"]
    lines = [
        [
            row.label,
            *(part for cell in row.cells for part in (cell.amount, cell.low, cell.high)),
            row.removal_effect,
        ]
        for row in rows
    ]
    return csv_response("attribution.csv", header, lines)
