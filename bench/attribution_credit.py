"""Credit against the field's reference: the same numbers or better, many times faster.

The peer is ChannelAttribution 2.2.5 with its default parameters, one thread as by default. It gets
no Shapley to do; we do. It is imported where it runs, so that neither pays for the other's memory.
"""

import contextlib
import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pandas as pd

from config import env

Row = dict[str, Any]
Job = Callable[[pd.DataFrame, int], None]
DATA = Path(env.text("TOUCHSTONE_DATA_DIR", str(env.ROOT.parent / "shared" / "data")))
PATHS, CHANNELS, MEAN_LENGTH, SEED, RUNS = 1_000_000, 20, 3.0, 7, 3
BARS = {1: 20.0, 3: 10.0}


def synthetic(rows: int, channels: int, mean: float, seed: int) -> pd.DataFrame:
    """One journey per row, geometric length of the given mean, a fifth of them converting."""
    rng = np.random.default_rng(seed)
    lengths = rng.geometric(1 / mean, rows)
    names = np.array([f"channel_{number:02d}" for number in range(channels)])
    touches = names[rng.integers(0, channels, int(lengths.sum()))].tolist()
    bounds = np.concatenate([[0], np.cumsum(lengths)]).tolist()
    converted = rng.random(rows) < 0.2
    return pd.DataFrame(
        {
            "path": [" > ".join(touches[bounds[i] : bounds[i + 1]]) for i in range(rows)],
            "total_conversions": converted.astype(np.int64),
            "total_conversion_value": np.where(converted, rng.gamma(2.0, 30.0, rows), 0.0),
            "total_null": (~converted).astype(np.int64),
        }
    )


def equality() -> Row:
    """Every model against the exact numbers of PathData; and the bytes of repeated runs.

    Errors of credit and counts are relative, those of removal effects absolute.
    """
    from attribution.credit import attribute

    folder = DATA / "attribution"
    if not folder.is_dir():
        return _row("spine/equality", None, "largest error", "<= 1e-9", False, "no data", 0)
    expected = json.loads((folder / "expected_pathdata.json").read_text())
    frame = pd.read_csv(folder / "pathdata_channelattribution.csv.gz")
    worst = max(_errors(frame, expected))
    first, again = (
        b"".join(
            column.tobytes()
            for order in (1, 2, 3, 4)
            for credit in [attribute(frame, "markov", order=order)]
            for column in (credit.conversions, credit.value)
        )
        for _ in range(2)
    )
    same = first == again
    peer = f"exact reference; repeated runs {'identical' if same else 'differ'}"
    ok = worst <= 1e-9 and same
    return _row("spine/equality", worst, "largest error", "<= 1e-9", ok, peer, len(frame))


def _errors(frame: pd.DataFrame, expected: dict[str, Any]) -> Iterator[float]:
    from attribution.credit import attribute, parse, transition_counts

    paths = parse(frame)
    touch = expected["heuristics"]
    wanted = {
        name: (touch[f"{name}_touch_conversions"], touch[f"{name}_touch_value"])
        for name in ("first", "last", "linear")
    }
    for name, section in (
        ("position", expected["position_based_40_20_40"]),
        ("shapley", expected["shapley_set_closed_form"]),
    ):
        wanted[name] = (section["conversions"], section["value"])
    for name, (conversions, value) in wanted.items():
        credit = attribute(paths, name)
        yield _relative(credit.channels, credit.conversions, conversions)
        yield _relative(credit.channels, credit.value, value)
    for order in (1, 2, 3, 4):
        exact = expected["markov_exact"][f"order_{order}"]
        credit = attribute(paths, "markov", order=order)
        for got, name in (
            (credit.removal_effect, "removal_effects_conversion"),
            (credit.removal_effect_value, "removal_effects_value"),
        ):
            yield _absolute(credit.channels, got, exact[name])
        yield _relative(credit.channels, credit.conversions, exact["total_conversions"])
        yield _relative(credit.channels, credit.value, exact["total_conversion_value"])
    counted = {(before, after): count for before, after, count in transition_counts(paths).rows()}
    listed = {(before, after): n for before, after, n in expected["order1_transition_counts"]}
    yield 0.0 if counted.keys() == listed.keys() else float("inf")
    yield max(abs(counted.get(pair, 0.0) - count) / count for pair, count in listed.items())


