"""More read models: what was decided about journeys, and what that changed.

Part of ``models``, which names them all. Like the others they are built from the log alone.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class RulesVersion(models.Model):
    """Rules as a tenant set them; the last one in the log holds."""

    position = models.BigIntegerField(primary_key=True)
    xid = models.BigIntegerField()
    event_id = models.UUIDField()
    occurred_at = models.DateTimeField()
    actor = models.TextField()
    rules = models.JSONField()

    class Meta:
        db_table = "attribution_rules"

    def __str__(self) -> str:
        return str(self.position)


class Rework(models.Model):
    """How far the journeys have been cut anew under changed rules; no row: there is nothing to do.

    People are taken in the order of their ids, ``after`` is the last one done. ``total`` is unknown
    (-1) until the work begins.
    """

    id = models.SmallIntegerField(primary_key=True)
    scope = models.JSONField()
    after = models.TextField(default="")
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=-1)

    class Meta:
        db_table = "attribution_rework"

    def __str__(self) -> str:
        return f"{self.done} of {self.total}"


class Expiring(models.Model):
    """What an expiry has left to be forgotten: older than ``before``, up to its place in the log.

    People are taken in the order of their ids, ``after`` is the last one done.
    """

    position = models.BigIntegerField(primary_key=True)
    xid = models.BigIntegerField()
    before = models.DateTimeField()
    after = models.TextField(default="")

    class Meta:
        db_table = "attribution_expiring"

    def __str__(self) -> str:
        return f"{self.before} {self.after}"


class Verdict(models.Model):
    """The last word on a single touch, known or not yet known, by its event's id."""

    event_id = models.UUIDField(primary_key=True)
    rejected = models.BooleanField()

    class Meta:
        db_table = "attribution_verdict"

    def __str__(self) -> str:
        return f"{self.event_id} {self.rejected}"


class Decision(models.Model):
    """A rejection or restoration, as logged, and how many touches and journeys it changed.

    ``source`` is a source's label where all its touches were decided about, ``standing`` whether
    such a rejection still holds.
    """

    position = models.BigIntegerField(primary_key=True)
    xid = models.BigIntegerField()
    event_id = models.UUIDField(unique=True)
    occurred_at = models.DateTimeField()
    rejects = models.BooleanField()
    source = models.TextField(null=True)  # noqa: DJ001  # a source may have the empty label
    start = models.DateField(null=True)
    end = models.DateField(null=True)
    standing = models.BooleanField(default=False)
    reason = models.TextField()
    decided_by = models.TextField()
    named = models.IntegerField(default=0)
    touches = models.IntegerField(default=0)
    journeys = models.IntegerField(default=0)

    class Meta:
        db_table = "attribution_decision"

    def __str__(self) -> str:
        return str(self.event_id)


class CreditMove(models.Model):
    """An audit row: a number of the store of credit that a decision changed.

    ``before`` and ``after`` sum the credit that the changed journeys gave to the key (billionths of
    a conversion, and millionths of money).
    """

    pk = models.CompositePrimaryKey(
        "decision", "dimension", "model", "day", "conversion_type", "segment", "key"
    )
    decision = models.BigIntegerField()
    dimension = models.SmallIntegerField()
    model = models.SmallIntegerField()
    day = models.DateField()
    conversion_type = models.IntegerField()
    segment = models.SmallIntegerField()
    key = models.IntegerField()
    before = models.BigIntegerField()
    after = models.BigIntegerField()
    value_before = models.BigIntegerField()
    value_after = models.BigIntegerField()

    class Meta:
        db_table = "attribution_credit_move"

    def __str__(self) -> str:
        return f"{self.decision} {self.key}"


class MovedJourney(models.Model):
    """A journey that a decision changed: its channels before and after.

    ``before`` is empty for a journey that came to be, ``after`` for one that is no more; the person
    is empty once erased.
    """

    pk = models.CompositePrimaryKey("decision", "journey")
    decision = models.BigIntegerField()
    journey = models.BigIntegerField()
    person = models.TextField(db_index=True)
    conversion_type = models.IntegerField()
    value = models.BigIntegerField()
    ended_at = models.DateTimeField()
    before = ArrayField(models.IntegerField())
    after = ArrayField(models.IntegerField())

    class Meta:
        db_table = "attribution_moved_journey"

    def __str__(self) -> str:
        return f"{self.decision} {self.journey}"
