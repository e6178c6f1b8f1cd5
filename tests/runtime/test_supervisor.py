"""The supervisor with real processes: shells that fork, die, hang and ignore TERM."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from runtime import supervisor as module
from runtime.errors import CannotStart
from runtime.processes import running
from runtime.supervisor import Program, Supervisor
from tests.runtime.conditions import eventually

ROOT = Path(__file__).resolve().parents[2]

# A program that forks a child which does not end with it, and says who they are.
FORKING = (
    "sleep 1000 & echo $! > {name}.child; echo $$ > {name}.new; mv {name}.new {name}.pid; wait"
)
DRIVER = """
import sys
from pathlib import Path
from runtime.supervisor import Program, Supervisor

home = Path(sys.argv[1])
supervisor = Supervisor(logs=home / "log", say=lambda line: print(line, flush=True), cwd=home)
supervisor.handle_signals()
for name in ("first", "second"):
    script = sys.argv[2].format(name=name)
    ready = (home / (name + ".pid")).exists
    argv, env = ["sh", "-c", script], {"PATH": sys.argv[3]}
    supervisor.start(Program(name=name, argv=argv, env=env, ready=ready))
print("up", flush=True)
supervisor.watch()
supervisor.stop()
supervisor.dismiss()
"""


def pid_of(file: Path) -> int:
    return int(file.read_text())


def shell(name: str, script: str, **more) -> Program:
    return Program(name=name, argv=["sh", "-c", script], env={"PATH": os.environ["PATH"]}, **more)


@pytest.fixture
def said():
    return []


@pytest.fixture
def supervisor(tmp_path, said):
    made = Supervisor(logs=tmp_path / "log", say=said.append, cwd=tmp_path)
    yield made
    made.stop()
    made.dismiss()


@pytest.fixture
def driver(tmp_path):
    """A supervisor in a process of its own, with two forking programs up."""
    process = subprocess.Popen(
        [sys.executable, "-c", DRIVER, str(tmp_path), FORKING, os.environ["PATH"]],
        env={"PYTHONPATH": str(ROOT / "platform")},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if line == "up\n":
            break
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def everybody(home: Path) -> list[int]:
    return [pid_of(home / f"{n}.{kind}") for n in ("first", "second") for kind in ("pid", "child")]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_no_process_is_left_whatever_ends_the_supervisor(driver, tmp_path, number):
    family = everybody(tmp_path)
    assert all(running(pid) for pid in family)
    driver.send_signal(number)
    driver.wait(timeout=60)
    eventually(lambda: not any(running(pid) for pid in family), f"{family} have ended")


def test_it_stops_in_reverse_order(driver):
    driver.send_signal(signal.SIGTERM)
    rest = driver.stdout.read().splitlines()
    assert rest == ["Stopping second …", "Stopping first …"]
    assert driver.wait(timeout=60) == 0


def test_it_waits_until_a_program_is_ready(supervisor, tmp_path):
    supervisor.start(
        shell("slow", "sleep 0.2; touch ready; sleep 1000", ready=(tmp_path / "ready").exists)
    )
    assert (tmp_path / "ready").exists()


def test_a_program_that_dies_before_it_is_ready_says_why(supervisor):
    said = r"broken ended at once.\n +no such table\n.*broken.log"
    with pytest.raises(CannotStart, match=said):
        supervisor.start(shell("broken", "echo no such table; exit 3", ready=lambda: False))


def test_a_program_that_never_gets_ready_is_given_up(supervisor, monkeypatch):
    monkeypatch.setattr(module, "READY_SECONDS", 0.1)
    with pytest.raises(CannotStart, match="hanging is not ready"):
        supervisor.start(shell("hanging", "sleep 1000", ready=lambda: False))


def test_one_that_ignores_term_is_killed(supervisor, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "GRACE_SECONDS", 0.1)
    script = "trap '' TERM; echo $$ > new; mv new pid; while :; do sleep 1000; done"
    supervisor.start(shell("stubborn", script, ready=(tmp_path / "pid").exists))
    supervisor.stop()
    assert not running(pid_of(tmp_path / "pid"))


def test_a_program_that_dies_is_started_again_without_its_orphans(supervisor, tmp_path, said):
    supervisor.start(shell("web", FORKING.format(name="web"), ready=(tmp_path / "web.pid").exists))
    first, orphan = pid_of(tmp_path / "web.pid"), pid_of(tmp_path / "web.child")
    os.kill(first, signal.SIGKILL)

    def again() -> bool:
        for child in supervisor._children:
            supervisor._look_after(child)
        return pid_of(tmp_path / "web.pid") != first

    eventually(again, "web has been started again")
    eventually(lambda: not running(orphan), "what the dead one forked has ended")
    assert any("web ended with -9; starting it again in 2 s" in line for line in said)


def test_what_is_entrusted_ends_only_with_a_supervisor_that_is_killed(tmp_path):
    script = (
        "import subprocess, sys\n"
        "from pathlib import Path\n"
        "from runtime.supervisor import Supervisor\n"
        "s = Supervisor(logs=Path('.'), say=print, cwd=Path('.'))\n"
        "p = subprocess.Popen(['sleep', '1000'], start_new_session=True,"
        " stdout=subprocess.DEVNULL)\n"
        "s.entrust(p.pid)\n"
        "print(p.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": str(ROOT / "platform"), "PATH": os.environ["PATH"]},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        assert running(pid)
        process.kill()
    eventually(lambda: not running(pid), "the entrusted process has ended")
