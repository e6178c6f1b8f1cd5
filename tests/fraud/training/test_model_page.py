"""A model's page: its card, read and taken along, and the button that promotes it."""

import hashlib

import pytest
from kombu.exceptions import OperationalError

from fraud import tasks
from fraud.scoring.decide import FEATURES_VERSION
from fraud.training import registry
from kernel import clock
from tenants.contracts import Role
from tenants.models import Membership, User
from tests.conftest import client_of

WHO = "b" * 32
DIGEST = hashlib.sha256(b"model").hexdigest()
PAGE = f"/fraud/models/{DIGEST}/"


@pytest.fixture
def model(acme, as_tenant):
    with as_tenant(acme):
        registry.register(
            b"model", digest=DIGEST, family="trees", features_version=FEATURES_VERSION,
            figures={"average_precision": 0.91, "auc": 0.98, "recall": 0.8, "weight_ctit": 0.4},
            learned_from={"examples": 900, "fraud": 90}, now=clock.now(),
        )  # fmt: skip
    return acme


@pytest.fixture
def viewer_client(acme):
    """A browser of a member who may look and not change."""
    user = User.objects.create_user(email="vera@acme.example", password="x", name="Vera")
    Membership.objects.create(tenant=acme, user=user, role=Role.AUDITOR, created_at=clock.now())
    return client_of(acme, user)


@pytest.mark.usefixtures("model")
def test_it_shows_the_card_and_promotes(acme_owner_client):
    answer = acme_owner_client.get(PAGE)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Click to install time, of installs" in page
    assert "Only 90 events were called false" in page
    assert "##" not in page
    assert "Promote</button>" in page

    acme_owner_client.post("/fraud/models/promote/", {"model": DIGEST})

    page = acme_owner_client.get(PAGE).content.decode()
    assert "Champion since" in page
    assert "Chosen on the models page." in page
    assert "Promote</button>" not in page


@pytest.mark.parametrize("act", ["promote/", "back/"])
def test_the_worker_is_told_of_a_change(model, act, as_tenant, acme_owner_client, monkeypatch):
    with as_tenant(model):
        registry.promote(DIGEST, why="First.", actor=WHO, now=clock.now())
        registry.retire(why="Rules alone.", actor=WHO, now=clock.now())
    asked = []
    monkeypatch.setattr(tasks.track, "apply_async", lambda **how: asked.append(how["kwargs"]))

    acme_owner_client.post(f"/fraud/models/{act}", {"model": DIGEST})

    assert asked == [{"schema": model.schema_name}]


@pytest.mark.usefixtures("model")
def test_a_queue_that_is_gone_hinders_no_promotion(acme_owner_client, monkeypatch):
    def gone(**how):
        raise OperationalError("nobody listens")

    monkeypatch.setattr(tasks.track, "apply_async", gone)

    acme_owner_client.post("/fraud/models/promote/", {"model": DIGEST})

    assert "Champion since" in acme_owner_client.get(PAGE).content.decode()


@pytest.mark.usefixtures("model")
def test_the_card_is_a_markdown_file(acme_owner_client):
    answer = acme_owner_client.get(f"{PAGE}?format=md")

    assert answer["Content-Type"] == "text/markdown; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="model-{DIGEST[:8]}.md"'
    assert answer.content.decode().startswith(f"# Model {DIGEST[:8]} (trees)")


@pytest.mark.usefixtures("model")
def test_the_list_leads_to_it(acme_owner_client):
    assert f'href="{PAGE}"' in acme_owner_client.get("/fraud/models/").content.decode()


@pytest.mark.usefixtures("model")
def test_who_may_only_look_has_no_button(viewer_client):
    page = viewer_client.get(PAGE)

    assert page.status_code == 200
    assert "Promote</button>" not in page.content.decode()


@pytest.mark.usefixtures("model")
def test_a_rival_finds_no_such_model(rival_owner_client):
    assert rival_owner_client.get(PAGE).status_code == 404
    assert rival_owner_client.get(f"{PAGE}?format=md").status_code == 404


def test_who_promoted_a_model_is_read_from_the_log(model, as_tenant):
    with as_tenant(model):
        assert registry.promotion(registry.model(DIGEST)) is None
        registry.promote(DIGEST, why="Better.", actor=WHO, now=clock.now())

        found = registry.promotion(registry.model(DIGEST))

        assert (found.actor, found.why) == (WHO, "Better.")
