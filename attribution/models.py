"""The read models, in each tenant's schema: all of them can be dropped and rebuilt from the log.

Money is kept in integer millionths of the tenant's currency and credit in integer billionths of a
conversion: sums of integers do not depend on their order, so a projection that adds and subtracts
equals one that is rebuilt, to the last bit. Labels are interned: wherever a column is called
``channel``, ``campaign``, ``source``, ``conversion_type`` or ``key`` it holds a ``Name`` id.
``acquired`` counts, of the conversions beside it, those that are their person's first of their type
(a new customer's). A ``segment`` is a ``store.words.DEVICES`` index or a ``Segment`` id. Conversion
type 0 stands for null journeys.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from attribution.decision_models import (
    CreditMove,
    Decision,
    Expiring,
    MovedJourney,
    Rework,
    RulesVersion,
    Verdict,
)
from attribution.fact_models import Conversion, Identity, Link, Touchpoint
from attribution.models_of_people import Behaviour, Profile, ProfileFit, ProfileMember

__all__ = [
    "Behaviour", "Conversion", "CreditMove", "Decision", "Expiring", "Identity", "Link",
    "MovedJourney", "Profile", "ProfileFit", "ProfileMember", "Rework", "RulesVersion",
    "Touchpoint", "Verdict",
]  # fmt: skip


class Name(models.Model):
    """A label and its small id, given in log order."""

    id = models.IntegerField(primary_key=True)
    dimension = models.SmallIntegerField()
    label = models.TextField()

    class Meta:
        db_table = "attribution_name"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["dimension", "label"], name="attribution_name_once")
        ]

    def __str__(self) -> str:
        return self.label


class Segment(models.Model):
    """The label of a segment that is no device class; ids from ``store.words.FIRST_SEGMENT``."""

    id = models.SmallIntegerField(primary_key=True)
    label = models.TextField(unique=True)

    class Meta:
        db_table = "attribution_segment"

    def __str__(self) -> str:
        return self.label


class Journey(models.Model):
    """A journey with its touches as arrays of equal length.

    ``id`` is the position of its conversion, or minus the position of a null journey's first touch;
    ``times`` are microseconds since 1970.
    """

    id = models.BigIntegerField(primary_key=True)
    person = models.TextField()
    conversion_type = models.IntegerField()
    segment = models.SmallIntegerField()
    day = models.DateField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    value = models.BigIntegerField()
    acquires = models.BooleanField(default=False, db_default=False)
    positions = ArrayField(models.BigIntegerField())
    times = ArrayField(models.BigIntegerField())
    channels = ArrayField(models.IntegerField())
    campaigns = ArrayField(models.IntegerField())
    sources = ArrayField(models.IntegerField())

    class Meta:
        db_table = "attribution_journey"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["person"], name="attribution_journey_person"),
            models.Index(fields=["-ended_at", "-id"], name="attribution_journey_newest"),
            models.Index(
                fields=["-ended_at", "-id"],
                condition=models.Q(conversion_type__gt=0),
                name="attribution_journey_converted",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Spend(models.Model):
    """What a place cost on a day: the last recorded figure, and the sum of its priced touches."""

    pk = models.CompositePrimaryKey("day", "channel", "source", "campaign")
    day = models.DateField()
    channel = models.IntegerField()
    source = models.IntegerField()
    campaign = models.IntegerField()
    cost = models.BigIntegerField(default=0)
    impressions = models.BigIntegerField(default=0)
    clicks = models.BigIntegerField(default=0)
    touch_cost = models.BigIntegerField(default=0)

    class Meta:
        db_table = "attribution_spend"

    def __str__(self) -> str:
        return f"{self.day} {self.channel}"


class ForeignCost(models.Model):
    """Cost in a currency that is not the tenant's; ``value`` is ``None`` while there is no rate.

    ``touches`` tells the sum of priced touches from the recorded figure of the day.
    """

    pk = models.CompositePrimaryKey("day", "channel", "source", "campaign", "touches", "currency")
    day = models.DateField()
    channel = models.IntegerField()
    source = models.IntegerField()
    campaign = models.IntegerField()
    touches = models.BooleanField()
    currency = models.TextField()
    amount = models.BigIntegerField()
    value = models.BigIntegerField(null=True)

    class Meta:
        db_table = "attribution_foreign_cost"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["currency", "day"], name="attribution_foreign_cost_days")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.channel} {self.currency}"


class Rate(models.Model):
    """What a unit of ``currency`` is worth in ``base`` from ``day`` on, in trillionths.

    An empty ``base`` is the tenant's currency; a rate in any other is kept and not used.
    """

    pk = models.CompositePrimaryKey("currency", "base", "day")
    currency = models.TextField()
    base = models.TextField()
    day = models.DateField()
    rate = models.BigIntegerField()

    class Meta:
        db_table = "attribution_rate"

    def __str__(self) -> str:
        return f"{self.currency} {self.day}"


class DailyCredit(models.Model):
    """Store: credit per key and model, in billionths of a conversion and millionths of money.

    ``acquired`` is the credit of new customers' conversions, in billionths.
    """

    pk = models.CompositePrimaryKey(
        "dimension", "model", "segment", "day", "conversion_type", "key"
    )
    dimension = models.SmallIntegerField()
    model = models.SmallIntegerField()
    day = models.DateField()
    conversion_type = models.IntegerField()
    segment = models.SmallIntegerField()
    key = models.IntegerField()
    credit = models.BigIntegerField()
    value = models.BigIntegerField()
    acquired = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        db_table = "attribution_daily_credit"

    def __str__(self) -> str:
        return f"{self.day} {self.key}"


class DailyTransition(models.Model):
    """Store: how often ``before`` was followed by ``after`` (0 is the start, -1 the end)."""

    pk = models.CompositePrimaryKey(
        "dimension", "segment", "day", "conversion_type", "before", "after"
    )
    dimension = models.SmallIntegerField()
    day = models.DateField()
    conversion_type = models.IntegerField()
    segment = models.SmallIntegerField()
    before = models.IntegerField()
    after = models.IntegerField()
    journeys = models.BigIntegerField()
    value = models.BigIntegerField()
    acquired = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        db_table = "attribution_daily_transition"

    def __str__(self) -> str:
        return f"{self.day} {self.before} {self.after}"


class LiveEffects(models.Model):
    """One row: removal effects of all journeys that are known, written as each of them finishes.

    The arrays have an entry for each channel: its effect, the touches that conversions followed,
    and all touches. ``conversions`` are those with touches; see ``projection.live``.
    """

    id = models.SmallIntegerField(primary_key=True)
    revision = models.BigIntegerField()
    conversions = models.BigIntegerField()
    channels = ArrayField(models.IntegerField())
    removal = ArrayField(models.FloatField())
    followed = ArrayField(models.BigIntegerField())
    touches = ArrayField(models.BigIntegerField())

    class Meta:
        db_table = "attribution_live_effects"

    def __str__(self) -> str:
        return str(self.revision)


class DailyPath(models.Model):
    """Store: how many journeys took exactly this path; ``digest`` stands for it in the key.

    ``path`` is packed by ``store.stored_paths``; ``value_squares`` sums the squares of the
    journeys' values (units squared): beyond any bigint.
    """

    pk = models.CompositePrimaryKey("dimension", "segment", "day", "conversion_type", "digest")
    dimension = models.SmallIntegerField()
    day = models.DateField()
    conversion_type = models.IntegerField()
    segment = models.SmallIntegerField()
    digest = models.UUIDField()
    path = models.BinaryField()
    journeys = models.BigIntegerField()
    value = models.BigIntegerField()
    value_squares = models.DecimalField(max_digits=60, decimal_places=0, default=0)
    acquired = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        db_table = "attribution_daily_path"

    def __str__(self) -> str:
        return f"{self.day} {self.digest}"


class PackedPath(models.Model):
    """Paths of a cell of ``DailyPath`` in one value (see ``store.packed``); rows come on top."""

    pk = models.CompositePrimaryKey("dimension", "segment", "day", "conversion_type")
    dimension = models.SmallIntegerField()
    segment = models.SmallIntegerField()
    day = models.DateField()
    conversion_type = models.IntegerField()
    paths = models.BigIntegerField()
    data = models.BinaryField()

    class Meta:
        db_table = "attribution_packed_path"

    def __str__(self) -> str:
        return f"{self.day} {self.paths}"


class DailyTotal(models.Model):
    """Store: journeys (conversions, or null journeys under type 0), their touches and value."""

    pk = models.CompositePrimaryKey("day", "conversion_type", "segment")
    day = models.DateField()
    conversion_type = models.IntegerField()
    segment = models.SmallIntegerField()
    journeys = models.BigIntegerField()
    touches = models.BigIntegerField()
    value = models.BigIntegerField()
    unattributed = models.BigIntegerField()
    unattributed_value = models.BigIntegerField()
    acquired = models.BigIntegerField(default=0, db_default=0)
    unattributed_acquired = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        db_table = "attribution_daily_total"

    def __str__(self) -> str:
        return str(self.day)


class DailyTouch(models.Model):
    """Store: touches per key on the day they happened, clicks and impressions among them."""

    pk = models.CompositePrimaryKey("dimension", "segment", "day", "key")
    dimension = models.SmallIntegerField()
    day = models.DateField()
    segment = models.SmallIntegerField()
    key = models.IntegerField()
    touches = models.BigIntegerField()
    clicks = models.BigIntegerField()
    impressions = models.BigIntegerField()

    class Meta:
        db_table = "attribution_daily_touch"

    def __str__(self) -> str:
        return f"{self.day} {self.key}"


class Fit(models.Model):
    """The last fit of a learned model: when, on what, and what was found (per conversion type).

    ``missing``: the worker lacks what the model takes, so there is no fit. ``generation``: which
    rows of ``FittedTouch`` are the fit's.
    """

    model = models.CharField(max_length=20, primary_key=True)
    fitted_at = models.DateTimeField()
    xid = models.BigIntegerField()
    position = models.BigIntegerField()
    journeys = models.BigIntegerField()
    details = models.JSONField()
    missing = models.BooleanField(default=False)
    generation = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        db_table = "attribution_fit"

    def __str__(self) -> str:
        return f"{self.model} {self.fitted_at}"


class LearnedCredit(models.Model):
    """Credit under the last fit of a learned model, with the sums of its squares over journeys."""

    pk = models.CompositePrimaryKey(
        "model", "dimension", "day", "conversion_type", "segment", "key"
    )
    model = models.CharField(max_length=20)
    dimension = models.SmallIntegerField()
    day = models.DateField()
    conversion_type = models.IntegerField()
    segment = models.SmallIntegerField()
    key = models.IntegerField()
    credit = models.FloatField()
    value = models.FloatField()
    credit_squares = models.FloatField()
    value_squares = models.FloatField()
    sure = models.FloatField(default=0.0)
    acquired = models.FloatField(default=0.0, db_default=0.0)
    acquired_squares = models.FloatField(default=0.0, db_default=0.0)

    class Meta:
        db_table = "attribution_learned_credit"

    def __str__(self) -> str:
        return f"{self.model} {self.day} {self.key}"


class FittedTouch(models.Model):
    """What each touch of a converting journey earns under a fit of a learned model.

    Arrays as long as the journey was then; ``confidence`` is that of models which have one.
    """

    pk = models.CompositePrimaryKey("journey", "model", "generation")
    journey = models.BigIntegerField()
    model = models.CharField(max_length=20)
    generation = models.BigIntegerField()
    credit = ArrayField(models.FloatField())
    confidence = ArrayField(models.FloatField(), null=True)

    class Meta:
        db_table = "attribution_fitted_touch"

    def __str__(self) -> str:
        return f"{self.model} {self.journey}"