def _absolute(names: tuple[str, ...], got: Any, wanted: dict[str, float]) -> float:
    return float(np.max(np.abs(got - np.array([wanted[name] for name in names]))))


def _relative(names: tuple[str, ...], got: Any, wanted: dict[str, float]) -> float:
    exact = np.array([wanted[name] for name in names])
    return float(np.max(np.abs(got - exact) / np.abs(exact)))


def ours(frame: pd.DataFrame, order: int) -> None:
    """Heuristics, Shapley and Markov with values: input frame to result frames."""
    from attribution.credit import attribute_all

    models = ("first", "last", "linear", "shapley", ("markov", {"order": order}))
    for credit in attribute_all(frame, models):
        credit.frame()


def theirs(frame: pd.DataFrame, order: int) -> None:
    """ChannelAttribution's heuristics and Markov model with values, without its advertisement."""
    with contextlib.redirect_stdout(io.StringIO()):
        import ChannelAttribution

        columns = ("path", "total_conversions", "total_conversion_value")
        ChannelAttribution.heuristic_models(frame, *columns, flg_pro=False)
        ChannelAttribution.markov_model(
            frame, *columns, "total_null", order=order, verbose=False, flg_pro=False
        )


def _timed(job: Job, frame: pd.DataFrame, order: int) -> tuple[float, float]:
    """(CPU seconds, wall seconds)."""
    cpu, wall = time.process_time(), time.perf_counter()
    job(frame, order)
    return time.process_time() - cpu, time.perf_counter() - wall


def markov_speed() -> list[Row]:
    """Both on the same million paths, in alternation; then each alone in a process, for memory."""
    frame = synthetic(PATHS, CHANNELS, MEAN_LENGTH, SEED)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "paths.parquet"
        frame.to_parquet(file)
        return [_speed(frame, file, order, bar) for order, bar in BARS.items()]


def _speed(frame: pd.DataFrame, file: Path, order: int, bar: float) -> Row:
    """The smaller of the CPU and the wall ratio decides."""
    for job in (ours, theirs):
        job(frame.head(1000), order)
    pairs = [(_timed(ours, frame, order), _timed(theirs, frame, order)) for _ in range(RUNS)]
    cpu, wall = (median(their[i] / our[i] for our, their in pairs) for i in (0, 1))
    our, their = (median(pair[i][0] for pair in pairs) for i in (0, 1))
    small, large = _peak("ours", order, file), _peak("theirs", order, file)
    value = round(min(cpu, wall), 1)
    return _row(
        "spine/markov-speed" if order == 1 else f"spine/markov-speed-order-{order}",
        value,
        "x ChannelAttribution 2.2.5",
        f">= {bar:.0f}, no more memory",
        value >= bar and small <= large,
        f"CPU {their:.2f} s / {our:.3f} s = {cpu:.1f}, wall {wall:.1f}; "
        f"peak {large} MB / {small} MB",
        len(frame),
    )


def _peak(job: str, order: int, file: Path) -> int:
    """Megabytes a process needs at most for one run, data and libraries included."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.attribution_credit", job, str(order), str(file)],
        capture_output=True,
        text=True,
        check=True,
        cwd=env.ROOT,
        env={**env.everything(), "PYTHONPATH": f"{env.ROOT}:{env.ROOT / 'platform'}"},
    )
    return int(done.stdout.split()[-1])


def _own_peak() -> int:
    """Megabytes this process needed at most since its exec.

    Not ru_maxrss: Linux carries that over from the process that started this one.
    """
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) // 1024


def _row(  # noqa: PLR0917  # the columns of a row, in their order
    name: str, value: float | None, unit: str, bar: str, ok: bool, peer: str, n: int
) -> Row:
    return {
        "name": name, "value": value, "unit": unit, "bar": bar, "ok": bool(ok), "peer": peer,
        "n": n,
    }  # fmt: skip


ROWS: dict[str, Callable[[], Row | list[Row]]] = {
    "spine/equality": equality,
    "spine/markov-speed": markov_speed,
}

if __name__ == "__main__":
    {"ours": ours, "theirs": theirs}[sys.argv[1]](pd.read_parquet(sys.argv[3]), int(sys.argv[2]))
    print(_own_peak())
