"""A dossier that an expert checks without us, and that no changed byte gets through."""

import json
import subprocess
import sys
import zipfile
from hashlib import sha256

import pytest

from eventlog import read
from eventlog.catalogue import decode
from evidence import verifier
from kernel import clock
from regulator import queries_cases
from regulator.dossier import jobs, making, tasks
from regulator.models import Dossier
from tests.regulator.dossier.conftest import DAY, NOON, seal

OFFICER = "a" * 32


@pytest.fixture
def written(authority, case):
    """The case's dossier, made; its job."""
    job = jobs.ask_for_case(queries_cases.case(case), actor=OFFICER, now=clock.now())
    result = making.make(job, tenant=authority, now=clock.now(), patience=0)
    Dossier.objects.filter(pk=job.pk).update(status=Dossier.Status.DONE, result=result)
    job.refresh_from_db()
    return job


def lines(path, name):
    with zipfile.ZipFile(path) as held:
        return held.read(name).splitlines()


def test_an_expert_checks_it_with_the_program_in_it_alone(written, tmp_path):
    path = jobs.path_of(written)
    with zipfile.ZipFile(path) as held:
        held.extract("verifier.py", tmp_path)
        assert held.read("summary.pdf").startswith(b"%PDF-")
        key = held.read("keys.txt").decode().split()[0]

    done = subprocess.run(
        [sys.executable, "-I", tmp_path / "verifier.py", path, "--key", key],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")
    assert f"SHA-256 of summary.pdf {written.result['summary']}" in done.stdout
    assert done.stdout.endswith("HOLDS\n")


def test_it_holds_what_the_case_is_about_and_nothing_else(written, case):
    path = jobs.path_of(written)
    found = [json.loads(line) for line in lines(path, "events.jsonl")]
    kinds = [each["type"] for each in found]

    assert kinds.count("gaming.stake") == 30
    assert kinds.count("gaming.batch_received") == 1
    assert kinds.count("gaming.return_filed") == 2
    assert kinds.count("gaming.operator_registered") == 1
    assert [each for each in kinds if "case" in each] == ["gaming.case_opened",
                                                          "gaming.case_decided"]  # fmt: skip
    assert {each["payload"]["operator"] for each in found} == {"lucky"}

    proof = json.loads(b"\n".join(lines(path, "proof.json")))
    assert (proof["case"], proof["operator"]) == (str(case), "lucky")
    declared = [(each["declared"], each["feed"]) for each in proof["returns"]]
    fed = sum(500 + number for number in range(1, 31))
    assert declared == [(100, fed), (20_000, fed)]
    assert proof["figures"][0]["seen"] == fed
    assert [each["what"] for each in proof["steps"]] == ["Opened a case", "Decided a case"]
    assert proof["decision"] == "Fine of 5.00 EUR. It hid them."
    named = {name: digest for name, digest in proof["files"].items() if name != "proof.json"}
    with zipfile.ZipFile(path) as held:
        assert {name: sha256(held.read(name)).hexdigest() for name in named} == named


@pytest.mark.parametrize("at", [0.02, 0.3, 0.6, 0.97])
def test_one_changed_byte_is_seen_whichever_file_it_is_in(written, capsys, at):
    path = jobs.path_of(written)
    with zipfile.ZipFile(path) as held:
        names = [name for name in held.namelist() if held.read(name)]
    for name in names:
        out = path.with_name("changed.zip")
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
            for each in old.namelist():
                raw = bytearray(old.read(each))
                if each == name:
                    raw[int(at * (len(raw) - 1))] ^= 1
                new.writestr(each, bytes(raw))
        assert verifier.main([str(out)]) != 0, (name, at)
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    out.write_bytes(whole)
    assert verifier.main([str(out)]) != 0
    capsys.readouterr()


def test_who_had_it_written_stands_in_the_log_with_its_hash(written, case):
    (event,) = [each for each in read.latest(limit=5) if each.type == "gaming.evidence_written"]
    told = decode(event)

    assert told.bundle == sha256(jobs.path_of(written).read_bytes()).hexdigest()
    assert (told.actor, told.case, told.events) == (OFFICER, str(case), written.result["events"])


def test_an_operators_days_have_a_dossier_of_their_own(authority, case):
    since = NOON.replace(hour=0)
    job = jobs.ask_for_days("lucky", since, since.replace(hour=23), actor=OFFICER, now=clock.now())
    result = making.make(job, tenant=authority, now=clock.now(), patience=0)
    proof = json.loads(b"\n".join(lines(jobs.path_of(job), "proof.json")))

    assert result["events"] > 30
    assert (proof["case"], proof["since"][:10]) == (None, str(DAY))
    assert jobs.of_days().running


def test_what_is_not_sealed_is_waited_for_and_then_said(authority, case):
    from evidence.contracts import NotSealedYet
    from regulator import contracts_cases as words
    from regulator.cases import commands
    from tests.eventlog.events import settle

    job = jobs.ask_for_case(queries_cases.case(case), actor=OFFICER, now=clock.now())
    commands.take(case, words.CaseNoted, {"text": "New."}, actor=OFFICER, now=clock.now())
    settle()
    with pytest.raises(NotSealedYet):
        making.make(job, tenant=authority, now=clock.now(), patience=0)
    seal()
    assert making.make(job, tenant=authority, now=clock.now(), patience=0)["events"]


def test_one_that_broke_off_can_be_asked_for_again(authority, case, monkeypatch):
    asked = jobs.ask_for_case(queries_cases.case(case), actor=OFFICER, now=clock.now())
    monkeypatch.setattr(making, "make", _breaks)

    with pytest.raises(ZeroDivisionError):
        tasks.write(schema=authority.schema_name, dossier=asked.pk)

    again = jobs.ask_for_case(queries_cases.case(case), actor=OFFICER, now=clock.now())
    asked.refresh_from_db()
    assert (asked.status, asked.error[:12]) == (Dossier.Status.FAILED, "It broke off")
    assert again.pk != asked.pk


def _breaks(*_, **__):
    raise ZeroDivisionError
