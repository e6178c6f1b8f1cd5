"""`manage.py ctit`: what people and programs read, and how it ends on bad input."""

import json
from io import StringIO

import numpy as np
import pandas as pd
import pytest
from django.core.management import CommandError, call_command

from simulation.installs import Manner, Publisher, installs
from tests.data_dir import data_file

MARKET = (
    *(Publisher(name=f"clean-{n}", installs=500) for n in range(6)),
    Publisher(name="bad", installs=800, manner=Manner.HIJACK, share=0.5),
)


@pytest.fixture
def file(tmp_path):
    made = installs(MARKET, seed=2)
    clicked = pd.Timestamp("2026-11-01", tz="UTC") + pd.to_timedelta(
        np.arange(made.publisher.size), unit="s"
    )
    frame = pd.DataFrame(
        {
            "publisher": [MARKET[place].name for place in made.publisher],
            "clicked": clicked,
            "installed": clicked + pd.to_timedelta(made.seconds, unit="s"),
        }
    )
    path = tmp_path / "clicks.csv.gz"
    frame.to_csv(path, index=False)
    return path


def run(*argv):
    out = StringIO()
    call_command("ctit", *map(str, argv), stdout=out)
    return out.getvalue()


NAMED = ("--source", "publisher", "--clicked", "clicked", "--installed", "installed")


def test_people_read_who_how_much_and_why(file):
    text = run(file, *NAMED, "--cost", "2.5")
    assert "install hijack" in text
    assert "bad: " in text
    assert "3 to 10 s after their click" in text
    assert "by chance" in text
    assert "clean-0: " not in text
    assert "Only installs are listed" in text


def test_programs_read_the_same_and_equal_input_gives_equal_bytes(file):
    text = run(file, *NAMED, "--cost", "2.5", "--format", "json")
    assert text == run(file, *NAMED, "--cost", "2.5", "--format", "json")
    found = json.loads(text)
    worst = found["sources"][0]
    assert (worst["source"], found["installs"]) == ("bad", 3_800)
    assert worst["not_owed"] == pytest.approx(2.5 * worst["excess"])
    assert [each["kind"] for each in worst["findings"]] == ["install_hijack"]
    assert not any(each["findings"] for each in found["sources"][1:])


def test_a_norm_can_be_set(file):
    found = json.loads(run(file, *NAMED, "--format", "json", "--hijacked", "0.9"))
    assert not any(each["findings"] for each in found["sources"])
    assert found["norms"]["hijacked"] == 0.9


@pytest.mark.parametrize(
    ("argv", "said"), [((), "no column source"), ((*NAMED, "--spam", "2"), "between 0 and 1")]
)
def test_it_ends_with_a_sentence(file, argv, said):
    with pytest.raises(CommandError, match=said):
        run(file, *argv)


def test_real_clicks_are_judged_by_their_channel():
    path = data_file("fraud/talkingdata_train_sample.csv.gz")
    found = json.loads(
        run(
            path, "--source", "channel", "--clicked", "click_time", "--installed",
            "attributed_time", "--format", "json",
        )
    )  # fmt: skip
    assert found["installs"] == 227
    assert sum(each["clicks"] for each in found["sources"]) == 100_000
    assert [each["installs"] for each in found["sources"]][:2] == [72, 31]
    # The busiest channel without an install has 4,800 clicks: at 0.05 % one in eleven has none.
    assert not any(each["findings"] for each in found["sources"])
