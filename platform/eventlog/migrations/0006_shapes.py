"""Which shape of a projection's code has built what is there."""

from typing import Any, ClassVar

from django.db import migrations

_ADD = "ALTER TABLE subscription ADD COLUMN shape integer NOT NULL DEFAULT 1"
_REMOVE = "ALTER TABLE subscription DROP COLUMN shape"


class Migration(migrations.Migration):
    """Add the column; what is there has the first shape."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("eventlog", "0005_acts")]
    operations: ClassVar[list[Any]] = [migrations.RunSQL(_ADD, _REMOVE)]
