"""The active tenant's models: registered, promoted, rolled back; each step an event."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
from django.db import transaction

from eventlog import read
from eventlog.append import append
from eventlog.said import said
from eventlog.tenancy import active_tenant
from fraud.contracts import ModelPromoted, ModelRegistered
from fraud.models import TrainedModel
from fraud.scoring import serving
from fraud.scoring.serving import CHAMPION
from fraud.training.item import ModelItem, Promotion
from kernel import ids
from kernel.errors import InvalidInput, NotFound

CHALLENGER, RETIRED = "challenger", "retired"
SOURCE = "fraud"
WEEK = timedelta(days=7)


def register(
    artefact: bytes, *, digest: str, family: str, features_version: str,
    figures: Mapping[str, float], learned_from: Mapping[str, int], now: datetime,
) -> None:  # fmt: skip
    """Keep a model as a challenger; the same bytes again change nothing."""
    active_tenant()
    if TrainedModel.objects.filter(digest=digest).exists():
        return
    body = ModelRegistered(
        model=digest, family=family, features_version=features_version, figures=dict(figures),
        learned_from=dict(learned_from),
    )  # fmt: skip
    with transaction.atomic():
        TrainedModel.objects.filter(state=CHALLENGER).update(state=RETIRED)
        TrainedModel.objects.create(
            digest=digest, family=family, state=CHALLENGER, features_version=features_version,
            registered_at=now, figures=dict(figures), learned_from=dict(learned_from),
            artefact=artefact,
        )  # fmt: skip
        append([said("fraud.model_registered", body, source=SOURCE, now=now)], recorded_at=now)


def promote(digest: str, *, why: str, actor: str, now: datetime) -> None:
    """Make a model the champion. Raises ``NotFound``; ``InvalidInput`` where it is already."""
    active_tenant()
    with transaction.atomic():
        states = _locked()
        if digest not in states:
            raise NotFound("There is no such model.")
        if states[digest] == CHAMPION:
            raise InvalidInput("This model is the champion already.")
        _say(digest, why, actor, now)
        TrainedModel.objects.filter(state=CHAMPION).update(state=RETIRED)
        TrainedModel.objects.filter(digest=digest).update(state=CHAMPION, promoted_at=now)
    serving.forget()


def roll_back(*, actor: str, now: datetime) -> str:
    """Put the champion before this one back; its name. Raises ``InvalidInput``: there is none."""
    rows = TrainedModel.objects.filter(state=RETIRED, promoted_at__isnull=False)
    before = rows.order_by("-promoted_at").values_list("digest", flat=True).first()
    if before is None:
        raise InvalidInput("There is no earlier champion to go back to.")
    promote(before, why="Rolled back.", actor=actor, now=now)
    return str(before)


def retire(*, why: str, actor: str, now: datetime) -> None:
    """Have no model take part in scores. Raises ``InvalidInput`` where none does."""
    with transaction.atomic():
        _locked()
        _say("", why, actor, now)
        if not TrainedModel.objects.filter(state=CHAMPION).update(state=RETIRED):
            raise InvalidInput("No model takes part in scores.")
    serving.forget()


def models() -> list[ModelItem]:
    """All models, the champion first, then the newest."""
    rows = TrainedModel.objects.defer("artefact").order_by("-registered_at")
    return sorted((_item(row) for row in rows), key=lambda each: each.state != CHAMPION)


def networks_due(*, now: datetime) -> bool:
    """Whether it is a week since networks were trained."""
    lately = TrainedModel.objects.filter(registered_at__gt=now - WEEK)
    return not lately.filter(figures__networks=1.0).exists()


def model(digest: str) -> ModelItem:
    """One model. Raises ``NotFound``."""
    row = TrainedModel.objects.defer("artefact").filter(digest=digest).first()
    if row is None:
        raise NotFound("There is no such model.")
    return _item(row)


def promotion(item: ModelItem) -> Promotion | None:
    """How a model last became the champion, as the log has it; ``None``: it never did."""
    if item.promoted_at is None:
        return None
    said_so = read.one(id=_said_as(item.digest, item.promoted_at), occurred_at=item.promoted_at)
    if said_so is None:  # promoted by a version that gave these events no names
        return Promotion(at=item.promoted_at, actor="", why="")
    body = msgspec.json.decode(said_so.payload, type=ModelPromoted)
    return Promotion(at=item.promoted_at, actor=body.actor, why=body.why)


def _locked() -> dict[str, str]:
    """The state of every model, held until the transaction ends: there is one champion at most."""
    rows = TrainedModel.objects.select_for_update().order_by("digest")
    return dict(rows.values_list("digest", "state"))


def _say(digest: str, why: str, actor: str, now: datetime) -> None:
    champion = TrainedModel.objects.filter(state=CHAMPION).values_list("digest", flat=True).first()
    body = ModelPromoted(model=digest, before=champion or "", why=why, actor=actor)
    event = said("fraud.model_promoted", body, source=SOURCE, now=now, id=_said_as(digest, now))
    append([event], recorded_at=now)


def _said_as(digest: str, at: datetime) -> UUID:
    """The id of the event that a model became the champion: found again without a search."""
    return ids.event_id(f"fraud.model_promoted:{digest}:{at.astimezone(UTC).isoformat()}")


def _item(row: TrainedModel) -> ModelItem:
    return ModelItem(
        digest=row.digest, family=row.family, state=row.state,
        features_version=row.features_version, registered_at=row.registered_at,
        promoted_at=row.promoted_at, figures=row.figures, learned_from=row.learned_from,
    )  # fmt: skip
