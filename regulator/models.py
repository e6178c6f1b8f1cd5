"""The regulator's tables: projections of its log, and the head of each feed's chain of receipts."""

from django.db import models


class Operator(models.Model):
    """An entry of the register; a projection."""

    name = models.SlugField(primary_key=True, max_length=40)
    title = models.CharField(max_length=120)
    licence = models.CharField(max_length=60)
    licensed_from = models.DateField()
    licensed_until = models.DateField(null=True)
    currency = models.CharField(max_length=3)
    game_types = models.JSONField(default=list)
    rates = models.JSONField(default=list)
    registered_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "regulator_operator"

    def __str__(self) -> str:
        return self.name


class FeedHead(models.Model):
    """The newest receipt of a feed: held by whoever takes a batch, so that the chain has one end.

    No projection: the next receipt must follow the last one, whether it was projected or not.
    """

    operator = models.CharField(primary_key=True, max_length=40)
    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        db_table = "regulator_feed_head"

    def __str__(self) -> str:
        return f"{self.operator} {self.number}"


class Feed(models.Model):
    """How a feed stands; a projection."""

    operator = models.CharField(primary_key=True, max_length=40)
    records = models.BigIntegerField(default=0)
    highest = models.BigIntegerField(default=0)
    missing = models.BigIntegerField(default=0)
    filled = models.BigIntegerField(default=0)
    reused = models.BigIntegerField(default=0)
    twice = models.JSONField(default=list)
    late = models.BigIntegerField(default=0)
    repeated = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    heard_at = models.DateTimeField(null=True)
    played_at = models.DateTimeField(null=True)
    quiet_since = models.DateTimeField(null=True)

    class Meta:
        db_table = "regulator_feed"

    def __str__(self) -> str:
        return self.operator


class Gap(models.Model):
    """Numbers of a feed that never came, from ``first`` to ``last``; a projection."""

    operator = models.CharField(max_length=40)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    opened_at = models.DateTimeField()

    class Meta:
        db_table = "regulator_gap"
        constraints = (
            models.UniqueConstraint(fields=["operator", "first"], name="regulator_gap_once"),
        )

    def __str__(self) -> str:
        return f"{self.operator} {self.first}-{self.last}"


class Receipt(models.Model):
    """A batch that was taken, with what its sender got; a projection."""

    operator = models.CharField(max_length=40)
    number = models.BigIntegerField()
    at = models.DateTimeField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    count = models.IntegerField()
    fresh = models.IntegerField()
    hash = models.CharField(max_length=64)
    receipt = models.TextField()
    faults = models.JSONField(default=list)

    class Meta:
        db_table = "regulator_receipt"
        constraints = (
            models.UniqueConstraint(fields=["operator", "number"], name="regulator_receipt_once"),
        )

    def __str__(self) -> str:
        return f"{self.operator} {self.number}"


class Total(models.Model):
    """What was played at an operator in an hour or on a day (UTC), of one game or (``""``) of all.

    A projection; amounts in the currency's smallest unit.
    """

    operator = models.CharField(max_length=40)
    span = models.CharField(max_length=4)
    start = models.DateTimeField()
    game = models.CharField(max_length=12, blank=True)
    currency = models.CharField(max_length=3)
    stakes = models.BigIntegerField(default=0)
    payouts = models.BigIntegerField(default=0)
    refunds = models.BigIntegerField(default=0)
    events = models.BigIntegerField(default=0)
    players = models.BigIntegerField(default=0)

    class Meta:
        db_table = "regulator_total"
        constraints = (
            models.UniqueConstraint(
                fields=["operator", "span", "start", "game", "currency"],
                name="regulator_total_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.operator} {self.span} {self.start:%Y-%m-%d %H} {self.game}"


class Seen(models.Model):
    """That a player played in a span, so that nobody is counted twice; a projection."""

    operator = models.CharField(max_length=40)
    span = models.CharField(max_length=4)
    start = models.DateTimeField()
    game = models.CharField(max_length=12, blank=True)
    currency = models.CharField(max_length=3)
    player = models.UUIDField()

    class Meta:
        db_table = "regulator_seen"
        constraints = (
            models.UniqueConstraint(
                fields=["operator", "span", "start", "game", "currency", "player"],
                name="regulator_seen_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.operator} {self.player}"


class Return(models.Model):
    """One version of a return; a projection. ``known_at`` is when the log got it."""

    event = models.UUIDField(primary_key=True)
    operator = models.CharField(max_length=40)
    start = models.DateField()
    end = models.DateField()
    vintage = models.DateField()
    known_at = models.DateTimeField()
    place = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    stakes = models.BigIntegerField()
    payouts = models.BigIntegerField()
    refunds = models.BigIntegerField()
    ggr = models.BigIntegerField()
    tax = models.BigIntegerField(null=True)
    ggr_to_date = models.BigIntegerField(null=True)
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        db_table = "regulator_return"
        indexes = (
            models.Index(
                fields=["operator", "start", "end", "vintage"], name="regulator_return_of"
            ),
        )

    def __str__(self) -> str:
        return f"{self.operator} {self.start} {self.vintage}"


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
