import csv
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from portal.tables import Sort, csv_response, ordered, parse_sort


@dataclass
class Row:
    name: str
    cost: float | None


def test_csv_quotes_and_dates_and_empty_values():
    answer = csv_response(
        "x.csv", ["a", "b"], [['say "hi", you', datetime(2026, 1, 2, tzinfo=UTC)], [None, 1.5]]
    )
    rows = list(csv.reader(answer.content.decode().splitlines()))
    assert rows == [["a", "b"], ['say "hi", you', "2026-01-02T00:00:00+00:00"], ["", "1.5"]]
    assert answer["Content-Disposition"] == 'attachment; filename="x.csv"'


@pytest.mark.parametrize("text", ["=1+1", "+x", "-x", "@x", "\tx"])
def test_csv_disarms_formulas(text):
    content = csv_response("x.csv", ["a"], [[text]]).content.decode()
    assert f"'{text}" in content


def test_negative_numbers_stay_numbers():
    assert b"\r\n-3" in csv_response("x.csv", ["a"], [[-3]]).content


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("cost", Sort(column="cost", descending=False)),
        ("-cost", Sort(column="cost", descending=True)),
        ("password", Sort(column="name", descending=False)),
        ("", Sort(column="name", descending=False)),
    ],
)
def test_only_known_columns_sort(text, sort):
    assert parse_sort(text, columns=("name", "cost"), default="name") == sort


@pytest.mark.parametrize(("text", "names"), [("cost", "bac"), ("-cost", "abc")])
def test_rows_without_a_value_come_last_both_ways(text, names):
    rows = [Row("c", None), Row("a", 2.0), Row("b", 1.0)]
    sort = parse_sort(text, columns=("cost",), default="cost")
    assert "".join(row.name for row in ordered(rows, sort)) == names
