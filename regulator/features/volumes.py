"""How much was staked, paid out and sent: the hour, the day and the week until each hour."""

from collections.abc import Iterator

from regulator.features import rolling
from regulator.features.catalogue import VOLUME, column
from regulator.features.series import FIGURES, Floats, Series

WINDOWS = {24: "24 h", 168: "7 d"}
STATISTICS = {
    "sum": (rolling.total, "Sum"),
    "mean": (rolling.mean, "Mean of an hour's"),
    "deviation": (rolling.deviation, "Standard deviation of an hour's"),
    "least": (rolling.least, "Least of an hour's"),
    "most": (rolling.most, "Most of an hour's"),
}
_UNITS = {"stakes": "smallest units", "payouts": "smallest units", "events": "events"}


def columns(series: Series) -> Iterator[tuple[str, Floats]]:
    """The columns [hours, operators] by name, in the order of their declaration."""
    for figure in FIGURES:
        values = series.figure(figure)
        yield f"{figure}_1h", values
        for hours in WINDOWS:
            for name, (of, _) in STATISTICS.items():
                yield f"{figure}_{hours}h_{name}", of(values, hours)


def _declare() -> None:
    for figure in FIGURES:
        unit = _UNITS[figure]
        doc = f"{figure.capitalize()} of the hour: its sum, and so its mean, least and most."
        column(VOLUME, f"{figure}_1h", unit, "1 h", doc)
        for hours, window in WINDOWS.items():
            for name, (_, words) in STATISTICS.items():
                column(VOLUME, f"{figure}_{hours}h_{name}", unit, window, f"{words} {figure}.")


_declare()
