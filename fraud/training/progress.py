"""How far the active tenant's training is."""

from portal.progress import Progress

TRAINING = Progress("fraud-training")
begin, tell, end = TRAINING.begin, TRAINING.tell, TRAINING.end
conclude, current = TRAINING.conclude, TRAINING.current
