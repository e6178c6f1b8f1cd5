"""Credit as text: JSON for programs, a table for people. Equal credit gives equal bytes."""

import io
import json
import math
from typing import Any

from rich.console import Console
from rich.table import Table

from attribution.credit.results import Credit

_COLUMNS = (
    "conversions", "value", "removal_effect", "conversions_low", "conversions_high", "value_low",
    "value_high", "standing", "converting_journeys", "journeys",
)  # fmt: skip


def document(credit: Credit) -> dict[str, Any]:
    """``credit`` as the answer of `manage.py attribute`; what a model lacks is ``None``."""
    frame = credit.frame()
    columns = {
        name: frame[name].tolist() if name in frame else [None] * len(frame) for name in _COLUMNS
    }
    return {
        "model": credit.model,
        "params": dict(credit.params),
        "journeys": _whole(credit.journeys),
        "conversions": _whole(credit.total_conversions),
        "value": credit.total_value,
        "channels": [
            {"channel": channel, **{name: columns[name][row] for name in _COLUMNS}}
            for row, channel in enumerate(frame["channel"].tolist())
        ],
    }


def as_json(credit: Credit) -> str:
    """The document as one JSON text."""
    return json.dumps(document(credit), ensure_ascii=False, indent=2, allow_nan=False)


def as_table(credit: Credit) -> str:
    """The document as a table with shares and, where there are any, effects and intervals."""
    shown = document(credit)
    settings = ", ".join(f"{name} {value}" for name, value in credit.params.items())
    table = Table(title=f"{credit.model}{f' ({settings})' if settings else ''}", title_style="bold")
    table.add_column("Channel", overflow="fold")
    for heading in ("Conversions", "Share", "Value"):
        table.add_column(heading, justify="right")
    if credit.conversions_low is not None:
        table.add_column("95 % interval", justify="right")
        table.add_column("Standing")
        table.add_column("Journeys", justify="right")
    if credit.removal_effect is not None:
        table.add_column("Removal effect", justify="right")
    for row in shown["channels"]:
        table.add_row(*_cells(row, credit.total_conversions))
    table.caption = (
        f"{credit.journeys:,.0f} journeys, {credit.total_conversions:,.0f} conversions, "
        f"value {credit.total_value:,.2f}"
    )
    text = io.StringIO()
    Console(file=text, width=120, color_system=None, force_terminal=False).print(table)
    return text.getvalue().rstrip("\n")


def _cells(row: dict[str, Any], total: float) -> list[str]:
    share = row["conversions"] / total if total else 0.0
    cells = [row["channel"], f"{row['conversions']:,.2f}", f"{share:.1%}", f"{row['value']:,.2f}"]
    if row["conversions_low"] is not None:
        cells.append(f"{row['conversions_low']:,.1f} - {row['conversions_high']:,.1f}")
        cells.extend([row["standing"] or "", f"{row['journeys']:,.0f}"])
    if row["removal_effect"] is not None:
        cells.append(f"{row['removal_effect']:.4f}")
    return cells


def _whole(number: float) -> int | float:
    return int(number) if math.isfinite(number) and number == int(number) else number
