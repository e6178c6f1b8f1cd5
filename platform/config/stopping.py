"""A server that is told to stop while it is still starting stops."""

import signal


def end_while_loading() -> None:
    """Let SIGTERM and SIGINT end this process until the server has handlers of its own.

    A worker of granian inherits its parent's handlers, which only note the signal: one that came
    while the worker loaded the apps was lost, and both waited for each other for good. Called
    anywhere else it changes nothing.
    """
    for each in (signal.SIGTERM, signal.SIGINT):
        if getattr(signal.getsignal(each), "__module__", "").startswith("granian"):
            signal.signal(each, signal.SIG_DFL)
