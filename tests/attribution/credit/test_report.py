"""The command's parts and the command: files in, JSON or a table out, no database."""

import gzip
import io
import json

import pytest
from django.core.management import CommandError, call_command

from attribution.credit import CreditError, attribute, choose_order, parse
from attribution.credit.files import read_file
from attribution.credit.report import as_json, as_table
from tests.attribution.credit.journeys import HAND


def write(folder, name):
    path = folder / name
    text = HAND.to_csv(index=False)
    if name.endswith(".csv"):
        path.write_text(text)
    elif name.endswith(".gz"):
        path.write_bytes(gzip.compress(text.encode()))
    elif name.endswith(".parquet"):
        HAND.to_parquet(path)
    else:
        path.write_text(HAND.to_json(orient="records", lines=True))
    return path


def run(*arguments):
    out = io.StringIO()
    call_command("attribute", *map(str, arguments), stdout=out, stderr=io.StringIO())
    return out.getvalue()


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.parquet", "a.jsonl"])
def test_every_kind_of_file_gives_the_same_answer(tmp_path, name):
    answer = run(write(tmp_path, name), "--model", "markov", "--order", "2", "--format", "json")
    assert answer == as_json(attribute(HAND, "markov", order=2, replicates=200)) + "\n"


def test_it_leaves_intervals_out_when_asked(tmp_path):
    answer = run(write(tmp_path, "a.csv"), "--no-intervals", "--format", "json")
    assert answer == as_json(attribute(HAND, "markov")) + "\n"


def test_the_document_has_the_agreed_shape():
    shown = json.loads(as_json(attribute(HAND, "linear")))
    assert list(shown) == ["model", "params", "journeys", "conversions", "value", "channels"]
    assert (shown["journeys"], shown["conversions"], shown["value"]) == (21, 10, 93.0)
    assert list(shown["channels"][0]) == [
        "channel", "conversions", "value", "removal_effect", "conversions_low", "conversions_high",
        "value_low", "value_high", "standing", "converting_journeys", "journeys",
    ]  # fmt: skip
    assert shown["channels"][0]["channel"] == "a"
    assert shown["channels"][0]["removal_effect"] is None
    assert shown["channels"][0]["conversions_low"] is None


def test_the_document_holds_effects_and_intervals_where_there_are_any():
    first = json.loads(as_json(attribute(HAND, "markov", replicates=20)))["channels"][0]
    assert 0 < first["removal_effect"] <= 1
    assert first["conversions_low"] <= first["conversions"] <= first["conversions_high"]
    assert (first["converting_journeys"], first["journeys"]) == (10, 16)


def test_the_table_shows_channels_shares_and_totals():
    shown = as_table(attribute(HAND, "markov", replicates=100))
    assert "Removal effect" in shown
    assert "95 % interval" in shown
    assert "undecided" in shown
    assert "21 journeys, 10 conversions" in shown
    assert "undecided" not in as_table(attribute(HAND, "markov", replicates=5))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b""),
        ("a.csv.gz", b"not gzip"),
        ("a.parquet", b"PAR?"),
        ("a.jsonl", b"{"),
        ("a.csv", b"\xff\xfe\x00path"),
        ("a.xls", b"x"),
    ],
)
def test_a_file_that_can_not_be_read_is_a_sentence(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CreditError, match=name):
        read_file(path)
    with pytest.raises(CommandError):
        run(path, "--model", "linear")


def test_a_file_that_is_not_there_or_lacks_a_column_is_a_sentence(tmp_path):
    with pytest.raises(CommandError, match="no file"):
        run(tmp_path / "none.csv")
    path = tmp_path / "a.csv"
    path.write_text("path\na > b\n")
    with pytest.raises(CommandError, match="conversions"):
        run(path)


def test_models_without_an_order_ignore_one(tmp_path):
    path = write(tmp_path, "a.csv")
    assert run(path, "--model", "last", "--order", "2") == run(path, "--model", "last")


def test_it_chooses_an_order_when_asked_and_says_why(tmp_path):
    err = io.StringIO()
    out = io.StringIO()
    path = write(tmp_path, "a.csv")
    call_command("attribute", str(path), "--order", "auto", "--format", "json",
                 stdout=out, stderr=err)  # fmt: skip
    chosen = choose_order(parse(HAND), seed=0)
    assert err.getvalue() == chosen.sentence() + "\n"
    assert json.loads(out.getvalue())["params"] == {"order": chosen.order}


def test_an_order_is_a_number_or_auto(tmp_path):
    with pytest.raises(CommandError, match="neither a whole number nor auto"):
        run(write(tmp_path, "a.csv"), "--order", "long")
