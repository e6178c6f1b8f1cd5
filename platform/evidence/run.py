"""Run a verification to its end, remembering what was signed; the job's or the command's work."""

from collections.abc import Callable
from datetime import datetime

from eventlog.seal import verify
from eventlog.seal.verify import Report, State
from evidence import remember


def verification(
    *,
    state: State | None = None,
    now: datetime,
    progress: Callable[[State], None] = lambda _: None,
) -> Report:
    """Verify the active tenant's log, from ``state`` on when it was stopped.

    ``progress`` is given the state after every page; what it keeps can be taken up again.
    """
    remembered = remember.recall()
    state = state or verify.begin()
    progress(state)
    while not state.done:
        state = verify.step(state, now=now, remembered=remembered)
        progress(state)
    report = verify.finish(state, now=now, remembered=remembered)
    if report.whole and report.newest:
        remember.remember(report.newest)
    return report
