"""The REST side of rules, rejections and merged reports: parse, one query or command, render."""

from typing import Any

import msgspec
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from attribution import deciding, queries
from attribution.contracts import Model
from attribution.events import MOST_TOUCHES
from attribution.journeys.rules import ClicksWin, InvalidRules, Rules, SharedDevices
from attribution.store.words import ADDITIVE
from ingest.auth import Principal
from ingest.documents import PROBLEM
from ingest.parameters import DayField, Parameters
from kernel import clock
from kernel.errors import InvalidInput

_WRONG = {400: OpenApiResponse(response=PROBLEM, description="It can't be meant")}
_MODELS = [str(model) for model in ADDITIVE]


class ReadOrAdmin(APIView):
    """Reading takes a key that reads; writing one that may do everything."""

    @property
    def scope(self) -> str:
        """What the request's key must allow."""
        return "read" if self.request.method in ("GET", "HEAD", "OPTIONS") else "admin"


class WindowBody(serializers.Serializer[Any]):
    """How many days before a conversion a touch counts; an empty name stands for any."""

    channel = serializers.CharField(required=False, allow_blank=True, max_length=200)
    conversion_type = serializers.CharField(required=False, allow_blank=True, max_length=200)
    days = serializers.IntegerField()


class ViewsBody(serializers.Serializer[Any]):
    """When an impression counts."""

    count = serializers.BooleanField(required=False)
    days = serializers.IntegerField(required=False, allow_null=True)
    viewable_only = serializers.BooleanField(required=False)
    min_seconds = serializers.FloatField(required=False)
    clicks_win = serializers.ChoiceField(choices=list(ClicksWin), required=False)


class MergingBody(serializers.Serializer[Any]):
    """When two reports are one conversion."""

    sources = serializers.ListField(child=serializers.CharField(), required=False)
    minutes = serializers.IntegerField(required=False)


class RulesBody(serializers.Serializer[Any]):
    """All rules; what is left out gets its default."""

    lookback_days = serializers.IntegerField(required=False)
    windows = WindowBody(many=True, required=False)
    views = ViewsBody(required=False)
    shared_devices = serializers.ChoiceField(choices=list(SharedDevices), required=False)
    merging = MergingBody(required=False)


class RulesAnswer(serializers.Serializer[Any]):
    """The rules that hold; ``done`` of ``total`` people are cut by them, null when all are."""

    rules = RulesBody()
    set_at = serializers.DateTimeField(allow_null=True)
    actor = serializers.CharField(allow_blank=True)
    done = serializers.IntegerField(allow_null=True)
    total = serializers.IntegerField(allow_null=True)


class DecisionBody(serializers.Serializer[Any]):
    """Reject or restore: ``touches`` by their events' ids, or a ``source`` with its days.

    To take the rejection of a source back, name the ``rejection``.
    """

    action = serializers.ChoiceField(choices=["reject", "restore"])
    reason = serializers.CharField(max_length=deciding.LONGEST_REASON)
    touches = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=MOST_TOUCHES
    )
    source = serializers.CharField(required=False, max_length=200)  # type: ignore[assignment]  # a field of that name
    start = DayField(required=False, allow_null=True)
    end = DayField(required=False, allow_null=True)
    rejection = serializers.UUIDField(required=False)


class DecisionAnswer(serializers.Serializer[Any]):
    """A decision as logged, and how many touches and journeys it changed."""

    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    rejects = serializers.BooleanField()
    source = serializers.CharField(allow_null=True)  # type: ignore[assignment]  # a field of that name
    start = serializers.DateField(allow_null=True)
    end = serializers.DateField(allow_null=True)
    standing = serializers.BooleanField()
    reason = serializers.CharField()
    decided_by = serializers.CharField()
    named = serializers.IntegerField()
    touches = serializers.IntegerField()
    journeys = serializers.IntegerField()


