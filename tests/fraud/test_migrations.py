"""Migrations that are no transaction: what a crash left half done is done again."""

from importlib import import_module

from django.db import connection
from django.db.migrations.state import ProjectState

from tenants import provisioning

NAME = "0003_case_columns"


def indexes():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()"
            " AND tablename = 'fraud_case' AND indexname ~ 'publisher|campaign' ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]


def test_the_columns_of_cases_can_be_added_again(committed_tenant):
    migration = import_module(f"fraud.migrations.{NAME}").Migration(NAME, "fraud")
    (operation,) = migration.operations
    state = ProjectState()
    with provisioning.as_owner():
        connection.set_tenant(committed_tenant)
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX fraud_case_campaign")
        with connection.schema_editor(atomic=False) as editor:
            for each in operation.database_operations:
                each.database_forwards("fraud", editor, state, state)
        assert indexes() == ["fraud_case_campaign", "fraud_case_publisher"]
    connection.set_tenant(committed_tenant)
