"""Every version of every event type ever shipped decodes forever."""

import json
from pathlib import Path

import msgspec
import pytest

import attribution.contracts
import ingest.contracts
import regulator.contracts
import regulator.contracts_anomalies
import regulator.contracts_cases
import regulator.contracts_forecasts
import regulator.contracts_learned
import tenants.privacy.contracts
from eventlog import catalogue

EVENTS = Path(__file__).parent / "events"
PACKAGES = (
    attribution.contracts, ingest.contracts, regulator.contracts, regulator.contracts_anomalies,
    regulator.contracts_cases, regulator.contracts_forecasts, regulator.contracts_learned,
    tenants.privacy.contracts,
)  # fmt: skip
FILES = sorted(EVENTS.glob("*.v*.json"))


def test_every_registered_version_has_its_golden_files():
    missing = [
        f"{name}.v{step}.json"
        for name, version, _ in catalogue.all_types()
        for step in range(1, version + 1)
        if not (EVENTS / f"{name}.v{step}.json").exists()
    ]

    assert missing == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_decodes_a_golden_event(path):
    name, version = path.stem.rsplit(".v", 1)

    body = catalogue.decode_payload(name, int(version), path.read_text())

    assert isinstance(body, catalogue.shape_of(name))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_golden_event_of_the_current_version_loses_nothing(path):
    name, version = path.stem.rsplit(".v", 1)
    if int(version) != catalogue.version_of(name):
        pytest.skip("an older version: its upcaster may rename")
    sent = json.loads(path.read_text())

    body = catalogue.decode_payload(name, int(version), path.read_text())

    kept = json.loads(msgspec.json.encode(body))
    assert {key: kept.get(key) for key in sent} == sent
