"""The REST side of attribution: parse, one query, render."""

from typing import Any

import msgspec
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from attribution import markov_order, queries
from attribution.contracts import EVERY, AttributionReport, By, JourneyItem, Model
from attribution.credit.verdict import Standing
from evidence.log_position import LogPosition, position
from ingest.parameters import DayField, DaysParameters, Parameters


def scope_of(asked: dict[str, Any]) -> dict[str, Any]:
    """The days and filters of checked ``AttributionParameters``, as the queries take them."""
    return {
        **AttributionParameters.range_of(asked),
        "by": By(asked["by"]),
        "segment": asked["segment"],
        "conversion_type": asked["conversion_type"],
    }


def order_of(
    asked: dict[str, Any], scope: dict[str, Any]
) -> tuple[int, markov_order.ChosenOrder | None]:
    """The order asked for, or the one chosen for ``scope`` and how."""
    if asked["order"] != markov_order.AUTO:
        return int(asked["order"]), None
    if asked["model"] != Model.MARKOV:
        return 1, None
    chosen = markov_order.choose(**scope)
    return chosen.order, chosen


class AttributionParameters(DaysParameters):
    """What to attribute, over which days (both included), and how."""

    model = serializers.ChoiceField(choices=[str(m) for m in Model], default=str(Model.MARKOV))
    order = serializers.ChoiceField(
        choices=[*markov_order.ORDERS, markov_order.AUTO],
        default="1",
        help_text="Markov's memory in touches; auto: as much as predicts new journeys.",
    )
    by = serializers.ChoiceField(choices=[str(b) for b in By], default=str(By.CHANNEL))
    segment = serializers.CharField(default=EVERY, max_length=40)
    conversion_type = serializers.CharField(default=EVERY, max_length=200)
    intervals = serializers.BooleanField(
        default=True, help_text="95 % bounds of every figure, and who leads beyond chance."
    )
    new_customers = serializers.BooleanField(
        default=False,
        help_text="Also the new customers (first conversions of their type) and the cost of one.",
    )


class JourneysParameters(Parameters):
    """A page of journeys and its filters."""

    cursor = serializers.CharField(required=False, max_length=500)
    limit = serializers.IntegerField(min_value=1, max_value=500, default=50)
    converted = serializers.BooleanField(required=False, allow_null=True, default=None)
    channel = serializers.CharField(required=False, max_length=200)
    subject = serializers.CharField(required=False, max_length=200)
    conversion_type = serializers.CharField(required=False, max_length=200)
    to = DayField(required=False, source="end", help_text="Ended on this day or before.")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """``from`` is a word of Python's, so this field can't be an attribute."""
        fields = super().get_fields()
        fields["from"] = DayField(
            required=False, source="start", help_text="Ended on this day or later."
        )
        return fields


class CreditAnswer(serializers.Serializer[Any]):
    """A channel, campaign or source with its credit; what a model lacks is null."""

    channel = serializers.CharField()
    conversions = serializers.FloatField()
    value = serializers.FloatField()
    cost = serializers.FloatField()
    cpa = serializers.FloatField(allow_null=True)
    roas = serializers.FloatField(allow_null=True)
    roi = serializers.FloatField(allow_null=True, help_text="(value - cost) / cost.")
    new_customers = serializers.FloatField(
        allow_null=True,
        help_text="Conversions that are the first of their type of their person; null unless asked"
        " for.",
    )
    cac = serializers.FloatField(allow_null=True, help_text="Cost per new customer.")
    share = serializers.FloatField()
    touches = serializers.IntegerField()
    removal_effect = serializers.FloatField(allow_null=True)
    conversions_low = serializers.FloatField(allow_null=True)
    conversions_high = serializers.FloatField(allow_null=True)
    value_low = serializers.FloatField(allow_null=True)
    value_high = serializers.FloatField(allow_null=True)
    roas_low = serializers.FloatField(allow_null=True)
    roas_high = serializers.FloatField(allow_null=True)
    cpa_low = serializers.FloatField(allow_null=True)
    cpa_high = serializers.FloatField(
        allow_null=True, help_text="Null without an upper bound: there may be no conversion."
    )
    roi_low = serializers.FloatField(allow_null=True)
    roi_high = serializers.FloatField(allow_null=True)
    new_customers_low = serializers.FloatField(allow_null=True)
    new_customers_high = serializers.FloatField(allow_null=True)
    cac_low = serializers.FloatField(allow_null=True)
    cac_high = serializers.FloatField(
        allow_null=True, help_text="Null without an upper bound: it may have won nobody."
    )
    standing = serializers.ChoiceField(choices=[str(s) for s in Standing], allow_null=True)
    confidence = serializers.FloatField(
        allow_null=True, help_text="How far the ensemble's members agree, 0 to 1; else null."
    )


