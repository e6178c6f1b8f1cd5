"""Things of the active tenant with the marker in them, for the walk of all routes."""

import uuid

from kernel import clock

MARKER = "zebrafinch"


def alerting():
    """An alert, a route and a rule of the active tenant, with the marker in each; their numbers."""
    from alerts import raising
    from alerts.contracts import Raised, Severity
    from alerts.models import Route, Rule

    now = clock.now()
    told = Raised(
        kind="rule.events", key=MARKER, severity=Severity.WARNING, title=MARKER, text=MARKER,
        path=f"/{MARKER}/", since=now,
    )  # fmt: skip
    route = Route.objects.create(name=MARKER, way="email", roles=["owner"], created_at=now)
    rule = Rule.objects.create(
        name=MARKER, check_kind="above", event_type=MARKER, minutes=5, amount=1, created_at=now
    )
    return raising.raise_alert(told, now=now), route.pk, rule.pk


def judged():
    """A case, a ring and a model of the active tenant, with the marker in each; the first two."""
    from fraud.cases.names import id_of
    from fraud.models import Case, TrainedModel
    from tests.fraud.cases.told import record
    from tests.fraud.rings.told import kept_ring

    event, now = uuid.UUID(int=77), clock.now()
    Case.objects.create(
        event=event, at=now, decided_at=now, type=MARKER, subject=MARKER, score=86, verdict="block",
        kind="click_injection", record=record(event, type=MARKER), uncertainty=1.0,
        publisher=id_of("publisher", MARKER),
    )  # fmt: skip
    TrainedModel.objects.create(
        digest="7" * 64, family=MARKER, state="challenger", features_version="x",
        registered_at=now, figures={"trees": 1.0, "recall": 1.0},
        learned_from={"examples": 1, "fraud": 1}, artefact=b"",
    )  # fmt: skip
    return event, kept_ring(MARKER, end=clock.now())


def exported_evidence():
    """A bundle of evidence of the active tenant, with the marker in it; its job's number."""
    from evidence import jobs
    from evidence.models import Job

    job = jobs.start(Job.Kind.EXPORT, now=clock.now())
    path = jobs.path_of(job)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(MARKER)
    Job.objects.filter(pk=job.pk).update(status="done", result={"events": 1, "size": 2})
    return job.pk
