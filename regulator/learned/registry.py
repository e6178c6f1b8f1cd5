"""The active tenant's learned detectors: registered, promoted, rolled back; each step an event."""

from datetime import datetime

from django.db import transaction

from eventlog.append import append
from eventlog.said import said
from eventlog.tenancy import active_tenant
from kernel.errors import InvalidInput, NotFound
from regulator.contracts_learned import GamingModelPromoted, GamingModelRegistered
from regulator.learned import serving
from regulator.learned.item import ModelItem
from regulator.learned.serving import CHAMPION
from regulator.models import LearnedModel

CHALLENGER, RETIRED = "challenger", "retired"
SOURCE = "regulator"
WORKER = "worker"
"""Who promotes what passed its gate by itself."""


def register(item: ModelItem, artefact: bytes, *, now: datetime) -> None:
    """Keep detectors as the challenger; the same bytes again change nothing."""
    active_tenant()
    if LearnedModel.objects.filter(digest=item.digest).exists():
        return
    body = GamingModelRegistered(
        model=item.digest, family=item.family, figures=dict(item.figures),
        ways={name: str(each["way"]) for name, each in item.ways.items()},
        learned_from=dict(item.learned_from),
    )  # fmt: skip
    with transaction.atomic():
        LearnedModel.objects.filter(state=CHALLENGER).update(state=RETIRED)
        LearnedModel.objects.create(
            digest=item.digest, family=item.family, state=CHALLENGER, registered_at=now,
            figures=dict(item.figures), ways={name: dict(each) for name, each in item.ways.items()},
            learned_from=dict(item.learned_from), artefact=artefact,
        )  # fmt: skip
        append([said("gaming.model_registered", body, source=SOURCE, now=now)], recorded_at=now)


def promote(digest: str, *, why: str, actor: str, now: datetime) -> None:
    """Have these judge. Raises ``NotFound``; ``InvalidInput`` where they do already."""
    active_tenant()
    with transaction.atomic():
        rows = LearnedModel.objects.select_for_update().order_by("digest")
        states = dict(rows.values_list("digest", "state"))
        if digest not in states:
            raise NotFound("There is no such model.")
        if states[digest] == CHAMPION:
            raise InvalidInput("This model judges already.")
        before = next((name for name, state in states.items() if state == CHAMPION), "")
        body = GamingModelPromoted(model=digest, before=before, why=why, actor=actor)
        append([said("gaming.model_promoted", body, source=SOURCE, now=now)], recorded_at=now)
        LearnedModel.objects.filter(state=CHAMPION).update(state=RETIRED)
        LearnedModel.objects.filter(digest=digest).update(state=CHAMPION, promoted_at=now)
    serving.forget()


def roll_back(*, actor: str, now: datetime) -> str:
    """Put back those that judged before; their name. Raises ``InvalidInput``: there are none."""
    rows = LearnedModel.objects.filter(state=RETIRED, promoted_at__isnull=False)
    before = rows.order_by("-promoted_at").values_list("digest", flat=True).first()
    if before is None:
        raise InvalidInput("There is no earlier model to go back to.")
    promote(before, why="Rolled back.", actor=actor, now=now)
    return str(before)


def models() -> list[ModelItem]:
    """All, the one that judges first, then the newest."""
    rows = LearnedModel.objects.defer("artefact").order_by("-registered_at")
    return sorted((_item(row) for row in rows), key=lambda each: each.state != CHAMPION)


def model(digest: str) -> ModelItem:
    """One of them. Raises ``NotFound``."""
    row = LearnedModel.objects.defer("artefact").filter(digest=digest).first()
    if row is None:
        raise NotFound("There is no such model.")
    return _item(row)


def newest() -> datetime | None:
    """When the newest was registered."""
    rows = LearnedModel.objects.order_by("-registered_at")
    return rows.values_list("registered_at", flat=True).first()


def _item(row: LearnedModel) -> ModelItem:
    return ModelItem(
        digest=row.digest, family=row.family, state=row.state, registered_at=row.registered_at,
        promoted_at=row.promoted_at, figures=row.figures, ways=row.ways,
        learned_from=row.learned_from,
    )  # fmt: skip
