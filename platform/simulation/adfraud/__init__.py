"""An app's advertising traffic with the ten kinds of fraud in it; whose event is false is known.

``people`` and their devices, ``honest`` journeys, ``schemes`` of fraud, a ``traffic`` of all.
"""

from simulation.adfraud.schemes import SCHEMES, Scheme
from simulation.adfraud.traffic import HOSTING, Told, traffic

__all__ = ["HOSTING", "SCHEMES", "Scheme", "Told", "traffic"]
