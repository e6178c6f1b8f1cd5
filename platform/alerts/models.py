"""Tables of alerts, in each tenant's schema."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from alerts.contracts import Reason, Severity, State, Way


def _of(words: type[Severity] | type[State] | type[Way] | type[Reason]) -> list[tuple[str, str]]:
    return [(str(each), str(each)) for each in words]


class Alert(models.Model):
    """Something that was raised. One of a kind and key is open at a time."""

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=300)
    severity = models.CharField(max_length=10, choices=_of(Severity))
    state = models.CharField(max_length=12, choices=_of(State), default="open")
    title = models.CharField(max_length=200)
    text = models.TextField()
    path = models.TextField()
    facts = models.JSONField(default=list)
    series = models.JSONField(default=list)
    unit = models.CharField(max_length=60, blank=True)
    since = models.DateTimeField()
    raised_at = models.DateTimeField()
    last_at = models.DateTimeField()
    seen = models.IntegerField(default=1)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    by = models.CharField(max_length=64, blank=True)

    class Meta:
        db_table = "alerts_alert"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=models.Q(resolved_at=None),
                name="alerts_alert_open_once",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-raised_at", "-id"], name="alerts_alert_newest")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Route(models.Model):
    """Who hears of what. ``address`` is sealed: a Slack address lets whoever has it post.

    ``after_minutes`` above 0 makes it an escalation: only of what nobody has seen to by then.
    """

    name = models.CharField(max_length=80)
    way = models.CharField(max_length=10, choices=_of(Way))
    address = models.BinaryField(default=b"")
    secret = models.BinaryField(default=b"")
    roles = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    lowest = models.CharField(max_length=10, choices=_of(Severity), default="warning")
    kinds = models.CharField(max_length=60, blank=True)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)
    zone = models.CharField(max_length=60, default="UTC")
    after_minutes = models.IntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "alerts_route"

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One telling of one alert (of none: a test) by one route; by e-mail, to one ``person``."""

    alert = models.ForeignKey(Alert, models.CASCADE, null=True, related_name="deliveries")
    route = models.ForeignKey(Route, models.CASCADE, related_name="deliveries")
    person = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=10, choices=_of(Reason))
    attempts = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "alerts_delivery"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["next_at"],
                condition=models.Q(sent_at=None, dropped_at=None),
                name="alerts_delivery_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reason} by {self.route_id}"


class Rule(models.Model):
    """A condition on how many events of a type come, in the last ``minutes``."""

    name = models.CharField(max_length=80)
    check_kind = models.CharField(max_length=10)
    event_type = models.CharField(max_length=100)
    minutes = models.IntegerField()
    amount = models.FloatField()
    severity = models.CharField(max_length=10, choices=_of(Severity), default="warning")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "alerts_rule"

    def __str__(self) -> str:
        return self.name


class MinuteCount(models.Model):
    """Events of a type that were recorded in a minute: a projection of the log, 15 days of it."""

    pk = models.CompositePrimaryKey("type", "minute")
    minute = models.DateTimeField()
    type = models.CharField(max_length=100)
    events = models.BigIntegerField()

    class Meta:
        db_table = "alerts_minute_count"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["minute"], name="alerts_minute_count_oldest")
        ]

    def __str__(self) -> str:
        return f"{self.type} at {self.minute:%H:%M}"
