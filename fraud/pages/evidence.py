"""What a decision was made from, as the pages of a case and of the review show it."""

from typing import Any

from charts.specs import Bar, bars
from fraud.cases.queries import CaseItem
from fraud.features import FEATURES
from fraud.rules.words import amount, contribution_sentence
from fraud.scoring import serving
from fraud.scoring.decide import RECOMMENDATIONS, Decision, PolicyUnusable, again


def evidence(found: CaseItem) -> dict[str, Any]:
    """Reasons by weight, what moved the model, what was known, and whether it can be made again."""
    made = _again(found)
    rows = [Bar(label=_short(text), value=points) for text, points in found.reasons]
    told = found.record.contributions or (made.contributions if made else ())
    added = [(contribution_sentence(each), each.added) for each in told]
    moved = [Bar(label=_short(text), value=round(value, 3)) for text, value in added]
    return {
        "recommendation": RECOMMENDATIONS[found.verdict],
        "chart": bars(title="Points by reason", rows=rows, unit=" points") if rows else None,
        "summary": "; ".join(f"{text} {points:g} points" for text, points in found.reasons),
        "moved": bars(title="What moved the model", rows=moved, unit="") if moved else None,
        "moved_summary": "; ".join(f"{text} {value:+.2f}" for text, value in added),
        "added": added,
        "known": _known(found),
        "features": len(FEATURES),
        "same": made and _same(found, made),
    }


def _short(text: str) -> str:
    """The part of a sentence that says what was seen."""
    return text.split(";", 1)[0]


def _known(found: CaseItem) -> list[tuple[str, list[dict[str, Any]]]]:
    """What was known, by group: name, value in its unit, window, what it is."""
    values, groups = found.record.features, []
    for group in FEATURES.groups:
        rows = [
            {"name": each.name, "value": amount(each.name, values[each.name]),
             "unit": "" if each.unit in ("s", "share", "bits") else each.unit,
             "window": each.window, "doc": each.doc}
            for each in FEATURES
            if each.group == group and each.name in values
        ]  # fmt: skip
        if rows:
            groups.append((group, rows))
    return groups


def _again(found: CaseItem) -> Decision | None:
    """The decision made once more; ``None``: it was made by another version."""
    record = found.record
    try:
        return again(record, serving.model(record.model) if record.model else None)
    except PolicyUnusable:
        return None


def _same(found: CaseItem, made: Decision) -> bool:
    """Whether both say the same."""
    same = (made.score, made.verdict, made.kind) == (found.score, found.verdict, found.kind)
    return same and made.probability == found.record.probability
