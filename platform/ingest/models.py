"""Ingestion's tables in a tenant's schema: what was turned away, and the imports."""

from typing import ClassVar

from django.db import models


class Rejection(models.Model):
    """An event that was turned away; the newest are kept (``ingest.rejections.KEPT``).

    ``index`` is its place in its request, -1 for a request turned away as a whole.
    """

    received_at = models.DateTimeField()
    source = models.CharField(max_length=60)
    index = models.IntegerField()
    code = models.CharField(max_length=40)
    detail = models.CharField(max_length=200)
    excerpt = models.CharField(max_length=600, blank=True)

    class Meta:
        db_table = "ingest_rejection"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["code", "-id"], name="ingest_rejection_code")
        ]

    def __str__(self) -> str:
        return f"{self.code} at {self.received_at:%Y-%m-%d %H:%M:%S}"


class RejectionCount(models.Model):
    """How many events were turned away on a day, by source and code; kept for good."""

    pk = models.CompositePrimaryKey("day", "source", "code")
    day = models.DateField()
    source = models.CharField(max_length=60)
    code = models.CharField(max_length=40)
    count = models.BigIntegerField()

    class Meta:
        db_table = "ingest_rejection_count"

    def __str__(self) -> str:
        return f"{self.day} {self.code} {self.count}"


class Import(models.Model):
    """A file on its way into the log. ``rows_done`` moves with the batch it counts."""

    class Status(models.TextChoices):
        """Where an import stands."""

        UPLOADED = "uploaded"
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=500)
    kind = models.CharField(max_length=20)
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.UPLOADED)
    rows_total = models.BigIntegerField(null=True, blank=True)
    rows_done = models.BigIntegerField(default=0)
    accepted = models.BigIntegerField(default=0)
    duplicates = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    reasons = models.JSONField(default=dict)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "ingest_import"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["digest", "kind"], name="ingest_import_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.status})"
