"""Messages: one line, text, Block Kit, JSON."""

from datetime import UTC, datetime

from alerts.contracts import AlertItem, Reason, Severity, State
from alerts.words import MOST, Message, blocks, document
from bench.outside import good_blocks
from tests.alerts.conftest import NOW, raised


def shown(number: int = 1, **changes) -> AlertItem:
    told = raised(**changes)
    return AlertItem(
        id=number, kind=told.kind, key=told.key, severity=told.severity, state=State.OPEN,
        title=told.title, text=told.text, path=told.path, facts=told.facts, series=told.series,
        unit=told.unit, since=told.since, raised_at=NOW, last_at=NOW, seen=1, snoozed_until=None,
        resolved_at=None, by="",
    )  # fmt: skip


def message(*alerts, reason=Reason.RAISED) -> Message:
    return Message(reason=reason, alerts=alerts, organisation="Acme", portal="https://acme.example")


def test_its_subject_names_the_worst_and_counts_the_others():
    found = message(shown(1), shown(2, key="b", severity=Severity.CRITICAL), shown(3, key="c"))
    assert found.subject == "[Acme] b hijacks installs and 2 more"
    assert found.severity is Severity.CRITICAL


def test_a_subject_is_one_line():
    found = message(shown(title="a\r\nBcc: all@example.com\vb\u2028c")).subject
    assert found == "[Acme] a Bcc: all@example.com b c"


def test_its_text_has_the_figures_since_when_and_the_link():
    text = message(shown(7)).text
    assert "Spent: 412.50 EUR" in text
    assert "Since 2026-11-19 08:30 UTC" in text
    assert "https://acme.example/alerts/7/" in text


def test_many_are_counted_not_listed():
    found = message(*(shown(number, key=f"n{number}") for number in range(MOST + 5)))
    assert found.text.count("hijacks") == MOST
    assert "And 5 more: https://acme.example/alerts/" in found.text
    assert len(blocks(found)) <= 50


def test_a_name_from_outside_calls_nobody_in_slack():
    made = blocks(message(shown(key="<!channel> & co", text="<http://evil|x>")))
    assert "&lt;!channel&gt; &amp; co" in str(made)
    assert "<http://evil" not in str(made[1:])


def test_long_words_keep_to_slacks_limits():
    assert good_blocks(blocks(message(shown(key="k" * 400, text="t" * 9_000))))


def test_the_document_has_what_programs_need():
    (alert,) = document(message(shown(3)))["alerts"]
    assert alert["facts"] == {"Publisher": "network-1", "Spent": "412.50 EUR"}
    assert alert["since"] == datetime(2026, 11, 19, 8, 30, tzinfo=UTC).isoformat()
    assert alert["url"] == "https://acme.example/alerts/3/"


def test_what_is_over_says_so():
    assert message(shown(), reason=Reason.RESOLVED).title == "Resolved: network-1 hijacks installs"


def test_a_test_says_that_nothing_is_wrong():
    found = message(reason=Reason.TEST)
    assert found.subject == "[Acme] This is a test"
    assert "Nothing is wrong" in found.text
    assert "Nothing is wrong" in str(blocks(found))
