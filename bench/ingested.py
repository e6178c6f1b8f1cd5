"""Events as ingestion leaves them, through every one of its steps that needs no database."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from ingest import pipeline
from ingest.batch import Batch, Circumstances
from ingest.wire import Incoming

SECRET = b"bench"
_PURE = ("admit", "identify", "withhold", "compose", "signals", "classify", "encode")


def ingested(events: Sequence[Mapping[str, Any]], now: datetime) -> Batch:
    """Native ``events`` as they would go to the log at ``now``; Django must be set up."""
    circumstances = Circumstances(
        now=now, secret=SECRET, source="bench", oldest=timedelta(days=3_650)
    )
    incoming = [(number, msgspec.convert(each, Incoming)) for number, each in enumerate(events)]
    batch = pipeline.start(incoming, circumstances)
    for step in pipeline.steps():
        if step.name in _PURE:
            batch = step.function(batch)
    return batch
