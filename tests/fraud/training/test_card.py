"""A model's card: every sentence is made from what is kept of the model."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from fraud.scoring.decide import FEATURES_VERSION
from fraud.training.card import card, sections
from fraud.training.item import ModelItem, Promotion
from fraud.training.limits import limits

AT = datetime(2026, 11, 2, 10, tzinfo=UTC)
DAY = 86_400
FIRST = int(AT.timestamp()) - 90 * DAY


@pytest.fixture
def item():
    """A model of which everything is known, and which knows enough."""
    return ModelItem(
        digest="9f86d081" * 8, family="trees", state="champion", features_version=FEATURES_VERSION,
        registered_at=AT, promoted_at=AT,
        figures={
            "average_precision": 0.91, "average_precision_low": 0.88,
            "average_precision_high": 0.94, "auc": 0.98, "auc_low": 0.97, "auc_high": 0.99,
            "recall": 0.8, "calibration_error": 0.012, "calibration_chance": 0.02, "parity": 3e-7,
            "gate_auc": 0.7, "gate_average_precision": 0.14, "gate_calibration_error": 0.03,
            "parameter_eta": 0.12, "trees": 80.0, "trials": 12.0, "seconds": 95.0,
            "weight_ctit": 0.4, "weight_webdriver": 0.1,
        },
        learned_from={
            "events": 20_000, "examples": 12_000, "fraud": 900, "honest": 11_100, "presumed": 0,
            "judged_on": 1_800, "judged_fraud": 126, "rules": 3, "first_at": FIRST,
            "last_at": FIRST + 90 * DAY, **{f"kind_{kind}": 90 for kind in (
                "click_injection", "click_flooding", "sdk_spoofing", "install_hijack",
                "device_farm", "bot", "data_centre", "behaviour", "in_app", "misattributed",
            )},
        },
    )  # fmt: skip


def test_it_says_what_the_model_can_do_and_how_sure_that_is(item):
    text = card(item)

    assert "| Average precision | 0.910 | 0.880 to 0.940 in 95 of 100 cases; guessing gives 0.070 |" in text  # fmt: skip  # noqa: E501  # one row of the card
    assert "| AUC | at least 0.700 | it has 0.980 |" in text
    assert "| Served as trained | differs by 3e-07 at most | in probability |" in text


def test_features_are_named_in_words_the_weightiest_first(item):
    (found,) = [each for each in sections(item) if each.title == "What moves it most"]

    assert [row[2] for row in found.rows] == ["ctit", "webdriver"]
    assert found.rows[0][:2] == ("Click to install time, of installs", "40%")


def test_a_model_that_knows_enough_has_one_limit(item):
    assert len(limits(item)) == 1


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"fraud": 63}, "Only 63 events were called false"),
        ({"presumed": 9_000}, "Of 11,100 honest examples 9,000 are presumed honest"),
        ({"kind_bot": 4}, "fewer than 20 examples of: bot or emulator."),
        ({"kind_bot": 0}, "may not find them: bot or emulator."),
        ({"judged_fraud": 12}, "judged by 12 false events"),
        ({"first_at": FIRST + 87 * DAY}, "Its examples are of 3 days"),
    ],
)
def test_limits_come_from_facts(item, counts, said):
    found = limits(replace(item, learned_from={**item.learned_from, **counts}))

    assert sum(said in each for each in found) == 1
    assert len(found) == 2


def test_a_wide_interval_is_a_limit(item):
    figures = {**item.figures, "average_precision_low": 0.5}

    assert "between 0.50 and 0.94" in limits(replace(item, figures=figures))[0]


def test_it_says_who_promoted_it_when_and_why(item):
    text = card(item, promotion=Promotion(at=AT, actor="a" * 32, why="Better | by far."))

    assert "| Champion since | 2 Nov 2026, 10:00 UTC | Better \\| by far. |" in text
    assert f"| Promoted by | member {'a' * 12} |  |" in text


def test_a_model_of_other_features_is_said_not_to_serve(item):
    assert "others than now" in card(replace(item, features_version="other"))


def test_a_model_that_failed_says_of_what(item):
    assert "It may not serve: AUC 0.500 is below 0.7." in card(
        item, failures=["AUC 0.500 is below 0.7"]
    )


def test_a_model_from_before_has_a_card_of_what_is_known(item):
    bare = replace(item, figures={"auc": 0.9}, learned_from={"examples": 10, "fraud": 2})

    titles = [each.title for each in sections(bare)]

    assert "What moves it most" not in titles
    assert "| AUC | 0.900 |  |" in card(bare)
    assert "nobody can tell which kinds it knows" in " ".join(limits(bare))
