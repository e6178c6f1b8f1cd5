"""POST /api/v1/fraud/labels: parse, one call, render."""

from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from fraud.contracts import EventFraud
from fraud.endpoints_score import EVENT_KINDS
from fraud.labels import commands
from fraud.labels.commands import Refused, Word
from fraud.labels.files import InvalidLabel
from ingest import decode
from ingest.auth import Principal
from ingest.collect import MAX_BODY_BYTES
from ingest.documents import PROBLEM
from ingest.problems import MalformedJson, TooLarge, TooManyEvents
from kernel import clock, ids

MOST = 1_000


class LabelRow(serializers.Serializer[Any]):
    """What an event was."""

    event = serializers.CharField(max_length=200, help_text="The id it was sent with, or its UUID.")
    fraud = serializers.BooleanField()
    kind = serializers.ChoiceField(choices=EVENT_KINDS, required=False)
    note = serializers.CharField(max_length=500, required=False)
    at = serializers.DateTimeField(required=False, help_text="When it became known; now if absent.")


class LabelRows(serializers.Serializer[Any]):
    """At most 1,000 labels."""

    labels = LabelRow(many=True)


class LabelRefused(serializers.Serializer[Any]):
    """A label that was not kept."""

    index = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()


class LabelsAnswer(serializers.Serializer[Any]):
    """What became of the labels."""

    accepted = serializers.IntegerField()
    duplicates = serializers.IntegerField()
    rejected = LabelRefused(many=True)


class LabelsView(APIView):
    """POST /api/v1/fraud/labels."""

    # A key that sends events may stand in a page that everybody reads: what it says is no verdict.
    scope = "admin"

    @extend_schema(
        operation_id="fraud_labels_create",
        summary="Say what events were",
        description=(
            "A label says whether an event was fraud: a chargeback, a complaint, a publisher's own"
            " confession. It counts from when it is said and enters the next training; a later"
            " one of the same key replaces it. Good rows are kept when others are rejected."
        ),
        request=LabelRows,
        responses={
            200: LabelsAnswer,
            400: OpenApiResponse(response=PROBLEM, description="The body can't be read"),
            413: OpenApiResponse(response=PROBLEM, description="Too large, or too many labels"),
        },
    )
    def post(self, request: Request) -> Response:
        """Take labels; each bad one is answered with its own problem."""
        principal: Principal = request.auth  # type: ignore[assignment]  # by key alone
        words, places, refused = [], [], []
        for index, row in enumerate(_rows(request)):
            try:
                words.append(_word(row))
                places.append(index)
            except InvalidLabel as error:
                refused.append(Refused(index=index, code=error.code, detail=error.detail))
        said = commands.say(words, actor=f"key {principal.key_prefix}", now=clock.now())
        refused += [replace(each, index=places[each.index]) for each in said.refused]
        refused.sort(key=lambda each: each.index)
        answer = {"accepted": said.kept, "duplicates": said.repeated,
                  "rejected": [asdict(each) for each in refused]}  # fmt: skip
        return Response(answer)


class _Body(msgspec.Struct):
    labels: list[msgspec.Raw]


class _Label(msgspec.Struct, forbid_unknown_fields=True):
    event: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    fraud: bool
    kind: EventFraud | None = None
    note: Annotated[str, msgspec.Meta(max_length=500)] = ""
    at: datetime | None = None


def _rows(request: Request) -> list[msgspec.Raw]:
    """The labels of ``{"labels": [...]}``; raises what concerns the whole body."""
    raw = request._request
    body = raw.read(MAX_BODY_BYTES + 1)
    if len(body) > MAX_BODY_BYTES:
        raise TooLarge(f"A body may have {MAX_BODY_BYTES} bytes.", limit=MAX_BODY_BYTES)
    plain = decode.unpacked(body, raw.headers.get("Content-Encoding", ""), MAX_BODY_BYTES)
    try:
        rows = msgspec.json.decode(plain, type=_Body).labels
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedJson(str(error)[:200]) from None
    if len(rows) > MOST:
        raise TooManyEvents(f"A request may have {MOST} labels; this has {len(rows)}.", limit=MOST)
    return rows


def _word(row: msgspec.Raw) -> Word:
    """What one row says. Raises ``InvalidLabel``."""
    try:
        told = msgspec.json.decode(row, type=_Label)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidLabel(str(error)[:200]) from None
    at = told.at.replace(tzinfo=UTC) if told.at and told.at.tzinfo is None else told.at
    return Word(
        event=ids.event_id(told.event), fraud=told.fraud, kind=told.kind,
        note=told.note, at=at,
    )  # fmt: skip
