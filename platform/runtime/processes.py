"""Facts about processes, read from the system."""

import os
from pathlib import Path


def running(pid: int, name: str | None = None) -> bool:
    """Whether process ``pid`` lives (a zombie does not), and is called ``name`` when that is given.

    The name matters after a crash: a stale pid file may point at a stranger.
    """
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    status = Path(f"/proc/{pid}/stat")
    try:
        text = status.read_text()
    except OSError:
        return not Path("/proc/self").exists()  # a system without /proc: the signal has decided
    called, state = text[text.index("(") + 1 : text.rindex(")")], text[text.rindex(")") + 2]
    return state != "Z" and (name is None or called.startswith(name))
