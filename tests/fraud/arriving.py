"""Events as they are on their way to the log, through ingestion's own steps."""

from datetime import UTC, datetime, timedelta

import msgspec

from attribution.ingest_steps import classify_channels
from ingest.batch import Circumstances
from ingest.pipeline import start as begin
from ingest.steps.admit import admit
from ingest.steps.compose import compose
from ingest.steps.identify import identify
from ingest.steps.signals import tell_signals
from ingest.steps.withhold import withhold
from ingest.wire import Incoming

NOW = datetime(2026, 3, 10, tzinfo=UTC)


def composed(events, *, secret=b"s" * 32):
    """Drafts of native events, as far as the log's payload is concerned."""
    circumstances = Circumstances(
        now=NOW + timedelta(days=40), secret=secret, source="api", oldest=timedelta(days=900)
    )
    incoming = [msgspec.convert(each, Incoming) for each in events]
    batch = begin(list(enumerate(incoming)), circumstances)
    for step in (admit, identify, withhold, compose, tell_signals, classify_channels):
        batch = step(batch)
    assert batch.rejected == ()
    return batch.drafts
