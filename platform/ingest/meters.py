"""What ingestion counts, for Prometheus. No tenant is named."""

from prometheus_client import Counter, Histogram

from ingest.batch import Batch

EVENTS = Counter("touchstone_ingest_events_total", "Events by what became of them.", ["outcome"])
REJECTED = Counter("touchstone_ingest_rejected_total", "Rejected events by code.", ["code"])
REQUESTS = Counter("touchstone_ingest_requests_total", "Requests to the collectors.", ["status"])
STEPS = Histogram(
    "touchstone_ingest_step_seconds",
    "Time of a batch in each step of the pipeline.",
    ["step"],
    buckets=(0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0),
)
_accepted, _duplicate, _rejected = (
    EVENTS.labels(outcome) for outcome in ("accepted", "duplicate", "rejected")
)
_steps: dict[str, Histogram] = {}


def step(name: str, seconds: float, left: int) -> None:
    """One step of one batch took ``seconds``; an ``Observer`` of the pipeline."""
    meter = _steps.get(name)
    if meter is None:
        meter = _steps[name] = STEPS.labels(name)
    meter.observe(seconds)


def batch(done: Batch) -> None:
    """A batch went through."""
    _accepted.inc(done.accepted)
    if done.duplicates:
        _duplicate.inc(len(done.duplicates))
    if done.rejected:
        _rejected.inc(len(done.rejected))
        for each in done.rejected:
            REJECTED.labels(each.code).inc()


def request(status: int) -> None:
    """A request was answered with ``status``."""
    REQUESTS.labels(str(status)).inc()
