"""Retention: the record of what expired, and the one function that lets events go."""

from typing import Any, ClassVar

from django.db import migrations

from eventlog.retention import schema


class Migration(migrations.Migration):
    """Create the record and the function; events leave the log by nothing else."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("eventlog", "0006_shapes")]
    waives: ClassVar[dict[str, str]] = {
        "drops": "The words stand in bodies of functions and triggers, which run when called.",
        "mixes": "As above: nothing is deleted by creating a function that deletes.",
    }
    operations: ClassVar[list[Any]] = [migrations.RunSQL(schema.CREATE, schema.DROP)]
