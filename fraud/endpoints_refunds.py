"""The REST side of the refund ledger: one query, render."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from fraud.refunds import queries


class RefundAnswer(serializers.Serializer[Any]):
    """A line of the ledger."""

    decision = serializers.UUIDField(help_text="The rejection it follows from.")
    source = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    start = serializers.DateField(allow_null=True)
    end = serializers.DateField()
    amount = serializers.FloatField(help_text="Due.")
    currency = serializers.CharField()
    decided_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    received = serializers.FloatField(allow_null=True, help_text="Came back in all; null: open.")
    open = serializers.FloatField(help_text="Still owed.")
    note = serializers.CharField()
    settled_at = serializers.DateTimeField(allow_null=True)
    settled_by = serializers.CharField()


class BalanceAnswer(serializers.Serializer[Any]):
    """A publisher's sums."""

    source = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    currency = serializers.CharField()
    due = serializers.FloatField()
    received = serializers.FloatField()
    open = serializers.FloatField()


class RefundsAnswer(serializers.Serializer[Any]):
    """The ledger, the newest decision first."""

    balances = BalanceAnswer(many=True)
    refunds = RefundAnswer(many=True)


class RefundsView(APIView):
    """GET /api/v1/fraud/refunds."""

    scope = "read"

    @extend_schema(
        operation_id="fraud_refunds",
        summary="What publishers owe for rejected touches",
        responses=RefundsAnswer,
    )
    def get(self, request: Request) -> Response:
        """Each publisher's balance, and the lines behind it; the newest thousand."""
        lines = queries.refunds()
        shown = [{**asdict(each), "open": each.open} for each in lines]
        balances = [asdict(each) for each in queries.balances(lines)]
        return Response(RefundsAnswer({"balances": balances, "refunds": shown}).data)
