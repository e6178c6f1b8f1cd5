"""Query strings of the API: read strictly, refused as one problem document, with days in bounds."""

import math
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar, Self

from rest_framework import serializers
from rest_framework.request import Request

from kernel import clock, days
from kernel.errors import InvalidInput


class InvalidParameters(InvalidInput):
    """Some query parameters can't be used; ``errors`` says which and why."""

    code = "invalid_parameters"
    title = "Invalid query parameters"


class DayField(serializers.DateField):
    """A day somebody asks for or tells, within ``kernel.days``' bounds."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "bounds": f"A day is from {days.FIRST} to {days.LAST}."
    }

    def to_internal_value(self, value: Any) -> date:
        """The day; raises ``ValidationError``."""
        day = super().to_internal_value(value)
        try:
            return days.within(day)
        except ValueError:
            self.fail("bounds")


class MomentField(serializers.DateTimeField):
    """A moment somebody asks for or tells, in UTC, on a day within ``kernel.days``' bounds."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "bounds": f"A moment is on a day from {days.FIRST} to {days.LAST}."
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(default_timezone=UTC, **options)

    def to_internal_value(self, value: Any) -> datetime:
        """The moment; raises ``ValidationError``."""
        try:
            moment = super().to_internal_value(value).astimezone(UTC)
            days.within(moment.date())
        except (ValueError, OverflowError):
            self.fail("bounds")
        return moment


class NumberField(serializers.FloatField):
    """A number: none of the words for what is none, which Python would read as one."""

    default_error_messages: ClassVar[dict[str, Any]] = {"finite": "A number is finite."}

    def to_internal_value(self, value: Any) -> float:
        """The number; raises ``ValidationError``."""
        number = super().to_internal_value(value)
        if not math.isfinite(number):
            self.fail("finite")
        return number


class Parameters(serializers.Serializer[Any]):
    """A query string; unknown parameters are ignored, unreadable ones are a problem document."""

    @classmethod
    def of(cls, request: Request) -> dict[str, Any]:
        """The checked parameters; raises ``InvalidParameters``."""
        form = cls(data=request.query_params)
        if not form.is_valid():
            raise InvalidParameters("Some query parameters can't be used.", errors=form.errors)
        return dict(form.validated_data)


class DaysParameters(Parameters):
    """A range of days, both included: the last ``preset`` ones up to today where none is named."""

    preset: ClassVar[int] = 30

    to = DayField(required=False, help_text="Last day; today when absent.")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """``from`` is a word of Python's, so this field can't be an attribute."""
        fields = super().get_fields()
        text = f"First day; {self.preset} days up to the last one when absent."
        fields["from"] = DayField(required=False, help_text=text)
        return fields

    @classmethod
    def range_of(cls: type[Self], asked: dict[str, Any]) -> dict[str, date]:
        """``start`` and ``end`` of checked parameters, as queries take them."""
        end = asked.get("to") or clock.now().date()
        start = asked.get("from") or end - timedelta(days=cls.preset - 1)
        return {"start": start, "end": end}
