"""The 50 features of an event that a network of last events reads, and where they lie."""

import numpy as np

from fraud.features import ENTITIES, FEATURES
from ml.features.layout import Floats
from ml.sequence.windows import Single

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
