"""The pipeline: a tuple of named steps every event passes, from whatever source it came.

``admit → identify → withhold → compose → signals → (steps of apps) → encode → seal → append``. An
app adds a step from its AppConfig with ``register_step``. It sees drafts whose ``body`` is composed
and adds to it: ``draft.body["touch"] = touch``. The address as it was sent is in
``draft.incoming.context.page``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import perf_counter

from ingest.batch import Batch, Circumstances, Draft, Rejection
from ingest.steps.admit import admit
from ingest.steps.append import append
from ingest.steps.compose import compose
from ingest.steps.encode import encode
from ingest.steps.identify import identify
from ingest.steps.seal import seal
from ingest.steps.signals import tell_signals
from ingest.steps.withhold import withhold
from ingest.wire import Incoming

StepFunction = Callable[[Batch], Batch]
Observer = Callable[[str, float, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A named function batch -> batch."""

    name: str
    function: StepFunction


_steps: tuple[Step, ...] = (
    Step(name="admit", function=admit),
    Step(name="identify", function=identify),
    Step(name="withhold", function=withhold),
    Step(name="compose", function=compose),
    Step(name="signals", function=tell_signals),
    Step(name="encode", function=encode),
    Step(name="seal", function=seal),
    Step(name="append", function=append),
)


def steps() -> tuple[Step, ...]:
    """The steps in their order."""
    return _steps


def register_step(
    name: str, function: StepFunction, *, after: str = "compose", before: str | None = None
) -> None:
    """Put a step behind the step ``after``, or where it is named in front of ``before``.

    Registering a name again replaces its function.
    """
    global _steps  # noqa: PLW0603  # the one registry of this process, written while apps load
    rest = tuple(step for step in _steps if step.name != name)
    neighbour = before or after
    for place, step in enumerate(rest):
        if step.name == neighbour:
            cut = place if before else place + 1
            _steps = (*rest[:cut], Step(name=name, function=function), *rest[cut:])
            return
    raise LookupError(f"There is no step {neighbour!r} to put {name!r} beside.")


def start(
    events: Iterable[tuple[int, Incoming]],
    circumstances: Circumstances,
    rejected: tuple[Rejection, ...] = (),
) -> Batch:
    """A batch of fresh drafts from (index, event) pairs, with what the decoder already rejected."""
    drafts = tuple(
        Draft(index=index, incoming=incoming, type=incoming.type) for index, incoming in events
    )
    return Batch(circumstances=circumstances, drafts=drafts, rejected=rejected)


def run(batch: Batch, *, observe: Observer | None = None, before: str | None = None) -> Batch:
    """Take ``batch`` through all steps, or those in front of ``before``.

    ``observe`` hears name, seconds and drafts left.
    """
    for step in _steps:
        if step.name == before:
            break
        began = perf_counter()
        batch = step.function(batch)
        if observe is not None:
            observe(step.name, perf_counter() - began, len(batch.drafts))
    return batch
