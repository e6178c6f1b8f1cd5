"""The drift of the champion, as the page of models shows it."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse

from charts.specs import Point, lines
from fraud.drift import queries
from kernel import clock
from portal.tables import csv_response

_SHOWN = 12
_HEADER = ["feature", "words", "psi", "psi_by_chance", "ks", "drifted", "then", "now"]


def section(champion: str) -> dict[str, Any]:
    """The latest look at ``champion``, its features with the greatest PSI, and the days before."""
    found, days = queries.latest(champion), queries.by_day(now=clock.now())
    if found is None:
        return {"drift": None}
    title = "Drift by day"
    series: dict[str, Sequence[Point]] = {
        "Share of features that moved": [
            Point(day=day, value=round(share, 3)) for day, (share, _) in days.items()
        ],
        "PSI of what the model says": [
            Point(day=day, value=round(psi, 3)) for day, (_, psi) in days.items()
        ],
    }
    # One day is no line.
    spec = lines(title=title, series=series, unfinished=clock.now().date())
    return {
        "drift": found,
        "drift_rows": found.features[:_SHOWN],
        "drift_rest": max(len(found.features) - _SHOWN, 0),
        "drift_title": title,
        "drift_chart": spec if len(days) > 1 else None,
        "drift_summary": "; ".join(
            f"{day:%-d %b}: {share:.0%} of the features, PSI {psi:.2f}"
            for day, (share, psi) in days.items()
        ),
    }


def csv(champion: str) -> HttpResponse:
    """All features of the latest look."""
    found = queries.latest(champion)
    rows = found.features if found else []
    return csv_response(
        "drift.csv", _HEADER,
        [
            [each["feature"], each["words"], each["psi"], each["chance"], each["ks"],
             each["drifted"], each["then"], each["now"]]
            for each in rows
        ],
    )  # fmt: skip