class TotalsAnswer(serializers.Serializer[Any]):
    """The report's sums; unattributed conversions come on top of ``conversions``."""

    conversions = serializers.FloatField()
    value = serializers.FloatField()
    cost = serializers.FloatField()
    cpa = serializers.FloatField(allow_null=True)
    roas = serializers.FloatField(allow_null=True)
    roi = serializers.FloatField(allow_null=True)
    new_customers = serializers.FloatField(allow_null=True)
    unattributed_new_customers = serializers.IntegerField(allow_null=True)
    cac = serializers.FloatField(allow_null=True)
    touches = serializers.IntegerField()
    journeys = serializers.IntegerField()
    nulls = serializers.IntegerField()
    unattributed_conversions = serializers.IntegerField()
    unattributed_value = serializers.FloatField()


class AsideAnswer(serializers.Serializer[Any]):
    """Amounts of a currency that no exchange rate gives a worth: they are in no figure."""

    currency = serializers.CharField()
    first = serializers.DateField()
    last = serializers.DateField()
    days = serializers.IntegerField()
    conversions = serializers.IntegerField()
    amount = serializers.FloatField()
    cost = serializers.FloatField()


class ComparedOrder(serializers.Serializer[Any]):
    """An order of the Markov chain and how well it predicts journeys it has not seen."""

    order = serializers.IntegerField()
    likelihood = serializers.FloatField(help_text="Held-out log-likelihood per journey, in nats.")
    behind = serializers.FloatField(help_text="How much less than the best order's.")
    error = serializers.FloatField(help_text="Standard error of that difference.")


class OrderAnswer(serializers.Serializer[Any]):
    """The order that was chosen, and why."""

    order = serializers.IntegerField()
    sentence = serializers.CharField()
    journeys = serializers.IntegerField()
    orders = ComparedOrder(many=True)
    pending = serializers.BooleanField(help_text="Order 1 for now: ask again in some seconds.")


class AttributionAnswer(serializers.Serializer[Any]):
    """Credit under one model."""

    model = serializers.CharField()
    params = serializers.DictField(child=serializers.FloatField())
    by = serializers.CharField()
    segment = serializers.CharField()
    conversion_type = serializers.CharField()
    start = serializers.DateField()
    end = serializers.DateField()
    currency = serializers.CharField()
    journeys = serializers.IntegerField()
    conversions = serializers.FloatField()
    value = serializers.FloatField()
    channels = CreditAnswer(many=True, help_text="Rows of the dimension asked for with `by`.")
    totals = TotalsAnswer()
    log = LogPosition()
    fitted_at = serializers.DateTimeField(
        allow_null=True, help_text="When a learned model was fitted; null for the others."
    )
    note = serializers.CharField(
        allow_blank=True, help_text="What should be known of a learned model's fit."
    )
    pending = serializers.BooleanField(
        help_text="The intervals are being computed: ask again in some seconds."
    )
    aside = AsideAnswer(many=True)
    order_choice = OrderAnswer(
        allow_null=True, help_text="With `order=auto` under Markov; else null."
    )


class JourneyAnswer(serializers.Serializer[Any]):
    """One journey; ``path`` are channels in order."""

    id = serializers.IntegerField()
    person = serializers.CharField()
    converted = serializers.BooleanField()
    conversion_type = serializers.CharField(allow_blank=True)
    value = serializers.FloatField()
    segment = serializers.CharField()
    touches = serializers.IntegerField()
    path = serializers.ListField(child=serializers.CharField())
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField()


