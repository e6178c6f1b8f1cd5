"""An index of the acts of people, for the audit trail."""

from typing import Any, ClassVar

from django.db import migrations

from eventlog import acts


class Migration(migrations.Migration):
    """Create the index."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("eventlog", "0004_subject_keys")]
    operations: ClassVar[list[Any]] = [migrations.RunSQL(acts.CREATE_INDEX, acts.DROP_INDEX)]
