"""What the watch found, how closely it looks, and the learned detectors it asks."""

from django.db import models


class LearnedModel(models.Model):
    """Detectors learned of the market's past, with their bytes, which ``digest`` names.

    The bytes are in the database because the web serves what the worker trained, maybe elsewhere.
    """

    digest = models.CharField(primary_key=True, max_length=64)
    family = models.TextField()
    state = models.TextField()
    registered_at = models.DateTimeField()
    promoted_at = models.DateTimeField(null=True)
    figures = models.JSONField()
    ways = models.JSONField()
    learned_from = models.JSONField()
    artefact = models.BinaryField()

    class Meta:
        db_table = "regulator_model"

    def __str__(self) -> str:
        return f"{self.family} {self.digest[:8]} {self.state}"


class Anomaly(models.Model):
    """A stretch in which an operator's figures are unusual; a projection.

    ``over_at`` is when it was known to be over; ``dismissed_at`` is set while it is dismissed.
    """

    id = models.UUIDField(primary_key=True)
    operator = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    severity = models.CharField(max_length=10)
    score = models.FloatField()
    evidence = models.JSONField(default=dict)
    explanation = models.TextField()
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    over_at = models.DateTimeField(null=True)
    dismissed_at = models.DateTimeField(null=True)
    said_at = models.DateTimeField(null=True)
    said_by = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        db_table = "regulator_anomaly"
        indexes = (
            models.Index(fields=["-started_at", "-id"], name="regulator_anomaly_newest"),
            models.Index(fields=["operator", "started_at"], name="regulator_anomaly_of"),
        )

    def __str__(self) -> str:
        return f"{self.operator} {self.kind} {self.started_at:%Y-%m-%d %H}"


class Sensitivity(models.Model):
    """How sensitively an operator is watched, for a kind or (``""``) for all; a projection."""

    operator = models.CharField(max_length=40)
    kind = models.CharField(max_length=40, blank=True)
    level = models.CharField(max_length=10)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=64)

    class Meta:
        db_table = "regulator_sensitivity"
        constraints = (
            models.UniqueConstraint(fields=["operator", "kind"], name="regulator_sensitivity_once"),
        )

    def __str__(self) -> str:
        return f"{self.operator} {self.kind} {self.level}"


class Quiet(models.Model):
    """A stretch in which an operator said that nothing was played; a projection."""

    operator = models.CharField(max_length=40)
    since = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        db_table = "regulator_quiet"
        indexes = (models.Index(fields=["operator", "until"], name="regulator_quiet_of"),)

    def __str__(self) -> str:
        return f"{self.operator} {self.since:%Y-%m-%d %H}"


class StakeCell(models.Model):
    """How many stakes of an operator's week begin with two digits and have as many places.

    A projection; ``week`` is its Monday, ``lowest`` the smallest amount of the cell.
    """

    operator = models.CharField(max_length=40)
    week = models.DateField()
    lowest = models.BigIntegerField()
    count = models.BigIntegerField(default=0)

    class Meta:
        db_table = "regulator_stake_cell"
        constraints = (
            models.UniqueConstraint(
                fields=["operator", "week", "lowest"], name="regulator_stake_cell_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.operator} {self.week} {self.lowest}"


class PlayedDay(models.Model):
    """What a day's stakes of one operator and game were like, counted from the log at night.

    ``pairs`` are pairs of gaps within sittings and ``uneven`` those of them that are
    (``detectors.tempo``); ``cells`` how many stakes lie in each cell, by its lowest amount.
    No projection: a day is counted when it is over, and anew while records of it may be late.
    """

    operator = models.CharField(max_length=40)
    day = models.DateField()
    game = models.CharField(max_length=20)
    pairs = models.BigIntegerField()
    uneven = models.BigIntegerField()
    cells = models.JSONField()

    class Meta:
        db_table = "regulator_played_day"
        constraints = (
            models.UniqueConstraint(
                fields=["day", "operator", "game"], name="regulator_played_day_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.operator} {self.day} {self.game}"


class Watch(models.Model):
    """Until when each operator was judged by a pass: held by the pass that goes on from there.

    No projection: what a pass found and how far it looked become true together.
    """

    name = models.CharField(primary_key=True, max_length=20)
    judged = models.JSONField(default=dict)
    ran_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "regulator_watch"

    def __str__(self) -> str:
        return self.name
