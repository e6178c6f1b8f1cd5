"""This app's tables, in each tenant's schema. Subjects are pseudonyms; nothing here is personal."""

import uuid
from typing import ClassVar

from django.db import models


class Consent(models.Model):
    """The last word on a purpose; the empty subject's is what holds before a person decides."""

    pk = models.CompositePrimaryKey("subject", "purpose")
    subject = models.TextField()
    purpose = models.CharField(max_length=20)
    granted = models.BooleanField()
    decided_at = models.DateTimeField()

    class Meta:
        db_table = "privacy_consent"

    def __str__(self) -> str:
        return f"{self.subject[:8]} {self.purpose}"


class Policy(models.Model):
    """How long events are kept; one row, or none as long as nobody decided."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    retention_days = models.PositiveIntegerField(null=True, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "privacy_policy"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(id=1), name="privacy_one_policy")
        ]

    def __str__(self) -> str:
        return f"{self.retention_days} days"


class Request(models.Model):
    """What a person asked for; its steps are events of the log and listed in ``RequestStep``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField(max_length=20)
    subject = models.TextField()
    reference = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=20, default="open")
    received_on = models.DateField()
    due_on = models.DateField()
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "privacy_request"

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Export(models.Model):
    """The data of a request as the worker makes it, a zip ``sealed`` under the tenant's key."""

    class Status(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    request = models.OneToOneField(
        Request, on_delete=models.CASCADE, primary_key=True, related_name="export"
    )
    status = models.CharField(max_length=10, choices=Status.choices)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    sealed = models.BinaryField(null=True)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "privacy_export"

    def __str__(self) -> str:
        return f"{self.request_id} ({self.status})"

    @property
    def running(self) -> bool:
        """Whether there is something to wait for."""
        return self.status in (self.Status.WAITING, self.Status.RUNNING)

    @property
    def share(self) -> float:
        """How much is done, 0..1."""
        return self.done / self.total if self.total else 0.0


class RequestStep(models.Model):
    """A line of a request's history, beside the event that says the same."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="steps")
    event_id = models.UUIDField()
    at = models.DateTimeField()
    actor = models.TextField()
    step = models.CharField(max_length=20)
    reason = models.CharField(max_length=40, blank=True)

    class Meta:
        db_table = "privacy_request_step"

    def __str__(self) -> str:
        return f"{self.step} at {self.at:%Y-%m-%d}"
