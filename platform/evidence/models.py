"""The jobs of evidence in a tenant's schema: verifications of the log, bundles being written."""

from typing import ClassVar

from django.db import models


class Job(models.Model):
    """Something the worker does with the log. ``result`` is what to show once it is done."""

    class Kind(models.TextChoices):
        """What is done."""

        VERIFY = "verify"
        EXPORT = "export"

    class Status(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    selection = models.JSONField(default=dict)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    result = models.JSONField(default=dict)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "evidence_job"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["kind", "-id"], name="evidence_job_newest")
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.status})"

    @property
    def share(self) -> float:
        """How much is done, 0..1."""
        return self.done / self.total if self.total else 0.0

    @property
    def note(self) -> str:
        """How much is done, in words."""
        return f"{self.done:,} of {self.total:,}"
