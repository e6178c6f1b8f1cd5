"""The collectors' short way: from the server to ``ingest.endpoints.respond`` and back.

Collectors need no session, template or host, and Django's chain of middleware costs more thread
changes than a batch is worth. Their requests go to a few threads that stay, each with a database
connection at hand; everything else, and the API's document, goes through Django as ever.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from functools import partial
from typing import Any

from django.db import close_old_connections, connection

from eventlog.tenancy import deactivate
from ingest.collect import MAX_BODY_BYTES, Parts
from ingest.endpoints import QUICK, Answer, respond, take_in
from kernel import about

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

CALLS = {
    "/api/v1/events": "events",
    **{f"/v1/{call}": call for call in (
        "batch", "track", "page", "screen", "identify", "alias", "group",
    )},
}  # fmt: skip
THREADS = 4
BULK_BYTES = 32 * 1024
_SHED_EVERY_SECONDS = 0.02


class Collectors:
    """ASGI middleware: POSTs to the collectors are served here, the rest by ``application``."""

    def __init__(self, application: Application, headers: Mapping[str, str]) -> None:
        """``headers`` go with every answer given here; Django's chain is not passed."""
        self._application = application
        self._headers = _encoded(headers)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="collect")
        self._crowd = Crowd()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one request."""
        call = _call(scope["path"]) if scope.get("method") == "POST" else None
        if call is None:
            await self._application(scope, receive, send)
            return
        body = await _body(receive)
        if body is None:
            return
        loop = asyncio.get_running_loop()
        with self._crowd.joined(len(body)) as seat:
            serve = partial(copy_context().run, _serve, scope, call, body)
            answer = await loop.run_in_executor(self._threads, serve)
            shed = seat.better_elsewhere(loop.time())
        await _send(answer, self._headers, send, shed=shed)


def _call(path: str) -> str | None:
    """The word of a collector, the path itself of what apps serve the same way."""
    return CALLS.get(path) or (path if path in QUICK else None)


class Crowd:
    """The large batches being taken by this process, and who had better connect anew.

    A sender keeps its connection, and with it the process that happened to accept it; two senders
    of bulk on one process take turns while its neighbour idles. So while large batches meet here,
    the answer to one of them closes its connection now and then: the next may be accepted next
    door. Once they have spread, nothing is closed any more.
    """

    def __init__(self) -> None:
        self._bulk = 0
        self._shed_at = 0.0

    @contextmanager
    def joined(self, size: int) -> Iterator["Crowd"]:
        """Count a request of ``size`` bytes while it is served."""
        counts = int(size >= BULK_BYTES)
        self._bulk += counts
        try:
            yield self if counts else _NOBODY
        finally:
            self._bulk -= counts

    def better_elsewhere(self, moment: float) -> bool:
        """Whether the request being answered should close its connection; ``moment`` in seconds."""
        if self._bulk < 2 or moment - self._shed_at < _SHED_EVERY_SECONDS:
            return False
        self._shed_at = moment
        return True


_NOBODY = Crowd()


def _serve(scope: Message, call: str, body: bytes) -> Answer:
    """In a thread of the pool: collect, then leave no tenant active and no stale connection."""
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    about.note(route=scope["path"])
    close_old_connections()
    deactivate()
    try:
        serve = QUICK.get(call, take_in)
        return respond(lambda: _parts(headers, call, body), scope["path"], serve)
    finally:
        if connection.connection is not None:
            connection.close()


def _parts(headers: dict[bytes, str], call: str, body: bytes) -> Parts:
    return Parts(
        call=call,
        body=body,
        content_type=headers.get(b"content-type", ""),
        content_encoding=headers.get(b"content-encoding", ""),
        authorization=headers.get(b"authorization", ""),
    )


async def _body(receive: Receive) -> bytes | None:
    """The body to just above the limit, the rest dropped; ``None`` when the sender left."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunk = message.get("body", b"")
        if size <= MAX_BODY_BYTES:
            parts.append(chunk)
        size += len(chunk)
        if not message.get("more_body", False):
            return parts[0] if len(parts) == 1 else b"".join(parts)


def _encoded(headers: Mapping[str, str]) -> Headers:
    return [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]


async def _send(answer: Answer, constant: Headers, send: Send, *, shed: bool) -> None:
    headers = [*_encoded(answer.headers), *constant]
    headers.append((b"content-length", str(len(answer.content)).encode()))
    if shed:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.content})
