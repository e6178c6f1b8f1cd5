"""The log, its subscriptions, and the trigger that keeps it immutable."""

from typing import Any, ClassVar

from django.db import migrations

from eventlog import schema


def _create(apps: Any, editor: Any) -> None:
    schema.create()


def _drop(apps: Any, editor: Any) -> None:
    schema.drop()


class Migration(migrations.Migration):
    """Create the event log."""

    initial = True
    dependencies: ClassVar[list[tuple[str, str]]] = []
    operations: ClassVar[list[Any]] = [migrations.RunPython(_create, _drop)]
