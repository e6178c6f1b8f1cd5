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


class Forecast(models.Model):
    """A forecast that was made of an operator or (``""``) of a market; a projection.

    ``body`` is the event's: what was said is kept as it was said.
    """

    event = models.UUIDField(primary_key=True)
    run = models.CharField(max_length=36)
    operator = models.CharField(max_length=40, blank=True)
    currency = models.CharField(max_length=3)
    made_at = models.DateTimeField()
    place = models.BigIntegerField()
    body = models.JSONField()

    class Meta:
        db_table = "regulator_forecast"
        indexes = (
            models.Index(fields=["operator", "currency", "place"], name="regulator_forecast_of"),
            models.Index(fields=["run"], name="regulator_forecast_run"),
        )

    def __str__(self) -> str:
        return f"{self.operator or 'market'} {self.currency} {self.made_at:%Y-%m-%d}"


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
