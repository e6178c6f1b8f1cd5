"""What a model answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from attribution.credit.bootstrap.intervals import Draws
from attribution.credit.paths import Floats
from attribution.credit.verdict import Standing

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Credit:
    """Credit per channel, aligned with ``channels`` (by first appearance).

    ``removal_effect`` (0..1, Markov only) is the share of conversions, ``removal_effect_value`` of
    value, that would be lost without the channel. ``low`` and ``high`` bound each of them with 95 %
    confidence when a bootstrap was made, and ``evidence`` (channels, 2) has the converting and all
    journeys that touched each channel; ``draws`` are the samples when they were to be kept.
    Totals are of all rows, and the sums of the credit equal them (nothing to give when no row
    converts).
    """

    model: str
    params: Mapping[str, object]
    channels: tuple[str, ...]
    conversions: Floats
    value: Floats
    removal_effect: Floats | None = None
    removal_effect_value: Floats | None = None
    conversions_low: Floats | None = None
    conversions_high: Floats | None = None
    value_low: Floats | None = None
    value_high: Floats | None = None
    removal_low: Floats | None = None
    removal_high: Floats | None = None
    standing: tuple[Standing, ...] | None = None
    evidence: Floats | None = None
    draws: Draws | None = None
    total_conversions: float
    total_value: float
    journeys: float
    dropped_rows: int = 0

    def frame(self) -> "pd.DataFrame":
        """A row per channel, most conversions first (names break ties)."""
        columns: dict[str, object] = {"channel": np.array(self.channels, dtype=object)}
        for name in (
            "conversions",
            "value",
            "removal_effect",
            "removal_effect_value",
            "conversions_low",
            "conversions_high",
            "value_low",
            "value_high",
        ):
            column = getattr(self, name)
            if column is not None:
                columns[name] = column
        if self.standing is not None:
            columns["standing"] = [str(each) for each in self.standing]
        if self.evidence is not None:
            columns["converting_journeys"], columns["journeys"] = self.evidence.T
        import pandas as pd  # a second to load; no process that serves makes a frame

        frame = pd.DataFrame(columns)
        return frame.sort_values(
            ["conversions", "channel"], ascending=[False, True], ignore_index=True
        )
