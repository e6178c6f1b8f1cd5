"""What a telling says: one message from one or several alerts, for every way. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from alerts.contracts import AlertItem, Reason, Severity

MOST = 10
"""Alerts spelt out in one message; the rest are counted."""
_OF = {
    Reason.RAISED: "",
    Reason.WORSE: "Worse: ",
    Reason.AGAIN: "Still standing: ",
    Reason.RESOLVED: "Resolved: ",
    Reason.TEST: "",
}
_TEST_TITLE = "This is a test"
_TEST_TEXT = "Alerts that this route asks for will arrive here. Nothing is wrong."


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is told at once: ``alerts`` (none: a test), whose, and their portal's address."""

    reason: Reason
    alerts: tuple[AlertItem, ...]
    organisation: str
    portal: str

    @property
    def severity(self) -> Severity:
        """The worst of its alerts'."""
        return max(
            (each.severity for each in self.alerts), key=lambda s: s.rank, default=Severity.INFO
        )

    @property
    def shown(self) -> tuple[AlertItem, ...]:
        """The alerts that are spelt out, the worst first."""
        return tuple(sorted(self.alerts, key=lambda each: -each.severity.rank)[:MOST])

    @property
    def more(self) -> int:
        """How many are not."""
        return max(len(self.alerts) - MOST, 0)

    @property
    def title(self) -> str:
        """The message in one line."""
        if not self.alerts:
            return _TEST_TITLE
        first = self.shown[0].title
        others = len(self.alerts) - 1
        return f"{_OF[self.reason]}{first}" + (f" and {others} more" if others else "")

    @property
    def subject(self) -> str:
        """The line of an e-mail."""
        return " ".join(f"[{self.organisation}] {self.title}".split())

    @property
    def text(self) -> str:
        """All of it as plain text."""
        if not self.alerts:
            return f"{_TEST_TEXT}\n\n{self.portal}/alerts/settings/\n"
        parts = [_paragraph(each, self.link(each)) for each in self.shown]
        if self.more:
            parts.append(f"And {self.more} more: {self.portal}/alerts/")
        return "\n\n".join(parts) + "\n"

    def link(self, alert: AlertItem) -> str:
        """The page of an alert."""
        return f"{self.portal}/alerts/{alert.id}/"


def _paragraph(alert: AlertItem, link: str) -> str:
    facts = [f"{fact.label}: {fact.value}" for fact in alert.facts]
    return "\n".join([alert.title, alert.text, *facts, f"Since {moment(alert)}", link])


def moment(alert: AlertItem) -> str:
    """Since when, in UTC."""
    return f"{alert.since:%Y-%m-%d %H:%M} UTC"


def blocks(message: Message) -> list[dict[str, object]]:
    """The message as Slack's Block Kit: at most 50 blocks, texts cut at Slack's limits."""
    if not message.alerts:
        return [_header(message.title), _section(escaped(_TEST_TEXT))]
    found: list[dict[str, object]] = []
    for alert in message.shown:
        title = f"{_OF[message.reason]}{alert.title}"
        found += [_header(title), _section(escaped(alert.text)), *_fields(alert)]
        found.append(
            {"type": "actions", "elements": [_button("Open the alert", message.link(alert))]}
        )
    if message.more:
        found.append(_section(f"And {message.more} more: <{message.portal}/alerts/|all alerts>"))
    return found


def _fields(alert: AlertItem) -> list[dict[str, object]]:
    facts = [(fact.label, fact.value) for fact in alert.facts] + [("Since", moment(alert))]
    shown = [
        {"type": "mrkdwn", "text": f"*{escaped(label)}*\n{escaped(value)}"[:2_000]}
        for label, value in facts[:10]
    ]
    return [{"type": "section", "fields": shown}]


def _header(text: str) -> dict[str, object]:
    return {"type": "header", "text": {"type": "plain_text", "text": text[:150]}}


def escaped(text: str) -> str:
    """Slack's three characters: a publisher's name must not become a link or call everybody."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _section(text: str) -> dict[str, object]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:3_000]}}


def _button(text: str, url: str) -> dict[str, object]:
    return {"type": "button", "text": {"type": "plain_text", "text": text}, "url": url}


def document(message: Message) -> dict[str, object]:
    """The message as JSON for programs."""
    return {
        "type": f"alerts.{message.reason}",
        "organisation": message.organisation,
        "alerts": [_alert(each, message.link(each)) for each in message.alerts],
    }


def _alert(alert: AlertItem, link: str) -> dict[str, object]:
    return {
        "id": alert.id, "kind": alert.kind, "key": alert.key, "severity": str(alert.severity),
        "state": str(alert.state), "title": alert.title, "text": alert.text,
        "facts": {fact.label: fact.value for fact in alert.facts},
        "since": alert.since.isoformat(), "raised_at": alert.raised_at.isoformat(), "url": link,
    }  # fmt: skip


def chart_of(alerts: Sequence[AlertItem]) -> AlertItem | None:
    """The alert whose chart goes with a message: the first that has one."""
    return next((each for each in alerts if each.series), None)
