"""The REST side of requests, policy and consent: parse, one call, render."""

from typing import Any
from uuid import UUID

import msgspec
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ingest.auth import Principal
from ingest.documents import PROBLEM
from kernel import clock
from tenants.privacy import commands, export, holdings, policy, queries, retention
from tenants.privacy.contracts import Kind, Purpose, Reason, RequestView, Step
from tenants.privacy.endpoints import ID_KINDS
from tenants.privacy.policy import LONGEST_DAYS, SHORTEST_DAYS

_STEPS = [
    str(each) for each in (Step.IDENTITY_CHECKED, Step.EXTENDED, Step.COMPLETED, Step.REFUSED)
]
_PROBLEM_TYPE = "application/problem+json"
_CLOSED = OpenApiResponse(response=PROBLEM, description="It was answered already")

KINDS = [str(kind) for kind in Kind]


class RequestInput(serializers.Serializer[Any]):
    """A person's request as it came in."""

    kind = serializers.ChoiceField(choices=KINDS)
    id_kind = serializers.ChoiceField(choices=ID_KINDS)
    value = serializers.CharField(
        max_length=500, help_text="The person's id; kept as a pseudonym alone."
    )
    received_on = serializers.DateField(required=False, help_text="Today when absent.")
    reference = serializers.RegexField(
        r"^[A-Za-z0-9#/-]{0,40}$", default="", help_text="A ticket's number; no names."
    )


class StepInput(serializers.Serializer[Any]):
    """What was done about a request; refusing and extending need a reason."""

    step = serializers.ChoiceField(choices=_STEPS)
    reason = serializers.ChoiceField(choices=["", *(str(each) for each in Reason)], default="")


class StepAnswer(serializers.Serializer[Any]):
    """A line of a request's history; ``event_id`` is its event in the log."""

    at = serializers.DateTimeField()
    actor = serializers.CharField()
    step = serializers.CharField()
    reason = serializers.CharField()
    event_id = serializers.CharField()


class RequestAnswer(serializers.Serializer[Any]):
    """A request; its subject is a pseudonym."""

    id = serializers.CharField()
    kind = serializers.ChoiceField(choices=KINDS)
    subject = serializers.CharField()
    reference = serializers.CharField()
    state = serializers.CharField(help_text="open, completed or refused.")
    received_on = serializers.DateField()
    due_on = serializers.DateField()
    created_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    steps = StepAnswer(many=True)


class RequestsAnswer(serializers.Serializer[Any]):
    """The open ones by their date, then the closed, newest first; 500 of each at most."""

    requests = RequestAnswer(many=True)


class DefaultsField(serializers.Serializer[Any]):
    """What holds for a purpose before a person decides."""

    analytics = serializers.BooleanField()
    marketing = serializers.BooleanField()
    personalisation = serializers.BooleanField()


class PolicyInput(serializers.Serializer[Any]):
    """How long events are kept (null: for good), and what holds before a person decides."""

    retention_days = serializers.IntegerField(
        allow_null=True, min_value=SHORTEST_DAYS, max_value=LONGEST_DAYS
    )
    defaults = DefaultsField()


class ExpiryAnswer(serializers.Serializer[Any]):
    """Events older than ``before`` went, so many of them."""

    before = serializers.DateTimeField()
    events = serializers.IntegerField()


class PolicyAnswer(PolicyInput):
    """The policy that holds, and what expired last."""

    last_expiry = ExpiryAnswer(allow_null=True)


class _Admin(APIView):
    scope = "admin"

    @staticmethod
    def principal(request: Request) -> Principal:
        """The key behind the request."""
        if not isinstance(request.auth, Principal):
            raise TypeError("a view behind a key was reached without one")
        return request.auth


