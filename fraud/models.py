"""Fraud's tables: the policy that scores are judged by, the refund ledger, models, drift."""

from django.db import models


class Refund(models.Model):
    """What a publisher owes for touches that one decision rejected; amounts in millionths."""

    decision = models.UUIDField(primary_key=True)
    source = models.CharField(max_length=200)
    start = models.DateField(null=True)
    end = models.DateField()
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    decided_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    received = models.BigIntegerField(null=True)
    note = models.CharField(max_length=500, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=64, blank=True)

    class Meta:
        db_table = "fraud_refund"

    def __str__(self) -> str:
        return f"{self.source} {self.decided_at:%Y-%m-%d}"


class ScoringPolicy(models.Model):
    """One row: how the tenant's events are scored; every change is an event as well."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    on = models.BooleanField(default=False)
    review = models.SmallIntegerField(default=60)
    block = models.SmallIntegerField(default=80)
    thresholds = models.JSONField(default=dict)

    class Meta:
        db_table = "fraud_scoring_policy"

    def __str__(self) -> str:
        return f"{self.review}/{self.block}"


class Case(models.Model):
    """An event that was not simply let through, with its decision; a projection.

    ``publisher`` and ``campaign`` are ids as ``fraud.features`` makes them, 0 for nobody's: an
    install is its click's publisher's. ``value`` is in ``currency``; empty: in the tenant's own.
    """

    event = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    decided_at = models.DateTimeField()
    type = models.TextField()
    subject = models.TextField()
    score = models.SmallIntegerField()
    verdict = models.TextField()
    kind = models.TextField(blank=True)
    record = models.JSONField()
    uncertainty = models.FloatField(default=0.0, db_default=0.0)
    value = models.FloatField(default=0.0, db_default=0.0)
    currency = models.TextField(blank=True, default="", db_default="")
    publisher = models.BigIntegerField(default=0, db_default=0)
    campaign = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        db_table = "fraud_case"
        indexes = (
            models.Index(fields=["-at", "-event"], name="fraud_case_newest"),
            models.Index(fields=["kind", "-at"], name="fraud_case_kind"),
            models.Index(fields=["subject"], name="fraud_case_subject"),
            models.Index(fields=["-uncertainty", "-value", "event"], name="fraud_case_queue"),
            models.Index(fields=["publisher", "-at"], name="fraud_case_publisher"),
            models.Index(fields=["campaign", "-at"], name="fraud_case_campaign"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.verdict} {self.event}"


class SeenDay(models.Model):
    """How many events of the types that are scored happened on a day (UTC); a projection."""

    day = models.DateField(primary_key=True)
    events = models.BigIntegerField()

    class Meta:
        db_table = "fraud_seen_day"

    def __str__(self) -> str:
        return f"{self.day} {self.events}"


class Label(models.Model):
    """What somebody said an event was; a projection. The newest word of an actor holds."""

    event = models.UUIDField()
    actor = models.TextField()
    at = models.DateTimeField()
    subject = models.TextField()
    fraud = models.BooleanField()
    kind = models.TextField(blank=True)
    note = models.TextField(blank=True)

    class Meta:
        db_table = "fraud_label"
        constraints = (
            models.UniqueConstraint(fields=["event", "actor"], name="fraud_label_of_actor"),
        )
        indexes = (
            models.Index(fields=["subject"], name="fraud_label_subject"),
            models.Index(fields=["-at"], name="fraud_label_newest"),
        )

    def __str__(self) -> str:
        return f"{self.event} {'fraud' if self.fraud else 'honest'}"


class TrainedModel(models.Model):
    """A model of the tenant's with its bytes, which ``digest`` names.

    The bytes are in the database because the web serves what the worker trained, maybe elsewhere.
    """

    digest = models.CharField(primary_key=True, max_length=64)
    family = models.TextField()
    state = models.TextField()
    features_version = models.TextField()
    registered_at = models.DateTimeField()
    promoted_at = models.DateTimeField(null=True)
    figures = models.JSONField()
    learned_from = models.JSONField()
    artefact = models.BinaryField()

    class Meta:
        db_table = "fraud_model"

    def __str__(self) -> str:
        return f"{self.family} {self.digest[:8]} {self.state}"


class DriftReference(models.Model):
    """What a model learned from, counted: its traffic is held against this (``fraud.drift``)."""

    digest = models.CharField(primary_key=True, max_length=64)
    features_version = models.TextField()
    made_at = models.DateTimeField()
    kinds = models.JSONField()
    bins = models.JSONField()
    counts = models.JSONField()

    class Meta:
        db_table = "fraud_drift_reference"

    def __str__(self) -> str:
        return self.digest[:8]


class DriftMeasure(models.Model):
    """What an hour's look at the champion found; ``features`` of the latest look alone."""

    hour = models.DateTimeField(primary_key=True)
    model = models.CharField(max_length=64)
    figures = models.JSONField()
    features = models.JSONField(default=list)

    class Meta:
        db_table = "fraud_drift_measure"

    def __str__(self) -> str:
        return f"{self.model[:8]} {self.hour:%Y-%m-%d %H:00}"
