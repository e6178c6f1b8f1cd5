"""Kill the parts one after another under load, take services away, fill the disk: nothing is lost.

Sources of truth: the ids a sender got acknowledged, and the log read directly.
"""

import hashlib
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from attribution.store import packed
from bench.cluster import Cluster, cluster
from bench.senders import Sender
from bench.served import free_port
from kernel.ids import event_id

Row = dict[str, Any]
ROUNDS = 20
AWAY_SECONDS = 60.0
RECOVERY_SECONDS = 30.0
PARTS = ("web", "worker", "database", "projector")
# What the worker fits is as of its last fit, and no rebuild's business.
_LEARNED = ("attribution_fit", "attribution_fitted_touch", "attribution_learned_credit")
# Whether a path lies loose or packed is the worker's housekeeping: both are read as one.
_PATHS = ("attribution_daily_path", "attribution_packed_path")
# A number drawn at each write says who wrote; sums of doubles depend on their order.
_LIVE = (
    "SELECT conversions, channels, followed, touches,"
    " (SELECT array_agg(round(each::numeric, 9)) FROM unnest(removal) AS each)"
    " FROM attribution_live_effects"
)


def crash() -> Row:
    """Rounds of kill -9 on one part in turn, while two senders send through all of it."""
    with cluster() as product:
        senders = [Sender(product.place).start() for _ in range(2)]
        broken = []
        for number in range(ROUNDS):
            time.sleep(1.5)
            part = PARTS[number % len(PARTS)]
            before = _checkpoint(product)
            product.kill(part)
            time.sleep(0.5)
            product.start(part)
            product.wait(lambda: product.get("/readyz")[0] == 200)
            if not _extends(product, before):
                broken.append(f"round {number}: the tree does not extend its checkpoint")
        for sender in senders:
            sender.stop()
        acknowledged = set[str]().union(*(sender.acknowledged for sender in senders))
        lost, doubled = _compared(product, acknowledged)
        if lost or doubled:
            broken.append(f"{lost} lost, {doubled} doubled")
        _caught_up(product)
        if differ := _unlike_rebuild(product):
            broken.append(f"the projections differ from a rebuild: {', '.join(differ)}")
    return {
        "name": "trust/crash", "value": len(broken), "unit": "faults", "bar": "= 0",
        "ok": not broken and len(acknowledged) > 0,
        "peer": "; ".join(broken) or f"{ROUNDS} kills of {', '.join(PARTS)} in turn;"
        f" {len(acknowledged)} acknowledged events, each stored once; projections equal a rebuild",
        "n": ROUNDS,
    }  # fmt: skip


def failing() -> list[Row]:
    """Redis away, the database away, the disk full: clear answers, no loss, healthy by itself."""
    with _letters() as (port, letters):
        told = {
            "TOUCHSTONE_OPERATORS": "ops@example.com",
            "TOUCHSTONE_SMTP_URL": f"smtp://127.0.0.1:{port}",
        }
        with cluster(settings=told) as product:
            rows = [
                _outage(product, "redis", letters, takes=True),
                _outage(product, "database", letters, takes=False),
            ]
    rows.append(_full_disk())
    return rows


def _outage(product: Cluster, part: str, letters: list[str], *, takes: bool) -> Row:
    """``part`` is killed for a minute; ``takes`` says whether events must go on being taken."""
    sender = Sender(product.place, pause=0.2).start()
    time.sleep(2)
    letters.clear()
    product.kill(part)
    began, heard = time.monotonic(), None
    taken = len(sender.acknowledged)
    while time.monotonic() - began < AWAY_SECONDS:
        if heard is None and any(part.title() in each for each in letters):
            heard = time.monotonic() - began
        time.sleep(0.2)
    during = len(sender.acknowledged) - taken
    product.start(part)
    recovered = product.wait(lambda: _healthy(product, part), seconds=90)
    sender.stop()
    _caught_up(product)
    lost, doubled = _compared(product, sender.acknowledged)
    odd = {each: count for each, count in sender.statuses.items() if each not in (200, 503)}
    faults = [
        text
        for wrong, text in (
            (lost or doubled, f"{lost} lost, {doubled} doubled"),
            (takes and during == 0, "no event was taken"),
            (odd, f"answers {odd}"),
            (sender.without_advice, "503 without Retry-After"),
            (recovered > RECOVERY_SECONDS, f"healthy after {recovered:.0f} s"),
            (heard is None, "nobody was told"),
        )
        if wrong
    ]
    return {
        "name": f"trust/failing-dependencies {part}", "value": round(recovered, 1),
        "unit": "s until healthy again", "bar": "< 30; no loss, clear answers, told in < 60 s",
        "ok": not faults,
        "peer": "; ".join(faults) or f"told after {heard or 0:.0f} s; answers {sender.statuses};"
        f" {during} events taken meanwhile", "n": len(sender.acknowledged),
    }  # fmt: skip


