"""How far the training of the active tenant's detectors is."""

from portal.progress import Progress

TRAINING = Progress("regulator-detectors")
begin, tell, end, current = TRAINING.begin, TRAINING.tell, TRAINING.end, TRAINING.current
