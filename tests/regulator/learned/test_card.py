"""The card says what detectors can, who judges whom, and why they may not judge."""

from datetime import UTC, datetime

from regulator.learned.card import card
from regulator.learned.item import ModelItem

FIGURES = {"average_precision": 0.9, "chance": 0.2, "quarters": 2.5, "false_alarms": 2.0,
           "found_shifted": 0.75}  # fmt: skip


def item(**changes):
    told = {"way": "network", "components": 0.5, "network": 0.9, "difference": 0.4, "low": 0.2,
            "high": 0.6}  # fmt: skip
    fields = {
        "digest": "ab" * 32, "family": "market-hours", "state": "champion",
        "registered_at": datetime(2026, 3, 1, tzinfo=UTC), "promoted_at": None,
        "figures": FIGURES, "ways": {"lucky": told, "small": {"way": "components"}},
        "learned_from": {"hours": 5_040, "operators": 2, "learned_hours": 2_520,
                         "tried_hours": 672},
    }  # fmt: skip
    return ModelItem(**{**fields, **changes})


def test_it_says_who_judges_whom_and_by_how_much():
    told = card(item())

    assert "| lucky | network | 0.500 | 0.900 | +0.400 (+0.200 to +0.600) |" in told
    assert "| small | components | | | too few trials |" in told
    assert "| Found of: shifted | 75% |" in told


def test_it_says_why_a_model_may_not_judge():
    assert "- 7 false alarms" in card(item(), failures=["7 false alarms"])
    assert "may not judge" not in card(item())
