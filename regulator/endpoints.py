"""GET /api/v1/regulator/operators, metrics and findings: parse, one query, render.

Amounts are whole numbers of the currency's smallest unit, as they were sent.
"""

from datetime import timedelta
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ingest.auth import Principal
from ingest.parameters import DaysParameters, Parameters
from kernel import clock
from kernel.errors import InvalidInput, NotFound
from regulator import queries, queries_returns
from regulator.contracts import FindingKind, Severity
from regulator.figures.projection import DAY, HOUR
from tenants.contracts import Kind

_LONGEST = {DAY: timedelta(days=1_100), HOUR: timedelta(days=62)}
SPANS = (DAY, HOUR)
FINDING_KINDS = [str(each) for each in FindingKind]
SEVERITIES = [str(each) for each in Severity]


class NoRegulator(NotFound):
    """The key is of an organisation that supervises nobody."""

    code = "no_regulator"
    title = "Not a regulator's"


class RangeTooLong(InvalidInput):
    """More days were asked for than one answer holds."""

    code = "range_too_long"
    title = "Too many days"


class MetricsParameters(DaysParameters):
    """Whose figures, of which days, and how fine."""

    operator = serializers.CharField(max_length=40)
    span = serializers.ChoiceField(choices=SPANS, default=DAY)
    by_game = serializers.BooleanField(default=False, help_text="Each game, not all together.")


class FindingsParameters(Parameters):
    """Whose findings."""

    operator = serializers.CharField(max_length=40, default="", allow_blank=True)


class FiguresAnswer(serializers.Serializer[Any]):
    """What was played, in the currency's smallest unit."""

    currency = serializers.CharField()
    stakes = serializers.IntegerField()
    payouts = serializers.IntegerField()
    refunds = serializers.IntegerField()
    ggr = serializers.IntegerField(help_text="Stakes less payouts less refunds.")
    margin = serializers.FloatField(
        allow_null=True, help_text="GGR of what was staked and not refunded."
    )
    payout_ratio = serializers.FloatField(
        allow_null=True, help_text="Payouts of what was staked and not refunded."
    )
    events = serializers.IntegerField()


class FeedAnswer(serializers.Serializer[Any]):
    """How complete a feed is."""

    records = serializers.IntegerField()
    highest = serializers.IntegerField(help_text="The highest sequence number.")
    missing = serializers.IntegerField(help_text="Numbers below it that never came.")
    completeness = serializers.FloatField(allow_null=True)
    out_of_order = serializers.IntegerField()
    reused = serializers.IntegerField(help_text="Numbers used for more than one record.")
    changed = serializers.IntegerField(help_text="Records sent again with other content.")
    late = serializers.IntegerField()
    repeated = serializers.IntegerField()
    heard_at = serializers.DateTimeField(allow_null=True)
    played_at = serializers.DateTimeField(allow_null=True)
    quiet_since = serializers.DateTimeField(
        allow_null=True, help_text="The operator said that nothing was played since."
    )


class OperatorAnswer(serializers.Serializer[Any]):
    """An operator of the register, with its feed and its figures of the last 30 days."""

    operator = serializers.CharField(help_text="Its short name.")
    name = serializers.CharField()
    licence = serializers.CharField()
    licensed_from = serializers.DateField()
    licensed_until = serializers.DateField(allow_null=True)
    game_types = serializers.ListField(child=serializers.CharField())
    feed = FeedAnswer()
    figures = FiguresAnswer()


class OperatorsAnswer(serializers.Serializer[Any]):
    """The register."""

    operators = OperatorAnswer(many=True)


class SpanAnswer(FiguresAnswer):
    """An hour or a day (UTC)."""

    start = serializers.DateTimeField()
    game_type = serializers.CharField(help_text="Empty: all together.")
    players = serializers.IntegerField(help_text="Distinct ones in this span.")


class MetricsAnswer(serializers.Serializer[Any]):
    """An operator's figures, in the order of time; spans without play are left out."""

    operator = serializers.CharField()
    span = serializers.ChoiceField(choices=SPANS)
    metrics = SpanAnswer(many=True)


