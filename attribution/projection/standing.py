"""The rules that hold, as the database knows them and as journeys are cut by them."""

from dataclasses import dataclass
from functools import cached_property

import msgspec
from django.db import connection

from attribution.journeys.build import Config, Reach
from attribution.journeys.rules import Rules
from attribution.projection.names import direct
from attribution.projection.sums import rows
from attribution.store.words import CONVERSION_TYPE
from tenants.models import Tenant

_LAST = "SELECT rules FROM attribution_rules ORDER BY xid DESC, position DESC LIMIT 1"
_NAMES = (
    "SELECT dimension, label, id FROM attribution_name"
    " WHERE (dimension = 0 AND label = ANY(%s)) OR (dimension = %s AND label = ANY(%s))"
)


@dataclass(frozen=True)
class Standing:
    """The rules, and what they mean with the ids of now; read lazily, for one batch."""

    rules: Rules

    @cached_property
    def direct(self) -> int:
        """The id of the direct channel, -1 before it was ever seen."""
        return direct()

    @cached_property
    def currency(self) -> str:
        """The tenant's currency."""
        return _of_tenant()[1]

    @cached_property
    def config(self) -> Config:
        """How to cut; windows of channels and types that were never seen fit nothing."""
        rules = self.rules
        return Config(
            lookback_days=rules.lookback_days,
            reaches=_reaches(rules),
            view_days=rules.views.days,
            clicks_win=rules.views.clicks_win,
        )


def standing() -> Standing:
    """The rules of the active tenant: the last that were set, or the defaults."""
    found = rows(_LAST, [])
    if found:
        return Standing(decoded(found[0][0]))
    return Standing(Rules(lookback_days=_of_tenant()[0] or Rules().lookback_days))


def _of_tenant() -> tuple[int, str]:
    """How far journeys look back by default, and the tenant's currency."""
    schema = connection.schema_name  # type: ignore[attr-defined]  # django-tenants sets it
    found = Tenant.objects.filter(schema_name=schema).values_list("lookback_days", "currency")
    return found.first() or (0, "")


def decoded(stored: str | dict[str, object]) -> Rules:
    """Rules as a JSON column gives them back."""
    if isinstance(stored, str):
        return msgspec.json.decode(stored, type=Rules)
    return msgspec.convert(stored, Rules)


def _reaches(rules: Rules) -> tuple[Reach, ...]:
    """The windows by ids, the most telling last: it overrules the others."""
    if not rules.windows:
        return ()
    channels = [each.channel for each in rules.windows]
    kinds = [each.conversion_type for each in rules.windows]
    found = rows(_NAMES, [channels, CONVERSION_TYPE, kinds])
    ids = {(dimension, label): key for dimension, label, key in found}
    ordered = sorted(
        rules.windows, key=lambda each: (bool(each.channel), bool(each.conversion_type))
    )
    return tuple(
        Reach(
            channel=ids.get((0, each.channel), -1) if each.channel else None,
            kind=ids.get((CONVERSION_TYPE, each.conversion_type), -1)
            if each.conversion_type
            else None,
            days=each.days,
        )
        for each in ordered
    )
