"""The REST side of behavioural profiles: one query, rendered."""

from typing import Any

import msgspec
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from attribution import queries_profiles
from attribution.profiles.report import Effect, Group, ProfilesReport
from evidence.log_position import LogPosition, position


class ProfileAnswer(serializers.Serializer[Any]):
    """A profile: `share` is of the people known, `clear` of its people those told beyond doubt."""

    number = serializers.IntegerField(help_text="Its identity; it outlasts refits.")
    name = serializers.CharField(help_text="What `segment` takes in every report.")
    said = serializers.CharField()
    people = serializers.IntegerField()
    share = serializers.FloatField()
    clear = serializers.FloatField()
    visits = serializers.FloatField(help_text="Per person, on average.")
    pages = serializers.FloatField(help_text="Per person, on average.")
    intent = serializers.CharField(help_text="The intent class of most.")
    intents = serializers.DictField(child=serializers.FloatField())
    figures = serializers.DictField(
        child=serializers.FloatField(), help_text="The psychology of their journeys, 0 to 1."
    )
    unusual = serializers.DictField(
        child=serializers.FloatField(), help_text="Deviations from the usual, in deviations."
    )


class EffectAnswer(serializers.Serializer[Any]):
    """A channel among some people; the multiplier is of the return, against everybody's."""

    channel = serializers.CharField()
    touches = serializers.FloatField()
    caused = serializers.FloatField()
    caused_low = serializers.FloatField()
    caused_high = serializers.FloatField()
    value = serializers.FloatField()
    value_low = serializers.FloatField()
    value_high = serializers.FloatField()
    last = serializers.FloatField()
    last_value = serializers.FloatField()
    cost = serializers.FloatField()
    roas = serializers.FloatField(allow_null=True)
    roi = serializers.FloatField(allow_null=True)
    multiplier = serializers.FloatField(allow_null=True)
    multiplier_low = serializers.FloatField(allow_null=True)
    multiplier_high = serializers.FloatField(allow_null=True)
    decided = serializers.BooleanField()


class GroupAnswer(serializers.Serializer[Any]):
    """Some people's conversions; `gap` is the part of last touch's credit nothing caused."""

    number = serializers.IntegerField(help_text="-1: everybody, 0: no profile yet.")
    name = serializers.CharField()
    journeys = serializers.IntegerField()
    conversions = serializers.FloatField()
    value = serializers.FloatField()
    caused = serializers.FloatField()
    credited = serializers.FloatField()
    gap = serializers.FloatField(allow_null=True)
    effects = EffectAnswer(many=True)


class BudgetLineAnswer(serializers.Serializer[Any]):
    """A channel's budget; the lists follow the order of `groups`."""

    channel = serializers.CharField()
    spent = serializers.FloatField()
    one = serializers.FloatField()
    one_by_group = serializers.ListField(child=serializers.FloatField())
    by_group = serializers.ListField(child=serializers.FloatField())


class BudgetsAnswer(serializers.Serializer[Any]):
    """What was spent, shared out for everybody alike and for each profile."""

    total = serializers.FloatField()
    moved = serializers.FloatField()
    lines = BudgetLineAnswer(many=True)


class WeighedAnswer(serializers.Serializer[Any]):
    """A number of profiles that was tried."""

    number = serializers.IntegerField()
    silhouette = serializers.FloatField()
    stability = serializers.FloatField()
    chosen = serializers.BooleanField()


class SegmentsAnswer(serializers.Serializer[Any]):
    """The profiles of the last fit; without enough known people there are none."""

    fitted_at = serializers.DateTimeField(allow_null=True)
    log = LogPosition()
    people = serializers.IntegerField()
    known = serializers.IntegerField()
    needed = serializers.IntegerField()
    profiles = ProfileAnswer(many=True)
    weighed = WeighedAnswer(many=True)
    conversion_type = serializers.CharField(allow_blank=True)
    start = serializers.DateField(allow_null=True)
    end = serializers.DateField(allow_null=True)
    currency = serializers.CharField()
    everybody = GroupAnswer(allow_null=True)
    groups = GroupAnswer(many=True)
    budgets = BudgetsAnswer(allow_null=True)


class SegmentsView(APIView):
    """GET /api/v1/segments."""

    scope = "read"

    @extend_schema(operation_id="segments", responses=SegmentsAnswer)
    def get(self, request: Request) -> Response:
        """Behavioural profiles: who they are, which channels move them, their budgets."""
        return Response(_document(queries_profiles.profiles()))


def _document(found: ProfilesReport) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(found))
    for profile in plain["profiles"]:
        profile["unusual"] = dict(profile["unusual"])
    return plain | {
        "log": position(found.log),
        "everybody": _group(found.everybody) if found.everybody else None,
        "groups": [_group(each) for each in found.groups],
    }


def _group(group: Group) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(group))
    return plain | {
        "caused": group.caused,
        "credited": group.credited,
        "gap": group.gap,
        "effects": [_effect(each) for each in group.effects],
    }


def _effect(effect: Effect) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(effect))
    return plain | {"roas": effect.roas, "roi": effect.roi, "decided": effect.decided}