class CheckFindingAnswer(serializers.Serializer[Any]):
    """What an exact check has found."""

    operator = serializers.CharField()
    kind = serializers.ChoiceField(choices=FINDING_KINDS)
    severity = serializers.ChoiceField(choices=SEVERITIES)
    code = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    start = serializers.DateField(allow_null=True)
    end = serializers.DateField(allow_null=True)
    difference = serializers.IntegerField(allow_null=True, help_text="In smallest units.")
    currency = serializers.CharField()


class CheckFindingsAnswer(serializers.Serializer[Any]):
    """All findings, the worst first."""

    findings = CheckFindingAnswer(many=True)


def supervises(request: Request) -> None:
    """Raise ``NoRegulator`` for the key of another kind of tenant."""
    principal = request.auth
    if not isinstance(principal, Principal) or principal.tenant.kind != Kind.REGULATOR:
        raise NoRegulator("This key is of no regulator.")


class OperatorsView(APIView):
    """GET /api/v1/regulator/operators."""

    scope = "read"

    @extend_schema(
        operation_id="regulator_operators", tags=["regulator"],
        summary="Operators, how complete their feeds are and what they took in 30 days",
        responses=OperatorsAnswer,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The register, by name."""
        supervises(request)
        today = clock.now().date()
        found = queries.operators(start=today - timedelta(days=29), end=today)
        return Response(OperatorsAnswer({"operators": [_operator(each) for each in found]}).data)


class MetricsView(APIView):
    """GET /api/v1/regulator/metrics."""

    scope = "read"

    @extend_schema(
        operation_id="regulator_metrics", tags=["regulator"],
        summary="An operator's figures by hour or day, of each game or of all",
        parameters=[MetricsParameters], responses=MetricsAnswer,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Figures of the days asked for."""
        supervises(request)
        asked = MetricsParameters.of(request)
        days, span = MetricsParameters.range_of(asked), asked["span"]
        if days["end"] - days["start"] > _LONGEST[span]:
            raise RangeTooLong(f"At most {_LONGEST[span].days} days by {span} at once.")
        name = queries.operator(asked["operator"]).operator
        found = queries.spans(name, span=span, by_game=asked["by_game"], **days)
        told = [
            {"start": each.start, "game_type": each.game, "players": each.figures.players,
             **_figures(each.figures)}
            for each in found
        ]  # fmt: skip
        answer = MetricsAnswer({"operator": name, "span": span, "metrics": told})
        return Response(answer.data)


class FindingsView(APIView):
    """GET /api/v1/regulator/findings."""

    scope = "read"

    @extend_schema(
        operation_id="regulator_findings", tags=["regulator"],
        summary="What exact checks of feeds and returns have found",
        parameters=[FindingsParameters], responses=CheckFindingsAnswer,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Findings, the worst first."""
        supervises(request)
        name = FindingsParameters.of(request)["operator"]
        if name:
            queries.operator(name)
        found = queries_returns.findings(operator=name, now=clock.now())
        return Response(CheckFindingsAnswer({"findings": found}).data)


def _operator(each: queries.OperatorItem) -> dict[str, Any]:
    entry, feed = each.terms, each.feed
    return {
        "operator": entry.operator, "name": entry.name, "licence": entry.licence,
        "licensed_from": entry.licensed_from, "licensed_until": entry.licensed_until,
        "game_types": entry.game_types,
        "feed": {
            "records": feed.records, "highest": feed.highest, "missing": feed.missing,
            "completeness": feed.completeness, "out_of_order": feed.filled, "reused": feed.reused,
            "changed": feed.refused, "late": feed.late, "repeated": feed.repeated,
            "heard_at": feed.heard_at, "played_at": feed.played_at,
            "quiet_since": feed.quiet_since,
        },
        "figures": _figures(each.figures),
    }  # fmt: skip


def _figures(each: queries.Figures) -> dict[str, Any]:
    return {
        "currency": each.currency, "stakes": each.stakes, "payouts": each.payouts,
        "refunds": each.refunds, "ggr": each.ggr, "margin": each.margin,
        "payout_ratio": each.payout_ratio, "events": each.events,
    }  # fmt: skip
