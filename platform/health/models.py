"""Health's table, in the shared schema: incidents outlive the tenants' read models."""

from typing import ClassVar

from django.db import models


class Incident(models.Model):
    """A part that stood still. ``schema`` is the tenant's it belongs to, empty for the service.

    ``since`` is when it was first seen so; ``told_at`` when the operator's mail went out.
    """

    schema = models.CharField(max_length=63, blank=True)
    part = models.CharField(max_length=80)
    label = models.CharField(max_length=80)
    detail = models.CharField(max_length=300, blank=True)
    advice = models.CharField(max_length=400, blank=True)
    since = models.DateTimeField()
    opened_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "health_incident"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["schema", "part"],
                condition=models.Q(closed_at=None),
                name="health_incident_open_once",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-opened_at"], name="health_incident_newest")
        ]

    def __str__(self) -> str:
        return f"{self.part} since {self.since:%Y-%m-%d %H:%M:%S}"
