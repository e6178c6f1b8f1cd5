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


def supervised(operator):
    """A case, its evidence and an event of the active authority, with the marker in each.

    The arguments of their routes.
    """
    import msgspec

    from eventlog import read
    from regulator import contracts_cases as words
    from regulator.cases import commands
    from regulator.contracts_cases import About, AboutKind
    from regulator.dossier import jobs
    from regulator.models import CaseFile, CaseStep, Dossier

    now = clock.now()
    about = About(kind=AboutKind.OPERATOR, id=operator, title=MARKER, operator=operator)
    case = commands.open_case(
        operator=operator, title=MARKER, about=(about,), actor="a" * 32, now=now
    )
    held = commands.held(case)
    CaseFile.objects.create(
        case=case, number=held.number, operator=operator, state="open", closed=False,
        body=msgspec.to_builtins(held),
    )  # fmt: skip
    opened = words.CaseOpened(
        case=str(case), operator=operator, step=1, actor="a" * 32, number=held.number,
        title=MARKER, about=(about,),
    )  # fmt: skip
    (event,) = read.latest(limit=1)
    CaseStep.objects.create(
        case=case, step=1, event=event.id, at=now, type=event.type,
        body=msgspec.to_builtins(opened),
    )  # fmt: skip
    job = Dossier.objects.create(
        operator=operator, case=case, since=now, until=now, actor="a" * 32, status="done",
        result={"events": 1, "bundle": MARKER}, created_at=now,
    )  # fmt: skip
    path = jobs.path_of(job)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(MARKER)
    return {"case_id": case, "dossier_id": job.pk, "event_id": event.id}
