"""New York's weekly figures as versions of returns."""

import csv
import gzip
from datetime import date

from config import demo_new_york
from regulator.operators import rules

BRAND = "Lucky Sport Book"


def folder(tmp_path, *rows):
    """A data folder with two versions, of October and of November, and these rows."""
    (tmp_path / "gaming").mkdir()
    with gzip.open(tmp_path / demo_new_york.VERSIONS, "wt") as file:
        file.write("version,observed_at\n0,2025-10-29T14:51:27\n1,2025-11-06T10:00:00\n")
    with gzip.open(tmp_path / demo_new_york.VINTAGES, "wt") as file:
        file.write("version,week_ending,brand,handle_usd,ggr_usd\n")
        file.writelines(f"{row}\n" for row in rows)
    return tmp_path


def test_a_version_is_one_in_which_a_figure_changed(tmp_path):
    data = folder(
        tmp_path, f"0,2025-10-26,{BRAND},100,10.004", f"0,2022-01-09,{BRAND},7,1",
        f"1,2025-10-26,{BRAND},101,10", f"1,2022-01-09,{BRAND},70,1",
        f"1,2022-01-16,{BRAND},5,1", f"1,2025-11-02,{BRAND},50,-5",
    )  # fmt: skip

    found = list(demo_new_york.versions(data))

    assert demo_new_york.here(data)
    assert [(each.end, each.vintage, each.stakes) for each in found] == [
        (date(2025, 10, 26), date(2025, 10, 31), 100.0),
        (date(2022, 1, 9), date(2022, 1, 14), 7.0),
        (date(2022, 1, 9), date(2025, 11, 6), 70.0),
        (date(2022, 1, 16), date(2022, 1, 21), 5.0),
        (date(2025, 11, 2), date(2025, 11, 7), 50.0),
    ]
    file = tmp_path / "returns.csv"
    names = demo_new_york.write(iter(found), file)
    assert names == {"lucky-sport-book": BRAND}
    assert all(rules.checked(each) for each in demo_new_york.entries(names))
    with file.open() as stream:
        first = next(csv.DictReader(stream))
    assert (first["start"], first["stakes"], first["ggr"]) == ("2025-10-20", "100.00", "10.00")


def test_a_folder_without_them_has_none(tmp_path):
    assert not demo_new_york.here(tmp_path)
