"""What lies outside: a mail server, and a receiver that behaves as Slack's webhooks do."""

import email
import email.policy
import errno
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from aiosmtpd.controller import Controller

from bench.served import free_port

_TRIES = 10


@dataclass
class Sink:
    """What came in, and what to answer instead of taking it: ``answers`` maps a stage to a line."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)

    async def handle_RCPT(  # noqa: N802  # the library's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        """Take an address, or not."""
        if "rcpt" in self.answers:
            return self.answers["rcpt"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a letter, or not."""
        if "data" in self.answers:
            return self.answers["data"]
        self.letters.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"

    def text(self, number: int = -1) -> str:
        """The plain text of a letter."""
        body = self.letters[number].get_body(("plain",))
        return "" if body is None else str(body.get_content())

    def link(self, number: int = -1) -> str:
        """The first address in a letter's text."""
        found = re.search(r"https?://\S+", self.text(number))
        return found.group() if found else ""


@contextmanager
def mail_server() -> Iterator[Sink]:
    """A real SMTP dialogue on a local port."""
    found = Sink()
    controller = _started(found)
    try:
        yield found
    finally:
        controller.stop()


def _started(sink: Sink) -> Controller:
    """On a port that nobody else took between its being found free and its being used."""
    for _ in range(_TRIES):
        sink.port = free_port()
        controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
        try:
            controller.start()
        except OSError as error:
            controller.loop.close()  # which it leaves open
            if error.errno != errno.EADDRINUSE:
                raise
        else:
            return controller
    raise OSError(errno.EADDRINUSE, "no port stayed free")


@dataclass
class Receiver:
    """What came in, and what to answer next: ``answers`` are (status, headers), then 200."""

    port: int = 0
    requests: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/services/T000/B000/XXXX"

    def answer(self, headers: Mapping[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        """Take a message; Slack's own refusal for blocks it would not take."""
        self.bodies.append(body)
        document = json.loads(body)
        self.requests.append((dict(headers), document))
        if self.answers:
            status, more = self.answers.pop(0)
            return status, more, b"no"
        if "blocks" in document and not good_blocks(document["blocks"]):
            return 400, {}, b"invalid_blocks"
        return 200, {}, b"ok"


def good_blocks(blocks: Sequence[Mapping[str, Any]]) -> bool:
    """Slack's published limits of Block Kit."""
    return 0 < len(blocks) <= 50 and all(
        each["type"] in ("header", "section", "actions")
        and (each["type"] != "header" or 0 < len(each["text"]["text"]) <= 150)
        and (each["type"] != "section" or "fields" in each or len(each["text"]["text"]) <= 3_000)
        and len(each.get("fields", [])) <= 10
        and all(0 < len(one["text"]) <= 2_000 for one in each.get("fields", []))
        for each in blocks
    )


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A local HTTP server around a ``Receiver``."""
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the library's name
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, headers, text = found.answer(dict(self.headers), body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.port = server.server_port
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
