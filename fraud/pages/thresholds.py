"""Review, block and the thresholds of rules, as forms show and send them."""

import math
from collections.abc import Mapping
from typing import Any

from fraud.features import FEATURES
from fraud.rules import RULES
from fraud.rules.clauses import UNKNOWN
from fraud.rules.words import NAMES
from fraud.scoring.decide import Policy, PolicyUnusable


def read(sent: Mapping[str, str], *, on: bool) -> Policy:
    """What was typed. Raises ``PolicyUnusable``."""
    own = {}
    for rule in RULES:
        for clause in rule.clauses:
            key = rule.key(clause)
            text = sent.get(key, "").strip()
            if text and (value := _number(text, key)) != clause.threshold:
                own[key] = value
    return Policy(
        on=on, review=int(_number(sent.get("review", ""), "review")),
        block=int(_number(sent.get("block", ""), "block")), thresholds=own,
    )  # fmt: skip


def _number(text: str, field: str) -> float:
    try:
        value = float(text.replace(",", ""))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise PolicyUnusable(f"{text[:40]!r} is no number.", field=field)
    return value


def rules(shown: Policy, held: Policy | None = None) -> list[dict[str, Any]]:
    """Rules with their clauses as people read and change them; fixed ones are left out.

    Where ``shown`` is not what holds, ``now`` is what ``held`` has instead.
    """
    now = held or shown
    found = []
    for rule in RULES:
        clauses = [
            {"key": rule.key(clause), "doc": FEATURES[clause.feature].doc.rstrip("."),
             "test": clause.test, "unit": FEATURES[clause.feature].unit,
             "value": f"{rule.threshold(clause, shown.thresholds):g}",
             "now": f"{rule.threshold(clause, now.thresholds):g}",
             "usual": f"{clause.threshold:g}",
             "own": rule.key(clause) in shown.thresholds, "points": clause.points,
             "people": clause.people}
            for clause in rule.clauses
            if clause.points and clause.test != UNKNOWN
        ]  # fmt: skip
        found.append({"name": rule_name(rule.name), "kind": NAMES[rule.kind],
                      "source": rule.source, "clauses": clauses})  # fmt: skip
    return found


def rule_name(name: str) -> str:
    """A rule's name as people read it."""
    return name.replace("_", " ").capitalize().replace("Vpn", "VPN")
