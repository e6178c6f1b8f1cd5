import contextlib
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import decode, problems
from kernel.errors import DomainError, InvalidInput

LIMIT = 1_000


def test_it_keeps_the_good_events_of_a_bad_batch() -> None:
    decoded = decode.native(b'{"events":[{"type":"web.page"},{"type":5},{}]}', "", LIMIT)
    assert [index for index, _ in decoded.events] == [0]
    assert [(each.index, each.code) for each in decoded.rejected] == [
        (1, "wrong_type"),
        (2, "missing_field"),
    ]


def test_it_reads_lines_and_rejects_the_unreadable_one() -> None:
    decoded = decode.native(b'{"type":"a"}\nrubbish\n\n{"type":"b"}', "application/x-ndjson", LIMIT)
    assert [event.type for _, event in decoded.events] == ["a", "b"]
    assert [(each.index, each.code) for each in decoded.rejected] == [(1, "malformed_json")]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"{", problems.MalformedJson),
        (b'{"events":[' + b"[" * 200_000, problems.MalformedJson),
        (b"{}", problems.MissingField),
        (b"[]", problems.WrongType),
        (b'{"events":5}', problems.WrongType),
        (b'{"events":[' + b",".join([b'{"type":"a"}'] * 1001) + b"]}", problems.TooManyEvents),
    ],
)
def test_it_names_what_is_wrong_with_a_body(body: bytes, problem: type[DomainError]) -> None:
    with pytest.raises(problem):
        decode.native(body, "application/json", LIMIT)


def test_it_never_inflates_past_the_limit() -> None:
    with pytest.raises(problems.TooLarge):
        decode.unpacked(gzip.compress(bytes(50_000_000)), "gzip", 5_000_000)


@pytest.mark.parametrize("body", [b"", b"no", gzip.compress(b"whole", mtime=0)[:-4]])
def test_it_refuses_broken_gzip(body: bytes) -> None:
    with pytest.raises(problems.BadGzip):
        decode.unpacked(body, "gzip", 100)


def test_it_refuses_other_encodings() -> None:
    with pytest.raises(problems.UnsupportedEncoding):
        decode.unpacked(b"", "br", 100)


@pytest.mark.parametrize(
    ("call", "type"),
    [
        ("page", "web.page"),
        ("screen", "app.screen"),
        ("track", "custom.tracked"),
        ("identify", "user.identified"),
        ("alias", "user.aliased"),
        ("group", "user.grouped"),
    ],
)
def test_it_maps_each_segment_call(call: str, type: str) -> None:
    body = b'{"messageId":"m","anonymousId":"a","event":"E","groupId":"g","previousId":"p"}'
    [(_, event)] = decode.segment(body, call, LIMIT).events
    assert (event.type, event.id, event.anonymous_id) == (type, "m", "a")


def test_it_reads_a_segment_batch_with_a_bad_message() -> None:
    body = b'{"batch":[{"type":"track","event":"E","userId":7},{"type":1}],"writeKey":"k"}'
    decoded = decode.segment(body, "batch", LIMIT)
    assert [event.name for _, event in decoded.events] == ["E"]
    assert [each.code for each in decoded.rejected] == ["wrong_type"]
    assert decode.write_key(body) == "k"


@given(
    body=st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode()),
    call=st.sampled_from(["events", "batch", "track"]),
    kind=st.sampled_from(["", "application/x-ndjson"]),
)
def test_it_meets_rubbish_with_a_problem_or_a_rejection(body: bytes, call: str, kind: str) -> None:
    with contextlib.suppress(InvalidInput):
        if call == "events":
            decode.native(body, kind, LIMIT)
        else:
            decode.segment(body, call, LIMIT)
