"""GET /api/v1/regulator/cases: parse, one query, render."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ingest.parameters import Parameters
from kernel import clock
from regulator import queries_cases
from regulator.cases.steps import Case, State
from regulator.contracts_cases import AboutKind, Outcome
from regulator.endpoints import supervises

CASE_STATES = [str(each) for each in State]
OUTCOMES = [str(each) for each in Outcome]
ABOUT_KINDS = [str(each) for each in AboutKind]


class CasesOfOperatorsParameters(Parameters):
    """A page of cases and its filters."""

    state = serializers.ChoiceField(
        choices=["", *queries_cases.STATES], default="", help_text="open: whatever is not closed."
    )
    operator = serializers.CharField(max_length=40, default="", allow_blank=True)
    officer = serializers.CharField(
        max_length=32, default="", allow_blank=True, help_text="A pseudonym, or nobody."
    )
    cursor = serializers.CharField(required=False, max_length=400)
    limit = serializers.IntegerField(min_value=1, max_value=500, default=50)


class CaseAboutAnswer(serializers.Serializer[Any]):
    """What a case is about, in the words of the day it was opened."""

    kind = serializers.ChoiceField(choices=ABOUT_KINDS)
    id = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class CaseDecisionAnswer(serializers.Serializer[Any]):
    """The decision that holds; amounts in the currency's smallest unit."""

    outcome = serializers.ChoiceField(choices=OUTCOMES)
    reasons = serializers.CharField()
    amount = serializers.IntegerField(allow_null=True)
    currency = serializers.CharField()
    measure = serializers.CharField()


class OperatorCaseAnswer(serializers.Serializer[Any]):
    """A case of the authority's."""

    id = serializers.UUIDField()
    reference = serializers.CharField(help_text="What people call it by: C-12.")
    operator = serializers.CharField()
    title = serializers.CharField()
    about = CaseAboutAnswer(many=True)
    state = serializers.ChoiceField(choices=CASE_STATES)
    officer = serializers.CharField(help_text="A pseudonym; empty while nobody has it.")
    opened_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()
    due = serializers.DateField(allow_null=True, help_text="An explanation is awaited by then.")
    overdue = serializers.BooleanField()
    decision = CaseDecisionAnswer(allow_null=True)
    steps = serializers.IntegerField()


class OperatorCasesAnswer(serializers.Serializer[Any]):
    """A page of cases: open ones first, the newest first within."""

    cases = OperatorCaseAnswer(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class CasesView(APIView):
    """GET /api/v1/regulator/cases."""

    scope = "read"

    @extend_schema(
        operation_id="regulator_cases", tags=["regulator"],
        summary="Cases about operators: how each stands and what was decided",
        parameters=[CasesOfOperatorsParameters], responses=OperatorCasesAnswer,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Cases, open ones first."""
        supervises(request)
        asked = CasesOfOperatorsParameters.of(request)
        found = queries_cases.cases(
            state=asked["state"], operator=asked["operator"], officer=asked["officer"],
            cursor=asked.get("cursor"), limit=asked["limit"],
        )  # fmt: skip
        shown = [_shown(each) for each in found.items]
        answer = OperatorCasesAnswer({"cases": shown, "next_cursor": found.next_cursor})
        return Response(answer.data)


def _shown(each: Case) -> dict[str, Any]:
    return {
        "id": each.id, "reference": each.reference, "operator": each.operator,
        "title": each.title, "about": each.about, "state": str(each.state),
        "officer": each.officer, "opened_at": each.opened_at, "changed_at": each.changed_at,
        "due": each.due, "overdue": each.overdue(clock.now().date()), "decision": each.decision,
        "steps": each.steps,
    }  # fmt: skip
