"""What the web server itself says is JSON, from its first line to its last."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from bench.served import ROOT

APP = """
async def application(scope, receive, send):
    raise RuntimeError("ada@example.org")
"""
CONFIG = ROOT / "platform" / "runtime" / "server_lines.json"


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def answered(port):
    """Ask once the server is there; whatever it answers."""
    for _ in range(200):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as asked:
                asked.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                return asked.recv(100)
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the server did not come up")


def test_its_lines_are_json_and_name_nobody(tmp_path: Path):
    (tmp_path / "broken_app.py").write_text(APP)
    port = free_port()
    path = os.pathsep.join([str(tmp_path), str(ROOT / "platform"), str(ROOT)])
    server = subprocess.Popen(
        [
            sys.executable, "-m", "granian", "--interface", "asginl", "--port", str(port),
            "--log-level", "info", "--log-config", str(CONFIG), "broken_app:application",
        ],
        env={**os.environ, "PYTHONPATH": path}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert answered(port).startswith(b"HTTP/1.1 500")
    finally:
        server.send_signal(signal.SIGTERM)
        said, _ = server.communicate(timeout=60)

    lines = [json.loads(line) for line in said.splitlines() if line]
    assert len(lines) > 2
    assert all({"event", "logger", "level", "timestamp"} <= line.keys() for line in lines)
    assert any(line.get("failure") == "RuntimeError" for line in lines)
    assert "ada@example.org" not in said
