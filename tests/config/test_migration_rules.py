"""A migration that would disturb the release still serving is refused, and told what to do."""

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import migrations, models
from django.db.migrations.state import ModelState, ProjectState

from config.management.commands import lint_migrations
from config.migration_rules import RULES, findings, unwaived


def migration(*operations, **attributes):
    made = type("Migration", (migrations.Migration,), {"operations": list(operations)})
    found = made("0042_next", "shop")
    for name, value in attributes.items():
        setattr(found, name, value)
    return found


def before():
    state = ProjectState()
    fields = {
        "id": models.BigAutoField(primary_key=True),
        "name": models.CharField(max_length=80),
        "note": models.CharField(max_length=80, null=True),
    }
    state.add_model(ModelState("shop", "Order", fields))
    return state


def rules_of(*operations):
    return {each.rule for each in findings(migration(*operations), before())}


def move(apps, schema_editor):
    pass


POSITIVE = models.CheckConstraint(condition=models.Q(id__gt=0), name="positive")
BAD = [
    ("drops", migrations.RemoveField("Order", "note")),
    ("drops", migrations.DeleteModel("Order")),
    ("drops", migrations.RunSQL("ALTER TABLE shop_order DROP COLUMN note")),
    ("drops", migrations.RunSQL(["TRUNCATE shop_order"])),
    ("renames", migrations.RenameField("Order", "note", "remark")),
    ("renames", migrations.RenameModel("Order", "Sale")),
    ("renames", migrations.RunSQL("alter table shop_order rename column note to remark")),
    ("needs-value", migrations.AddField("Order", "kind", models.TextField(default=""))),
    ("needs-value", migrations.RunSQL("ALTER TABLE shop_order ADD COLUMN kind text NOT NULL")),
    ("retypes", migrations.AlterField("Order", "name", models.IntegerField())),
    ("retypes", migrations.AlterField("Order", "name", models.CharField(max_length=20))),
    ("retypes", migrations.RunSQL("ALTER TABLE shop_order ALTER COLUMN name TYPE int")),
    ("tightens", migrations.AlterField("Order", "note", models.CharField(max_length=80))),
    ("tightens", migrations.AddConstraint("Order", POSITIVE)),
    ("tightens", migrations.RunSQL("ALTER TABLE shop_order ALTER COLUMN note SET NOT NULL")),
    ("locks", migrations.AddIndex("Order", models.Index(fields=["note"], name="by_note"))),
    ("locks", migrations.RunSQL([("CREATE INDEX by_note ON shop_order (note)", None)])),
    ("mixes", migrations.RunSQL("UPDATE shop_order SET note = name")),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "operation"), BAD, ids=lambda each: str(each)[:40])
def test_a_bad_operation_is_refused_with_what_to_do_instead(rule, operation):
    (found,) = findings(migration(operation), before())

    assert found.rule == rule
    assert str(found).startswith("shop.0042_next: ")
    assert RULES[rule] in str(found)


def test_data_is_moved_in_a_migration_of_its_own():
    wider = migrations.AlterField("Order", "name", models.CharField(max_length=200))

    assert rules_of(wider, migrations.RunPython(move)) == {"mixes"}
    assert rules_of(migrations.RunPython(move)) == set()


GOOD = [
    migrations.AddField("Order", "kind", models.CharField(null=True, max_length=9)),
    migrations.AddField("Order", "kind", models.CharField(db_default="", max_length=9)),
    migrations.AlterField("Order", "name", models.CharField(max_length=200)),
    migrations.AlterField("Order", "name", models.CharField(max_length=80, null=True)),
    migrations.AlterField("Order", "name", models.CharField(max_length=80, default="x")),
    AddIndexConcurrently("Order", models.Index(fields=["note"], name="by_note")),
    AddConstraintNotValid("Order", POSITIVE),
    migrations.RunSQL("CREATE INDEX CONCURRENTLY by_note ON shop_order (note)"),
    migrations.RunSQL("ALTER TABLE shop_order ADD COLUMN kind text NOT NULL DEFAULT ''"),
    migrations.RunSQL("ALTER TABLE shop_order ADD CONSTRAINT c CHECK (id > 0) NOT VALID"),
    migrations.RunSQL("CREATE TABLE other (id int); CREATE INDEX i ON other (id)"),
]


@pytest.mark.parametrize("operation", GOOD, ids=lambda each: type(each).__name__)
def test_what_only_adds_is_fine(operation):
    assert rules_of(operation) == set()


def test_what_a_migration_makes_itself_it_may_shape():
    made = migrations.CreateModel("Basket", [("id", models.BigAutoField(primary_key=True))])
    index = migrations.AddIndex("Basket", models.Index(fields=["id"], name="by_id"))

    assert rules_of(made, index, migrations.RemoveField("Basket", "id")) == set()


def test_a_rule_is_waived_with_a_reason_alone():
    found = findings(migration(migrations.DeleteModel("Order")), before())

    assert unwaived(found, {"drops": "Unused since 0.2."}) == []
    assert unwaived(found, {"drops": " "}) == found
    assert unwaived(found, {"locks": "Small."}) == found


def test_what_is_hidden_from_the_state_is_still_seen():
    hidden = migrations.SeparateDatabaseAndState(
        database_operations=[migrations.RunSQL("DROP TABLE shop_order")]
    )
    told = migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Order")])

    assert rules_of(hidden) == {"drops"}
    assert rules_of(told) == set()


def test_all_migrations_there_are_keep_to_the_rules(capsys):
    call_command("lint_migrations")

    assert "keep to the rules" in capsys.readouterr().out


def test_the_command_fails_for_what_is_not_listed_and_for_what_is_no_longer_needed(
    monkeypatch, tmp_path
):
    listed = lint_migrations.BASELINE.read_text().splitlines()
    short = tmp_path / "short.txt"
    short.write_text("\n".join(["tenants.0001_initial drops", *listed[:-1]]))
    monkeypatch.setattr(lint_migrations, "BASELINE", short)

    with pytest.raises(CommandError) as refused:
        call_command("lint_migrations")

    assert listed[-1].split()[0] in str(refused.value)
    assert "tenants.0001_initial [drops] is in the list but breaks no rule" in str(refused.value)
