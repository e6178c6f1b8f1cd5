"""What a migration may do while the release before it still serves: expand, migrate, contract.

Old processes run on the new schema until the last of them is replaced, so a migration adds, and a
later one removes what no released code knows any more. And it may not hold a lock for as long as a
table is long. Pure: operations and the state before them in, sentences out.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres import operations as postgres
from django.db import models
from django.db.migrations import operations as ops
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import NOT_PROVIDED

RULES = {
    "drops": "removes what the release before still uses. Stop using it, release, then remove it.",
    "renames": "renames what the release before knows by its old name. Add the new beside it, fill"
    " it, use it, release, then remove the old one.",
    "needs-value": "adds a column that rows of the release before would have no value for. Give it"
    " db_default or null=True.",
    "retypes": "changes a column's type or narrows it, which rewrites the table under a lock. Add a"
    " column beside it instead.",
    "tightens": "refuses values the release before may write, and reads the whole table under a"
    " lock. Add a constraint NOT VALID, validate it in a migration of its own.",
    "locks": "builds an index while writes wait. Use AddIndexConcurrently (CREATE INDEX"
    " CONCURRENTLY) in a migration with atomic = False.",
    "mixes": "moves data in the transaction that changes the schema, and keeps its locks meanwhile."
    " Move data in a migration of its own.",
}
"""Each rule and what to do instead."""

_SQL = {
    "drops": r"\bdrop\s+(table|column|schema)\b|\btruncate\b",
    "renames": r"\brename\b",
    "retypes": r"\balter\s+column\s+\S+\s+(set\s+data\s+)?type\b",
    "tightens": r"\bset\s+not\s+null\b|\badd\s+constraint\b(?!.*\bnot\s+valid\b)",
    "locks": r"\bcreate\s+(unique\s+)?index\b(?!\s+concurrently)",
    "needs-value": r"\badd\s+column\b(?=[^;,]*\bnot\s+null\b)(?![^;,]*\bdefault\b)",
    "mixes": r"\bupdate\s+\S+\s+set\b|\bdelete\s+from\b",
}
_KINDS: dict[str, tuple[type[Operation], ...]] = {
    "drops": (ops.RemoveField, ops.DeleteModel),
    "renames": (ops.RenameField, ops.RenameModel, ops.AlterModelTable),
    "locks": (ops.AddIndex,),
    "tightens": (ops.AddConstraint, ops.AlterUniqueTogether),
}
_SAFE = (postgres.AddIndexConcurrently, postgres.AddConstraintNotValid)  # kinds of the above
_MADE = re.compile(r"\bcreate\s+table\s+(?:if\s+not\s+exists\s+)?\"?(\w+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A migration breaks a rule; ``what`` is the operation in Django's words."""

    migration: str
    rule: str
    what: str = ""

    def __str__(self) -> str:
        return f"{self.migration}: {self.what or 'an operation'} {RULES[self.rule]} [{self.rule}]"


def findings(migration: Migration, before: ProjectState) -> list[Finding]:
    """Where ``migration`` breaks a rule, waived or not; ``before`` is the state it starts from."""
    state, made = before.clone(), set[str]()
    operations = list(_flat(migration.operations))
    tables = {name for each in operations for name in _tables(each)}
    found = []
    for operation in operations:
        rules = _broken(operation, state, migration.app_label, made, tables)
        what = operation.describe()
        found += [Finding(f"{migration.app_label}.{migration.name}", rule, what) for rule in rules]
        if isinstance(operation, ops.CreateModel):
            made.add(operation.name_lower)
        operation.state_forwards(migration.app_label, state)
    if _mixes(operations, made):
        found.append(Finding(f"{migration.app_label}.{migration.name}", "mixes", "It"))
    return sorted(set(found))


def unwaived(found: Iterable[Finding], waives: dict[str, str]) -> list[Finding]:
    """Those findings whose rule the migration does not waive with a reason."""
    return [each for each in found if not waives.get(each.rule, "").strip()]


def _flat(operations: Iterable[Operation]) -> Iterator[Operation]:
    """Operations, with those inside of SeparateDatabaseAndState that reach the database."""
    for each in operations:
        if isinstance(each, ops.SeparateDatabaseAndState):
            yield from _flat(each.database_operations)
        else:
            yield each


def _broken(
    operation: Operation, state: ProjectState, app: str, made: set[str], tables: set[str]
) -> Iterator[str]:
    """The rules one operation breaks. What this very migration made may be changed at will."""
    if isinstance(operation, ops.RunSQL):
        yield from _in_sql(_text(operation.sql), tables)
        return
    model = str(getattr(operation, "model_name", getattr(operation, "name", ""))).lower()
    if model in made:
        return
    if isinstance(operation, ops.AddField):
        yield from _added(operation.field)
    elif isinstance(operation, ops.AlterField):
        old = state.models[app, model].fields.get(operation.name)
        yield from _altered(old, operation.field) if old is not None else ()
    elif not isinstance(operation, _SAFE):
        yield from (rule for rule, kinds in _KINDS.items() if isinstance(operation, kinds))


def _added(field: Any) -> Iterator[str]:
    if isinstance(field, models.ManyToManyField):
        return
    if not field.null and field.db_default is NOT_PROVIDED:
        yield "needs-value"
    if field.unique or field.db_index:
        yield "locks"


def _altered(old: Any, new: Any) -> Iterator[str]:
    if old.get_internal_type() != new.get_internal_type() or _narrower(old, new):
        yield "retypes"
    if (old.null and not new.null) or (new.unique and not old.unique):
        yield "tightens"
    if new.db_index and not old.db_index:
        yield "locks"


def _narrower(old: Any, new: Any) -> bool:
    before, after = getattr(old, "max_length", None), getattr(new, "max_length", None)
    return after is not None and (before is None or after < before)


def _in_sql(text: str, tables: set[str]) -> Iterator[str]:
    for statement in text.lower().split(";"):
        if any(re.search(rf"\b{re.escape(name)}\b", statement) for name in tables):
            continue  # of a table this migration makes
        yield from (rule for rule, form in _SQL.items() if re.search(form, statement, re.DOTALL))


def _tables(operation: Operation) -> list[str]:
    text = _text(operation.sql) if isinstance(operation, ops.RunSQL) else ""
    return [name.lower() for name in _MADE.findall(text)]


def _text(sql: Any) -> str:
    if isinstance(sql, str):
        return sql
    return ";".join(each if isinstance(each, str) else each[0] for each in sql)


def _mixes(operations: list[Operation], made: set[str]) -> bool:
    """Whether code that moves data runs beside changes to tables that were there before."""
    moves = any(isinstance(each, ops.RunPython) for each in operations)
    changes = any(
        not isinstance(each, (ops.RunPython, ops.CreateModel))
        and str(getattr(each, "model_name", "")).lower() not in made
        for each in operations
    )
    return moves and changes
