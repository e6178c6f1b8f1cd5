"""`python -m bench [NAME]`: measure every row, or those whose name starts with NAME."""

import importlib
import json
import pkgutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bench

RESULTS = Path(__file__).with_name("results.jsonl")
Row = dict[str, Any]


def rows() -> dict[str, Callable[[], Row | list[Row]]]:
    """All rows of all modules of this package, by name."""
    found: dict[str, Callable[[], Row | list[Row]]] = {}
    for module in pkgutil.iter_modules(bench.__path__):
        if module.name not in (
            "__main__",
            "authority",
            "base_model",
            "fuzz_hooks",
            "isolation_cast",
            "member",
            "server_url",
            "tenant",
        ):
            found.update(getattr(importlib.import_module(f"bench.{module.name}"), "ROWS", {}))
    return dict(sorted(found.items()))


def keep(measured: list[Row]) -> None:
    """Write the rows to results.jsonl in place of older ones of the same name."""
    kept: dict[str, Row] = {}
    if RESULTS.exists():
        for line in RESULTS.read_text().splitlines():
            row = json.loads(line)
            kept[row["name"]] = row
    kept.update({row["name"]: row for row in measured})
    RESULTS.write_text("".join(json.dumps(kept[name]) + "\n" for name in sorted(kept)))


def main(prefix: str) -> int:
    """Measure and print; 1 when a row misses its bar."""
    chosen = {name: measure for name, measure in rows().items() if name.startswith(prefix)}
    if not chosen:
        print(f"no row starts with {prefix!r}; there are: {', '.join(rows())}", file=sys.stderr)
        return 2
    missed = False
    for measure in chosen.values():
        outcome = measure()
        measured = outcome if isinstance(outcome, list) else [outcome]
        for row in measured:
            print(json.dumps(row), flush=True)
            missed = missed or not row["ok"]
        keep(measured)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
