"""The register, the operators' feeds and what was played; all but ``FeedHead`` projections."""

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
    """How a feed stands; a projection.

    ``rhythm`` are the seconds usual between two deliveries, ``batch_at`` the newest one,
    ``late_open`` late records since then.
    """

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
    batch_at = models.DateTimeField(null=True)
    rhythm = models.FloatField(null=True)
    late_open = models.IntegerField(default=0, db_default=0)

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
    late = models.IntegerField(default=0, db_default=0)
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


class PlayerDay(models.Model):
    """The hours of a day (UTC) in which a player played a game, a bit each; a projection."""

    pk = models.CompositePrimaryKey("operator", "day", "player", "game", "currency")
    operator = models.CharField(max_length=40)
    day = models.DateField()
    player = models.UUIDField()
    game = models.CharField(max_length=12)
    currency = models.CharField(max_length=3)
    hours = models.IntegerField()

    class Meta:
        db_table = "regulator_player_day"

    def __str__(self) -> str:
        return f"{self.operator} {self.day} {self.player}"
