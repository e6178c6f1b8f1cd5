"""The tenant's keys, wrapped under the master key."""

from typing import Any, ClassVar

from django.db import migrations

from eventlog.keys import schema


class Migration(migrations.Migration):
    """Create the key table."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("eventlog", "0001_log")]
    operations: ClassVar[list[Any]] = [migrations.RunSQL(schema.CREATE, schema.DROP)]
