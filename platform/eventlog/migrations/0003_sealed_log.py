"""The log's Merkle tree: tiles, places, checkpoints, the keys that sign them."""

from typing import Any, ClassVar

from django.db import migrations

from eventlog.seal import schema


class Migration(migrations.Migration):
    """Create the tables of the sealed log."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("eventlog", "0002_tenant_keys")]
    operations: ClassVar[list[Any]] = [migrations.RunSQL(schema.CREATE, schema.DROP)]
