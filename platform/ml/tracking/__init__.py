"""Trainings as MLflow keeps them: runs with their artefacts, versions of models, their aliases.

Everything told here is known elsewhere first, so a store that is lost can be made again. For
workers alone: MLflow takes seconds to import, and is imported when something is first told.
"""

from ml.tracking.run import Held, Run, Version
from ml.tracking.store import Tracking

__all__ = ["Held", "Run", "Tracking", "Version"]