class JourneysAnswer(serializers.Serializer[Any]):
    """A page of journeys, newest first."""

    journeys = JourneyAnswer(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class TouchAnswer(serializers.Serializer[Any]):
    """A touch with its part of the conversion under each model."""

    at = serializers.DateTimeField()
    precision = serializers.CharField(help_text="What is known of the time: minute, hour or day.")
    channel = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    medium = serializers.CharField(allow_blank=True)
    campaign = serializers.CharField()
    device = serializers.CharField()
    kind = serializers.CharField()
    event_id = serializers.UUIDField()
    subject = serializers.CharField()
    credit = serializers.DictField(child=serializers.FloatField())
    confidence = serializers.FloatField(
        allow_null=True, help_text="How far the ensemble's members agree on this touch, 0 to 1."
    )


class JourneyDetailAnswer(serializers.Serializer[Any]):
    """A journey, touch by touch."""

    journey = JourneyAnswer()
    order_id = serializers.CharField(allow_blank=True)
    touches = TouchAnswer(many=True)


class PersonAnswer(serializers.Serializer[Any]):
    """A person's journeys, newest first."""

    person = serializers.CharField()
    subjects = serializers.ListField(child=serializers.CharField())
    conversions = serializers.IntegerField()
    value = serializers.FloatField()
    currency = serializers.CharField()
    journeys = JourneyDetailAnswer(many=True)
    log = LogPosition()


class AttributionView(APIView):
    """GET /api/v1/attribution."""

    scope = "read"

    @extend_schema(
        operation_id="attribution", parameters=[AttributionParameters], responses=AttributionAnswer
    )
    def get(self, request: Request) -> Response:
        """Credit of a range of days under one model, and the place in the log it stands on."""
        asked = AttributionParameters.of(request)
        scope = scope_of(asked)
        order, chosen = order_of(asked, scope)
        report = queries.attribution(
            model=Model(asked["model"]),
            order=order,
            intervals=asked["intervals"],
            new_customers=asked["new_customers"],
            **scope,
        )
        return Response({**_report(report), "order_choice": _choice(chosen)})


class JourneysView(APIView):
    """GET /api/v1/journeys."""

    scope = "read"

    @extend_schema(
        operation_id="journeys", parameters=[JourneysParameters], responses=JourneysAnswer
    )
    def get(self, request: Request) -> Response:
        """A page of journeys, newest first."""
        page = queries.journeys(**JourneysParameters.of(request))
        items: list[JourneyItem] = list(page.items)
        return Response(_plain({"journeys": items, "next_cursor": page.next_cursor}))


class PersonView(APIView):
    """GET /api/v1/journeys/{subject}."""

    scope = "read"

    @extend_schema(operation_id="journeys_of_subject", responses=PersonAnswer)
    def get(self, request: Request, subject: str) -> Response:
        """The journeys of the person a subject belongs to, with credit per touch and model."""
        found = queries.person(subject=subject)
        return Response(_plain(found) | {"log": position(found.log)})


def _report(report: AttributionReport) -> dict[str, Any]:
    """A report in the words of the API."""
    document = _plain(report)
    rows = document.pop("rows")
    for row in rows:
        row["channel"] = row.pop("label")
        del row["key"]
    totals = document["totals"]
    return {
        **document,
        "journeys": totals["journeys"],
        "conversions": totals["conversions"],
        "value": totals["value"],
        "channels": rows,
        "log": position(report.log),
    }


def _plain(value: Any) -> Any:
    """Dataclasses, dates and enums as JSON's own kinds."""
    return msgspec.json.decode(msgspec.json.encode(value))


def _choice(chosen: markov_order.ChosenOrder | None) -> dict[str, Any] | None:
    if chosen is None:
        return None
    return {
        "order": chosen.order,
        "sentence": chosen.sentence,
        "journeys": chosen.journeys,
        "orders": chosen.rows,
        "pending": chosen.pending,
    }