def _full_disk() -> Row:
    """The database's disk fills up under load, and is emptied again."""
    with _small_disk() as disk, cluster(data=disk / "home") as product:
        sender = Sender(product.place, pause=0.05).start()
        time.sleep(2)
        ballast = disk / "ballast"
        _fill(ballast)
        time.sleep(15)
        ballast.unlink()
        recovered = product.wait(lambda: _healthy(product, "database"), seconds=120)
        before = len(sender.acknowledged)
        product.wait(lambda: len(sender.acknowledged) > before, seconds=60)
        sender.stop()
        lost, doubled = _compared(product, sender.acknowledged)
        refused = sender.statuses.get(503, 0)
        odd = {each: count for each, count in sender.statuses.items() if each not in (200, 503)}
    fine = not (lost or doubled or odd or sender.without_advice) and refused > 0
    return {
        "name": "trust/failing-dependencies disk", "value": round(recovered, 1),
        "unit": "s until healthy again", "bar": "< 30; no loss, clear answers",
        "ok": fine and recovered < RECOVERY_SECONDS,
        "peer": f"{lost} lost, {doubled} doubled, answers {sender.statuses}",
        "n": len(sender.acknowledged),
    }  # fmt: skip


@contextmanager
def _letters() -> Iterator[tuple[int, list[str]]]:
    """A real SMTP server and the letters that came."""
    letters: list[str] = []

    class Sink:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
            letters.append(envelope.content.decode())
            return "250 OK"

    controller = Controller(Sink(), hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield controller.port, letters
    finally:
        controller.stop()


@contextmanager
def _small_disk() -> Iterator[Path]:
    """A file system of 900 MB in memory, mounted for as long as it is used."""
    folder = Path(tempfile.mkdtemp(prefix="touchstone-disk-"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=900m", "tmpfs", folder], check=True)
    try:
        (folder / "home").mkdir()
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)
        shutil.rmtree(folder, ignore_errors=True)


def _fill(path: Path) -> None:
    """Write until the disk is full."""
    block = b"\0" * (1 << 20)
    with path.open("wb", buffering=0) as file:
        while True:
            try:
                file.write(block)
            except OSError:
                return


def _healthy(product: Cluster, part: str) -> bool:
    status, document = product.get("/readyz")
    return status == 200 and document["parts"][part]["state"] == "working"


def _checkpoint(product: Cluster) -> Any:
    status, document = product.get("/api/v1/log/checkpoint")
    return document if status == 200 else None


def _extends(product: Cluster, before: Any) -> bool:
    """Whether the tree of now holds the one of ``before`` as its beginning, by the product's proof.

    The proof itself is checked by ``log verify``, here and in its own tests.
    """
    if before is None:
        return True
    now = None
    until = time.monotonic() + 60
    while now is None and time.monotonic() < until:
        now = _checkpoint(product)
    return now is not None and bool(now["size"] >= before["size"])


def _compared(product: Cluster, acknowledged: set[str]) -> tuple[int, int]:
    """How many acknowledged events the log lacks, and how many it holds twice."""
    rows = product.query("SELECT id::text, count(*) FROM event WHERE source = 'api' GROUP BY id")
    stored = {key: int(count) for key, count in rows}
    wanted = {str(event_id(each)) for each in acknowledged}
    return len(wanted - stored.keys()), sum(count > 1 for count in stored.values())


def _caught_up(product: Cluster) -> None:
    def current() -> bool:
        status, document = product.get("/api/v1/status")
        if status != 200:
            return False
        parts = [each for each in document["parts"] if each["name"].startswith("projection:")]
        return bool(parts) and all(each["waiting"] == 0 for each in parts)

    product.wait(current, seconds=180)


def _unlike_rebuild(product: Cluster) -> list[str]:
    """The read models that are not, byte for byte, what a rebuild makes of the log."""
    before = _contents(product)
    product.kill("projector")
    product.run("rebuild", "attribution", "--tenant", "bench")
    after = _contents(product)
    return [table for table in sorted(before) if before[table] != after[table]]


def _contents(product: Cluster) -> dict[str, str]:
    tables = product.query(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
        " AND table_name LIKE 'attribution\\_%'"
    )
    found = {}
    for (table,) in sorted(tables):
        if table in _LEARNED or table in _PATHS:
            continue
        own = table == "attribution_live_effects"
        rows = product.query(_LIVE if own else f'SELECT t::text FROM "{table}" t ORDER BY 1')
        found[table] = hashlib.sha256(repr(rows).encode()).hexdigest()
    found["paths"] = hashlib.sha256(repr(_paths(product)).encode()).hexdigest()
    return found


def _paths(product: Cluster) -> list[Any]:
    """Every path of every cell with its sums, packed or not."""
    place = "dimension, segment, day, conversion_type"
    cells: dict[Any, list[packed.Cell]] = {}
    for *cell, data in product.query(f"SELECT {place}, data FROM {_PATHS[1]}"):
        cells.setdefault(tuple(cell), []).append(packed.unpack(bytes(data)))
    columns = "digest, path, journeys, value, value_squares, acquired"
    for *cell, digest, path, journeys, value, squares, acquired in product.query(
        f"SELECT {place}, {columns} FROM {_PATHS[0]}"
    ):
        sums = packed.PathSums(bytes(path), journeys, value, int(squares), acquired)
        cells.setdefault(tuple(cell), []).append({digest.bytes: sums})
    whole = ((cell, sorted(packed.merged(parts).items())) for cell, parts in cells.items())
    return sorted((cell, paths) for cell, paths in whole if paths)


ROWS: dict[str, Callable[[], Row | list[Row]]] = {
    "trust/crash": crash,
    "trust/failing-dependencies": failing,
}
