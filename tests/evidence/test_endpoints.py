"""The log's API: what it answers proves itself."""

import base64
import uuid

import pytest
from django.db import connection
from django.test import Client

from eventlog import canonical
from eventlog.append import append
from eventlog.merkle import notes, tree
from eventlog.seal import signing
from tenants import keys
from tenants.contracts import Scope
from tests.eventlog.events import NOON, event


@pytest.fixture
def ask(sealed):
    """GET below /api/v1/log/ with a key of the sealed log's tenant."""
    connection.set_schema_to_public()
    issued = keys.issue(
        tenant=sealed, name="test", scopes=(Scope.READ,), created_by="test", now=NOON
    )
    connection.set_tenant(sealed)

    def get(path):
        return Client().get(
            f"/api/v1/log/{path}", headers={"authorization": f"Bearer {issued.text}"}
        )

    return get


def raw(text):
    return base64.b64decode(text, validate=True)


def test_a_proof_proves_the_event(ask, sealed):
    answer = ask(f"events/{event(7).id}/proof").json()
    connection.set_tenant(sealed)
    leaf = canonical.leaf_hash(answer["event"].encode())
    said, _ = notes.parse(answer["checkpoint"]["note"])
    assert notes.signers(answer["checkpoint"]["note"], [signing.known()[0].verifier])
    assert leaf == raw(answer["leaf_hash"])
    path = [raw(each) for each in answer["path"]]
    index = answer["leaf_index"]
    assert tree.root_from_path(leaf=leaf, index=index, size=said.size, path=path) == said.root


def test_an_earlier_checkpoint_can_be_asked_for(ask):
    answer = ask(f"events/{event(7).id}/proof?size=110").json()
    assert answer["checkpoint"]["size"] == 110
    assert ask(f"events/{event(7).id}/proof?size=111").json()["code"] == "no_checkpoint"


def test_consistency_holds_between_checkpoints(ask):
    newest = ask("checkpoint").json()
    early = ask(f"events/{event(0).id}/proof?size=110").json()["checkpoint"]
    answer = ask("consistency?from=110").json()
    assert (answer["from"], answer["to"]) == (110, 300)
    assert tree.extends(
        old=110,
        old_root=raw(early["root"]),
        new=300,
        new_root=raw(newest["root"]),
        path=[raw(each) for each in answer["path"]],
    )


def test_keys_are_published(ask):
    (key,) = ask("keys").json()["keys"]
    assert key["current"]
    assert key["key"].split("+")[1] == key["key_id"]


def test_an_event_that_waits_is_told_from_one_that_is_not_there(ask, sealed):
    append([event(300)], recorded_at=NOON)
    waiting = ask(f"events/{event(300).id}/proof")
    unknown = ask(f"events/{uuid.uuid4()}/proof")
    assert (waiting.status_code, waiting.json()["code"]) == (404, "not_sealed_yet")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "query", ["from=-1", "from=x", "", "from=2&to=1", "from=1&to=301", "from=99999999999999999999"]
)
def test_sizes_that_never_were_are_refused(ask, query):
    answer = ask(f"consistency?{query}")
    assert answer.status_code == 400
    assert answer.json()["code"] in {"invalid_size", "size_out_of_range"}


def test_a_rival_proves_nothing_of_acmes(sealed, ask):
    from tenants.models import Tenant

    connection.set_schema_to_public()
    rival = keys.issue(
        tenant=Tenant.objects.get(slug="rival"),
        name="test",
        scopes=(Scope.READ,),
        created_by="test",
        now=NOON,
    )
    headers = {"authorization": f"Bearer {rival.text}"}
    for path in (f"events/{event(7).id}/proof", "checkpoint", "consistency?from=1", "keys"):
        answer = Client().get(f"/api/v1/log/{path}", headers=headers)
        assert str(event(7).id) not in answer.content.decode().replace(path, "")
        assert answer.status_code == 404 or answer.json() == {"keys": []}
    connection.set_tenant(sealed)
