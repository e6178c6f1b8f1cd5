"""Cases and their evidence."""

from django.db import models


class CaseHead(models.Model):
    """A case as its newest step left it: held by whoever takes the next one.

    No projection: the next step must follow the last one, whether it was projected or not.
    """

    number = models.BigAutoField(primary_key=True)
    case = models.UUIDField(unique=True)
    body = models.JSONField(default=dict)

    class Meta:
        db_table = "regulator_case_head"

    def __str__(self) -> str:
        return f"C-{self.number}"


class CaseFile(models.Model):
    """A case with what lists ask for; ``body`` is all of it. A projection."""

    case = models.UUIDField(primary_key=True)
    number = models.BigIntegerField()
    operator = models.CharField(max_length=40)
    state = models.CharField(max_length=12)
    closed = models.BooleanField()
    officer = models.CharField(max_length=32, blank=True)
    due = models.DateField(null=True)
    body = models.JSONField()

    class Meta:
        db_table = "regulator_case"
        indexes = (
            models.Index(fields=["closed", "-number"], name="regulator_case_order"),
            models.Index(fields=["operator", "-number"], name="regulator_case_of"),
        )

    def __str__(self) -> str:
        return f"C-{self.number} ({self.state})"


class CaseStep(models.Model):
    """A step of a case; a projection. ``event`` is its id in the log."""

    case = models.UUIDField()
    step = models.IntegerField()
    event = models.UUIDField()
    at = models.DateTimeField()
    type = models.CharField(max_length=60)
    body = models.JSONField()

    class Meta:
        db_table = "regulator_case_step"
        constraints = (
            models.UniqueConstraint(fields=["case", "step"], name="regulator_case_step_once"),
        )

    def __str__(self) -> str:
        return f"{self.case} {self.step}"


class Dossier(models.Model):
    """A bundle of evidence that the worker writes, of a case (or of none) and a stretch of time.

    ``result`` is what to show once it is done; ``actor`` is who asked for it.
    """

    class Status(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    operator = models.CharField(max_length=40)
    case = models.UUIDField(null=True)
    since = models.DateTimeField()
    until = models.DateTimeField()
    actor = models.CharField(max_length=32)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    result = models.JSONField(default=dict)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "regulator_dossier"
        indexes = (models.Index(fields=["case", "-id"], name="regulator_dossier_of"),)

    def __str__(self) -> str:
        return f"{self.operator} ({self.status})"

    @property
    def share(self) -> float:
        """How much is done, 0..1."""
        return self.done / self.total if self.total else 0.0

    @property
    def note(self) -> str:
        """How much is done, in words."""
        return f"{self.done:,} of {self.total:,}"
