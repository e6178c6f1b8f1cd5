"""The keys of subjects, wrapped under the tenant's key."""

from typing import Any, ClassVar

from django.db import migrations

from eventlog.subjects import schema


class Migration(migrations.Migration):
    """Create the key table."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("eventlog", "0003_sealed_log")]
    operations: ClassVar[list[Any]] = [migrations.RunSQL(schema.CREATE, schema.DROP)]
