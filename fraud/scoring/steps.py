"""The 50 features of an event that a network of last events reads, and where they lie."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fraud.features import ENTITIES, FEATURES
from ml.features.layout import NOBODY, Floats
from ml.sequence.windows import LENGTH, Single
from ml.served import Windows

STEPS = (
    "kind", "value", "hour_local", "weekday",
    "subject_since_event", "subject_since_click", "subject_since_install", "ctit",
    "install_to_conversion", "view_to_click", "click_gap", "click_gap_variation", "mean_gap",
    "gap_variation", "session_seconds", "session_events", "subject_age", "regular_share",
    "same_value_share", "subject_clicks_hour", "click_rate", "funnel_seconds",
    "pointer_moves", "pointer_entropy", "pointer_straightness", "pointer_speed_variation",
    "touch_pressure_variation", "tilt_variation", "taps", "key_interval_variation", "scrolls",
    "scroll_depth", "dwell_seconds", "focus_share", "first_input_seconds", "pastes",
    "emulator", "webdriver", "signature_ok", "hosting", "vpn", "moved_kmh",
    "device_since_event", "device_subjects", "device_installs", "ip_since_event",
    "ip_events_hour", "ip_subjects", "download_share", "first_open",
)  # fmt: skip
_PLACES = np.array([FEATURES.names.index(name) for name in STEPS])
SUBJECT = ENTITIES.place("subject")


def steps(matrix: Floats) -> Single:
    """The steps (n x ``STEPS``) of events with these features (n x features).

    In single precision, as Redis keeps them: both ways to a window give the same.
    """
    found: Single = matrix[:, _PLACES].astype(np.float32)
    return found


@dataclass(slots=True)
class Past:
    """What people did last in a log that is replayed part by part, for a model that reads it."""

    held: dict[float, Single] = field(default_factory=dict)

    def windows(self, matrix: Floats, ids: Floats) -> Windows:
        """The windows of a part, n x features and n x entities, before it is ``add``ed."""
        own, subjects = steps(matrix), ids[:, SUBJECT]

        def asked(places: NDArray[np.int64]) -> list[Single | None]:
            return [self._window(own, subjects, place) for place in places.tolist()]

        return asked

    def add(self, matrix: Floats, ids: Floats) -> None:
        """Remember a part."""
        own, subjects = steps(matrix), ids[:, SUBJECT]
        for whom in np.unique(subjects[subjects != NOBODY]).tolist():
            self.held[whom] = self._after(whom, own[subjects == whom])

    def _window(self, own: Single, subjects: Floats, place: int) -> Single | None:
        whom = subjects[place]
        if whom == NOBODY:
            return None
        return self._after(whom, own[: place + 1][subjects[: place + 1] == whom])

    def _after(self, whom: float, later: Single) -> Single:
        before = self.held.get(whom)
        return (later if before is None else np.concatenate([before, later]))[-LENGTH:]
