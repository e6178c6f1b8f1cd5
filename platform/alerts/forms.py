"""What people type about alerts: routes, rules."""

from typing import Any
from zoneinfo import available_timezones

from django import forms

from alerts.commands import NewRoute, NewRule
from alerts.contracts import Severity, Way
from alerts.directory import directory
from alerts.rules import Check

KINDS = (
    ("", "Everything"),
    ("fraud.", "Fraud"),
    ("regulator.", "Gambling operators"),
    ("regulator.feed_silent", "Silent feeds"),
    ("health.", "What stands still"),
    ("rule.", "Rules"),
)
WAYS = {Way.EMAIL: "E-mail", Way.SLACK: "Slack", Way.WEBHOOK: "Webhook"}
CHECKS = {
    Check.ABOVE: "more came than",
    Check.BELOW: "fewer came than",
    Check.CHANGE: "changed by at least (per cent)",
    Check.ABSENCE: "none came",
}
LOWEST = {
    Severity.INFO: "everything",
    Severity.WARNING: "warnings and worse",
    Severity.CRITICAL: "only what is critical",
}


_CLOCK = forms.TimeInput(attrs={"type": "time"})


class RouteForm(forms.Form):
    """A way to be told."""

    name = forms.CharField(max_length=80, label="Name")
    way = forms.ChoiceField(choices=[(str(way), text) for way, text in WAYS.items()], label="By")
    address = forms.CharField(
        max_length=2_000, required=False, label="Address",
        help_text="Of Slack's incoming webhook, or of your receiver. E-mail needs none.",
    )  # fmt: skip
    roles = forms.MultipleChoiceField(
        choices=lambda: [(role, role.title()) for role in directory().roles()],
        required=False,
        label="To members who are",
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    lowest = forms.ChoiceField(
        choices=[(str(each), text) for each, text in LOWEST.items()], initial="warning",
        label="How bad",
    )  # fmt: skip
    kinds = forms.ChoiceField(choices=KINDS, required=False, label="About")
    quiet_from = forms.TimeField(required=False, label="Quiet from", widget=_CLOCK)
    quiet_to = forms.TimeField(required=False, label="Quiet until", widget=_CLOCK)
    zone = forms.CharField(max_length=60, initial="UTC", label="Clocks of")
    after_minutes = forms.IntegerField(
        min_value=0, max_value=10_080, initial=0, label="Wait (minutes)",
        help_text="0: at once. Else only of what nobody has seen to by then.",
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="route_%s")  # two forms share a page

    def clean_zone(self) -> str:
        """A zone there is."""
        zone = str(self.cleaned_data["zone"])
        if zone not in available_timezones():
            raise forms.ValidationError("There is no such time zone: try Europe/Berlin.")
        return zone

    def clean(self) -> dict[str, Any]:
        """Both ends of the quiet hours, or none."""
        given = dict(super().clean() or {})
        if (given.get("quiet_from") is None) != (given.get("quiet_to") is None):
            self.add_error("quiet_to", "Give both ends of the quiet hours, or neither.")
        if given.get("way") in (Way.SLACK, Way.WEBHOOK) and not given.get("address"):
            self.add_error("address", "Say where to send it.")
        if given.get("way") == Way.EMAIL and not given.get("roles"):
            self.add_error("roles", "Choose at least one role.")
        return given

    def chosen(self) -> NewRoute:
        """What was typed."""
        given = self.cleaned_data
        return NewRoute(
            name=given["name"], way=Way(given["way"]), address=given["address"].strip(),
            roles=tuple(given["roles"]), lowest=Severity(given["lowest"]), kinds=given["kinds"],
            quiet_from=given["quiet_from"], quiet_to=given["quiet_to"], zone=given["zone"],
            after_minutes=given["after_minutes"],
        )  # fmt: skip


class RuleForm(forms.Form):
    """A rule over how many events come."""

    name = forms.CharField(max_length=80, label="Name")
    event_type = forms.CharField(
        max_length=100,
        label="Events of type",
        widget=forms.TextInput(attrs={"list": "event-types", "autocomplete": "off"}),
    )
    minutes = forms.IntegerField(
        min_value=1, max_value=10_080, initial=60, label="In the last (minutes)"
    )
    check = forms.ChoiceField(
        choices=[(str(each), text) for each, text in CHECKS.items()], label="Tell when"
    )
    amount = forms.FloatField(min_value=0, max_value=1e12, initial=0, label="How many, or per cent")
    severity = forms.ChoiceField(
        choices=[(str(each), str(each)) for each in Severity], initial="warning", label="It is"
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="rule_%s")

    def chosen(self) -> NewRule:
        """What was typed."""
        given = self.cleaned_data
        return NewRule(
            name=given["name"], check=Check(given["check"]), event_type=given["event_type"].strip(),
            minutes=given["minutes"], amount=given["amount"], severity=Severity(given["severity"]),
        )  # fmt: skip