def _sent(form: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    checked = form(data=request.data)
    checked.is_valid(raise_exception=True)
    return dict(checked.validated_data)


def _plain(view: RequestView) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(view)
    return found


class Requests(_Admin):
    """``/api/v1/privacy/requests``."""

    @extend_schema(
        operation_id="privacy_requests", tags=["privacy"], summary="What people asked for",
        responses=RequestsAnswer,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """All requests."""
        return Response({"requests": [_plain(each) for each in queries.requests()]})

    @extend_schema(
        operation_id="privacy_requests_create", tags=["privacy"], summary="Take a request",
        description="It must be answered within a month; every step of it is an event in the log.",
        request=RequestInput, responses={201: RequestAnswer},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Take one request."""
        principal, sent, now = self.principal(request), _sent(RequestInput, request), clock.now()
        made = commands.receive(
            tenant=principal.tenant,
            kind=Kind(sent["kind"]),
            subject=commands.subject_of(
                tenant=principal.tenant, id_kind=sent["id_kind"], value=sent["value"]
            ),
            actor=f"key:{principal.key_prefix}",
            reference=sent["reference"],
            received_on=sent.get("received_on") or now.date(),
            now=now,
        )
        return Response(_plain(queries.request(made)), status=201)


class OneRequest(_Admin):
    """``/api/v1/privacy/requests/{id}``."""

    @extend_schema(
        operation_id="privacy_request", tags=["privacy"], summary="A request and its history",
        responses=RequestAnswer,
    )  # fmt: skip
    def get(self, request: Request, request_id: UUID) -> Response:
        """One request."""
        return Response(_plain(queries.request(str(request_id))))


class RequestSteps(_Admin):
    """``/api/v1/privacy/requests/{id}/steps``."""

    @extend_schema(
        operation_id="privacy_request_step", tags=["privacy"], summary="Note what was done",
        description="Completing an erasure erases the person.",
        request=StepInput,
        responses={200: RequestAnswer, (409, _PROBLEM_TYPE): _CLOSED},
    )  # fmt: skip
    def post(self, request: Request, request_id: UUID) -> Response:
        """Take one step."""
        principal, sent = self.principal(request), _sent(StepInput, request)
        commands.take_step(
            tenant=principal.tenant,
            request_id=str(request_id),
            step=Step(sent["step"]),
            reason=sent["reason"],
            actor=f"key:{principal.key_prefix}",
            now=clock.now(),
        )
        return Response(_plain(queries.request(str(request_id))))


class RequestData(_Admin):
    """``/api/v1/privacy/requests/{id}/data``."""

    @extend_schema(
        operation_id="privacy_request_data", tags=["privacy"], summary="A person's own data",
        description="Events with their personal fields, decisions, journeys and profiles, as JSON."
        " That it was made is a step of the request.",
        request=None,
        responses={
            200: OpenApiResponse(response=dict, description="The data"),
            (409, _PROBLEM_TYPE): _CLOSED,
        },
    )  # fmt: skip
    def post(self, request: Request, request_id: UUID) -> Response:
        """Make the export."""
        principal, now = self.principal(request), clock.now()
        found = queries.request(str(request_id))
        commands.take_step(
            tenant=principal.tenant, request_id=found.id, step=Step.EXPORTED,
            actor=f"key:{principal.key_prefix}", now=now,
        )  # fmt: skip
        subjects = holdings.stitched([found.subject])
        return Response(
            export.document(subjects=subjects, organisation=principal.tenant.name, now=now)
        )


class PolicyView(_Admin):
    """``/api/v1/privacy/policy``."""

    @extend_schema(
        operation_id="privacy_policy", tags=["privacy"], summary="What holds here",
        responses=PolicyAnswer,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The policy."""
        held, last = policy.current(), retention.last()
        return Response(
            {
                "retention_days": held.retention_days,
                "defaults": {str(purpose): on for purpose, on in held.defaults.items()},
                "last_expiry": {"before": last.before, "events": last.events} if last else None,
            }
        )

    @extend_schema(
        operation_id="privacy_policy_set", tags=["privacy"], summary="Decide what holds here",
        description="The change is an event in the log.",
        request=PolicyInput, responses=PolicyAnswer,
    )  # fmt: skip
    def put(self, request: Request) -> Response:
        """Decide anew."""
        principal, sent = self.principal(request), _sent(PolicyInput, request)
        policy.change(
            tenant=principal.tenant,
            actor=f"key:{principal.key_prefix}",
            retention_days=sent["retention_days"],
            defaults={purpose: sent["defaults"][str(purpose)] for purpose in Purpose},
            now=clock.now(),
        )
        return self.get(request)
