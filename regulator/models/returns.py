"""What operators filed, and what was foretold of it."""

from django.db import models


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
