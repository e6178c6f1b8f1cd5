"""What projecting and sealing count, for Prometheus. No tenant is named."""

from prometheus_client import Counter, Histogram

APPLIED = Counter(
    "touchstone_projection_events_total", "Events applied by a projection.", ["projection"]
)
SECONDS = Histogram(
    "touchstone_projection_batch_seconds",
    "Time a projection takes for a batch.",
    ["projection"],
    buckets=(0.005, 0.02, 0.1, 0.5, 1.0, 5.0, 20.0),
)
FAILED = Counter("touchstone_projection_failures_total", "Batches that failed.", ["projection"])
SEALED = Counter("touchstone_sealed_events_total", "Events sealed into the logs' trees.")
UNSEALED = Counter("touchstone_seal_failures_total", "Times a log could not be sealed.")