class DecisionsAnswer(serializers.Serializer[Any]):
    """A page of decisions, the last first."""

    decisions = DecisionAnswer(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class MadeAnswer(serializers.Serializer[Any]):
    """The id of the event; it takes effect as soon as the projector has read it."""

    id = serializers.UUIDField()


class MovedAnswer(serializers.Serializer[Any]):
    """What moved for a channel or source."""

    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    before = serializers.FloatField()
    after = serializers.FloatField()
    value_before = serializers.FloatField()
    value_after = serializers.FloatField()


class MovedJourneyAnswer(serializers.Serializer[Any]):
    """A journey that changed."""

    id = serializers.IntegerField()
    person = serializers.CharField()
    conversion_type = serializers.CharField(allow_blank=True)
    value = serializers.FloatField()
    ended_at = serializers.DateTimeField()
    before = serializers.ListField(child=serializers.CharField())
    after = serializers.ListField(child=serializers.CharField())


class AuditAnswer(serializers.Serializer[Any]):
    """A number of the store of credit that changed."""

    day = serializers.DateField()
    conversion_type = serializers.CharField()
    segment = serializers.CharField()
    dimension = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    model = serializers.CharField()
    before = serializers.FloatField()
    after = serializers.FloatField()
    value_before = serializers.FloatField()
    value_after = serializers.FloatField()


class DetailAnswer(serializers.Serializer[Any]):
    """A decision and all it moved."""

    decision = DecisionAnswer()
    channels = MovedAnswer(many=True)
    sources = MovedAnswer(many=True)
    journeys = MovedJourneyAnswer(many=True)
    money = serializers.FloatField()
    unattributed = serializers.FloatField()
    currency = serializers.CharField()
    audit = AuditAnswer(many=True)


class MergedAnswer(serializers.Serializer[Any]):
    """A report that does not count, and the one that does."""

    position = serializers.IntegerField()
    rule = serializers.CharField()
    conversion_type = serializers.CharField()
    order_id = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()
    origin = serializers.CharField()
    value = serializers.FloatField()
    subject = serializers.CharField()
    counted_at = serializers.DateTimeField()
    counted_origin = serializers.CharField()
    counted_value = serializers.FloatField()
    counted_person = serializers.CharField()


class MergedPage(serializers.Serializer[Any]):
    """A page of merged reports, the last first."""

    reports = MergedAnswer(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class PageParameters(Parameters):
    """Where to go on, and how many."""

    cursor = serializers.CharField(required=False, max_length=500, default=None)
    limit = serializers.IntegerField(min_value=1, max_value=500, default=50)


class DetailParameters(Parameters):
    """The model whose credit is compared."""

    model = serializers.ChoiceField(choices=_MODELS, default=str(Model.LAST_NON_DIRECT))


class RulesView(ReadOrAdmin):
    """/api/v1/attribution/rules."""

    @extend_schema(operation_id="attribution_rules", responses=RulesAnswer)
    def get(self, request: Request) -> Response:
        """The rules that hold, and how far journeys are cut by them."""
        return Response(_plain(queries.rules()))

    @extend_schema(
        operation_id="set_attribution_rules",
        request=RulesBody,
        responses={202: MadeAnswer, **_WRONG},
    )
    def put(self, request: Request) -> Response:
        """Let these rules hold, for all that is known as well."""
        try:
            rules = msgspec.convert(request.data, Rules, strict=False)
        except msgspec.ValidationError as error:
            raise InvalidRules(str(error)) from None
        made = deciding.set_rules(rules=rules, actor=_actor(request), now=clock.now(), source="api")
        return Response({"id": str(made)}, status=202)


class DecisionsView(ReadOrAdmin):
    """/api/v1/attribution/decisions."""

    @extend_schema(operation_id="decisions", parameters=[PageParameters], responses=DecisionsAnswer)
    def get(self, request: Request) -> Response:
        """Rejections and restorations, the last first."""
        found = queries.decisions(**PageParameters.of(request))
        return Response(_plain({"decisions": list(found.items), "next_cursor": found.next_cursor}))

    @extend_schema(
        operation_id="decide", request=DecisionBody, responses={202: MadeAnswer, **_WRONG}
    )
    def post(self, request: Request) -> Response:
        """Reject or restore touches, or all touches of a source."""
        form = DecisionBody(data=request.data)
        if not form.is_valid():
            raise deciding.InvalidDecision("The decision can't be used.", errors=form.errors)
        made = _decide(form.validated_data, _actor(request))
        return Response({"id": made}, status=202)


class DecisionView(APIView):
    """GET /api/v1/attribution/decisions/{decision}."""

    scope = "read"

    @extend_schema(operation_id="decision", parameters=[DetailParameters], responses=DetailAnswer)
    def get(self, request: Request, decision: str) -> Response:
        """What a decision moved, per channel and source, and every number it changed."""
        asked = DetailParameters.of(request)
        found = queries.decision(str(decision), model=Model(asked["model"]))
        audit = [_plain(row) for row in queries.audit(str(decision))]
        return Response({**_plain(found), "audit": audit})


class MergedView(APIView):
    """GET /api/v1/conversions/merged."""

    scope = "read"

    @extend_schema(
        operation_id="merged_conversions", parameters=[PageParameters], responses=MergedPage
    )
    def get(self, request: Request) -> Response:
        """Reports of conversions that do not count beside another, the last first."""
        found = queries.merged_reports(**PageParameters.of(request))
        return Response(_plain({"reports": list(found.items), "next_cursor": found.next_cursor}))


def _decide(asked: dict[str, Any], actor: str) -> str:
    act: dict[str, Any] = {
        "reason": asked["reason"],
        "decided_by": actor,
        "now": clock.now(),
        "source": "api",
    }
    touches = [str(each) for each in asked.get("touches", ())]
    rejects = asked["action"] == "reject"
    if touches:
        decide = deciding.reject_touches if rejects else deciding.restore_touches
        return str(decide(touches=touches, **act))
    if rejects:
        return str(
            deciding.reject_source(
                name=asked.get("source", ""), start=asked.get("start"), end=asked.get("end"), **act
            )
        )
    if "rejection" not in asked:
        raise InvalidInput("Name the touches, or the rejection to take back.", field="rejection")
    return str(deciding.restore_source(rejection=str(asked["rejection"]), **act))


def _actor(request: Request) -> str:
    principal: Principal = request.auth  # type: ignore[assignment]  # a key's
    return f"key:{principal.key_prefix}"


def _plain(value: Any) -> Any:
    """Dataclasses, structs, dates and enums as JSON's own kinds."""
    return msgspec.json.decode(msgspec.json.encode(value))
