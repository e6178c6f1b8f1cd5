"""A judgement as text: JSON for programs, a table and sentences for people."""

import io
import json
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table

from fraud.ctit.clicks import Clicks
from fraud.ctit.judge import Judgement, Standing
from fraud.ctit.words import duration, sentence, verdict

_WIDTH = 120
_ROWS = 20
"""Sources without findings that a table shows; JSON has all."""


def document(clicks: Clicks, judged: Judgement, *, cost: float | None) -> dict[str, Any]:
    """The answer of `manage.py ctit`; what is unknown is ``None``."""
    return {
        "installs": judged.installs,
        "sources": [_source(each, cost) for each in judged.standings],
        "tests": judged.tests,
        "norms": asdict(judged.norms),
        "unreadable_rows": clicks.unreadable,
        "install_before_click": clicks.backwards,
    }


def as_json(clicks: Clicks, judged: Judgement, *, cost: float | None) -> str:
    """The document as one JSON text."""
    shown = document(clicks, judged, cost=cost)
    return json.dumps(shown, ensure_ascii=False, indent=2, allow_nan=False)


def as_table(clicks: Clicks, judged: Judgement, *, cost: float | None) -> str:
    """A row a source, those with the most excess first, then a sentence for each finding."""
    text = io.StringIO()
    console = Console(file=text, width=_WIDTH, color_system=None, force_terminal=False)
    console.print(_table(judged, cost))
    for each in judged.findings:
        console.print(f"{each.source}: {sentence(each)}", soft_wrap=True, highlight=False)
    for line in _remarks(clicks, judged):
        console.print(line, soft_wrap=True, highlight=False)
    return text.getvalue().rstrip("\n")


def _table(judged: Judgement, cost: float | None) -> Table:
    table = Table(title="Click to install times by source", title_style="bold")
    table.add_column("Source", overflow="fold")
    for heading in ("Installs", "Per click", "Median", "≤ 1 h", "≤ 24 h", "Not owed"):
        table.add_column(heading, justify="right")
    table.add_column("Found")
    clean = [each for each in judged.standings if not each.findings]
    for each in judged.standings:
        if each.findings or each in clean[:_ROWS]:
            table.add_row(*_cells(each, cost))
    if len(clean) > _ROWS:
        table.add_row(f"and {len(clean) - _ROWS:,} more", *[""] * 6, "nothing found or too few")
    norms = judged.norms
    table.caption = (
        f"People: at least {norms.within_hour:.0%} within an hour, {norms.within_day:.0%} within a"
        f" day. {judged.tests:,} tests; of all findings at most"
        f" {norms.false_discoveries:.0%} are due to chance."
    )
    return table


def _cells(standing: Standing, cost: float | None) -> list[str]:
    rate = f"{standing.installs / standing.clicks:.3%}" if standing.clicks else ""
    owed = standing.excess * (1.0 if cost is None else cost)
    hour, day = (
        "" if share is None else f"{share:.0%}"
        for share in (standing.within_hour, standing.within_day)
    )
    return [
        standing.source, f"{standing.installs:,}", rate, duration(standing.median), hour, day,
        "" if not standing.findings else f"{owed:,.0f}" if cost is None else f"{owed:,.2f}",
        verdict(standing),
    ]  # fmt: skip


def _remarks(clicks: Clicks, judged: Judgement) -> list[str]:
    remarks = []
    if clicks.clicks is None:
        remarks.append("Only installs are listed: clicks that led to none can't be judged.")
    if clicks.backwards:
        remarks.append(
            f"{clicks.backwards:,} installs are older than their click and were left out: clocks"
            " that are off, or clicks claimed afterwards."
        )
    if clicks.unreadable:
        remarks.append(f"{clicks.unreadable:,} rows lack a source or a time and were left out.")
    if not judged.findings:
        remarks.append("No source differs from what people do by more than chance.")
    return remarks


def _source(standing: Standing, cost: float | None) -> dict[str, Any]:
    return {
        "source": standing.source,
        "installs": standing.installs,
        "clicks": standing.clicks,
        "median_seconds": standing.median,
        "within_hour": standing.within_hour,
        "within_day": standing.within_day,
        "flatness": standing.flatness,
        "detectable_share": standing.detectable,
        "excess": standing.excess,
        "not_owed": None if cost is None else standing.excess * cost,
        "findings": [
            {**asdict(each), "kind": str(each.kind), "explanation": sentence(each)}
            for each in standing.findings
        ],
    }
