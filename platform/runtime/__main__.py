"""`python -m runtime`: the embedded services, and the demo's process tree.

up [--shell]   start PostgreSQL and Redis; print their URLs (as `export` lines with --shell)
down           stop them
status         say whether they run
demo           everything, in the foreground, until Ctrl-C
"""

import os
import sys
from pathlib import Path

from runtime import demo, embedded
from runtime.errors import CannotStart

ROOT = Path(__file__).resolve().parents[2]


def say(line: str) -> None:
    """Print a line at once, to the reader's side of the output."""
    print(line, file=sys.stderr, flush=True)


def main(arguments: list[str]) -> int:
    """Do what the first argument says; returns the exit status."""
    home = Path(os.environ.get("TOUCHSTONE_STATE", ROOT / ".touchstone"))
    match arguments:
        case ["up", *options]:
            form = 'export TOUCHSTONE_{}="{}"' if "--shell" in options else "{} {}"
            for name, url in embedded.up(home, say).items():
                print(form.format(name.upper(), url))
        case ["down"]:
            embedded.down(home, say)
        case ["status"]:
            for name, word in embedded.status(home).items():
                print(f"{name}: {word}")
        case ["demo"]:
            return demo.run(ROOT, dict(os.environ), say)
        case _:
            say(__doc__ or "")
            return 2
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except CannotStart as problem:
        say(str(problem))
        sys.exit(1)
