"""The processes beside the web server, by their signs of life."""

import time
from collections.abc import Callable

from health import beats
from health.contracts import Limits, Reading
from health.registry import Probe, Scope

PROJECTOR, WORKER, SCHEDULER, WATCHER = "projector", "worker", "scheduler", "watcher"


def _alive(name: str) -> Callable[[], Reading]:
    def read() -> Reading:
        seen = beats.seen()
        if not seen.visible:
            return Reading(unseen=True, detail="Can't be seen while Redis is away.")
        found = seen.beats.get(name)
        if found is None:
            return Reading(idle_seconds=float("inf"), detail="It has never been seen.")
        return Reading(idle_seconds=found.age(time.time()), detail=found.doing)

    return read


def _probe(name: str, label: str, advice: str) -> Probe:
    return Probe(
        name=name,
        label=label,
        scope=Scope.SERVICE,
        read=_alive(name),
        limits=Limits(idle_seconds=25.0),
        advice=advice,
    )


PROBES = (
    _probe(
        PROJECTOR,
        "Projector",
        "Events are taken and kept, reports stand still. Start `manage.py project`; it goes on"
        " where it stopped.",
    ),
    _probe(
        WORKER,
        "Worker",
        "Imports, fits and mails wait in their queues. Start the Celery worker; it takes them up.",
    ),
    _probe(
        SCHEDULER,
        "Scheduler",
        "Nothing new is fitted, sealed or sent by the clock. Start Celery's beat.",
    ),
    _probe(
        WATCHER,
        "Watcher",
        "Nobody would be told if something stopped. Start `manage.py watch`.",
    ),
)
