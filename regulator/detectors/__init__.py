"""What is unusual in an operator's figures: pure functions of arrays, usable from a notebook.

Each module is one detector: its formula with the source, the smallest sample it speaks about
(``LEAST``), and words for people. All tell what they found as ``Anomaly``.
"""

from regulator.detectors.anomaly import Anomaly, Kind, Streak, severity, streaks

__all__ = ["Anomaly", "Kind", "Streak", "severity", "streaks"]
