"""More read models: what the log says, event by event, and who is who.

Part of ``models``, which names them all and says in what units they count.
"""

from typing import ClassVar

from django.db import models


class Link(models.Model):
    """Two subjects are one person: said by an alias, or by a device (a ``claim``) at a moment."""

    pk = models.CompositePrimaryKey("position", "other")
    position = models.BigIntegerField()
    xid = models.BigIntegerField()
    subject = models.TextField(db_index=True)
    other = models.TextField(db_index=True)
    occurred_at = models.DateTimeField()
    claim = models.BooleanField()

    class Meta:
        db_table = "attribution_link"

    def __str__(self) -> str:
        return f"{self.subject} {self.other}"


class Identity(models.Model):
    """Which person a stitched subject belongs to: the least subject of all stitched together.

    A ``shared`` device belongs to several by turns; ``person`` is whom it belongs to now.
    """

    subject = models.TextField(primary_key=True)
    person = models.TextField(db_index=True)
    shared = models.BooleanField(default=False)

    class Meta:
        db_table = "attribution_identity"

    def __str__(self) -> str:
        return self.subject


class Touchpoint(models.Model):
    """A touch, keyed by its place in the log. ``kind`` is a ``store.words.KINDS`` index.

    ``viewable`` and ``view_ms`` are what an impression said of itself, ``coarse`` a
    ``store.words.PRECISIONS`` index. A ``rejected`` touch is in no journey.
    """

    position = models.BigIntegerField(primary_key=True)
    xid = models.BigIntegerField()
    event_id = models.UUIDField()
    subject = models.TextField()
    person = models.TextField()
    occurred_at = models.DateTimeField()
    kind = models.SmallIntegerField()
    segment = models.SmallIntegerField()
    channel = models.IntegerField()
    campaign = models.IntegerField()
    source = models.IntegerField()
    medium = models.TextField()
    viewable = models.BooleanField(null=True)
    view_ms = models.IntegerField(null=True)
    coarse = models.SmallIntegerField(default=0)
    rejected = models.BooleanField(default=False)

    class Meta:
        db_table = "attribution_touchpoint"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["person", "occurred_at"], name="attribution_touch_person"),
            models.Index(fields=["event_id"], name="attribution_touch_event"),
            models.Index(fields=["source", "occurred_at"], name="attribution_touch_source"),
        ]

    def __str__(self) -> str:
        return str(self.position)


class Conversion(models.Model):
    """A conversion as reported, keyed by its place in the log; ``origin`` is who reported it.

    ``merged_into`` is the place of the report that counts in its stead, ``merge_rule`` a
    ``store.words.MERGE_RULES`` index. An order counts once per conversion type.

    One in a foreign ``currency`` (empty: the tenant's) keeps its ``amount`` as it was sent;
    ``value`` is its worth at the rate of its day, 0 while it is ``aside`` for want of one.
    """

    position = models.BigIntegerField(primary_key=True)
    xid = models.BigIntegerField()
    event_id = models.UUIDField()
    subject = models.TextField()
    person = models.TextField()
    occurred_at = models.DateTimeField()
    conversion_type = models.IntegerField()
    value = models.BigIntegerField()
    order_id = models.TextField()
    currency = models.TextField(default="", db_default="")
    amount = models.BigIntegerField(default=0, db_default=0)
    aside = models.BooleanField(default=False, db_default=False)
    origin = models.TextField(default="")
    merged_into = models.BigIntegerField(null=True)
    merge_rule = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "attribution_conversion"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["person", "occurred_at"], name="attribution_conversion_person"),
            models.Index(
                fields=["currency", "occurred_at"],
                condition=~models.Q(currency=""),
                name="attribution_conversion_foreign",
            ),
            models.Index(
                fields=["occurred_at"],
                condition=models.Q(aside=True),
                name="attribution_conversion_aside",
            ),
            models.Index(
                fields=["conversion_type", "order_id"],
                condition=~models.Q(order_id=""),
                name="attribution_conversion_order",
            ),
            models.Index(
                fields=["-position"],
                condition=models.Q(merged_into__isnull=False),
                name="attribution_conversion_merged",
            ),
        ]

    def __str__(self) -> str:
        return str(self.position)
