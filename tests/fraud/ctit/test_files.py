"""Files of clicks: what is read, what is left out and counted, what is refused."""

import pandas as pd
import pytest

from fraud.ctit.files import ClicksUnusable, Columns, read

ROWS = pd.DataFrame(
    {
        "source": ["a", "a", "b", None, "b", "c", "b"],
        "clicked_at": ["2026-11-01T10:00:00Z"] * 5 + ["yesterday", "2026-11-01T10:00:00Z"],
        "installed_at": [
            "2026-11-01T10:05:00Z", None, "2026-11-01T10:00:00+01:00", "2026-11-01T10:05:00Z",
            "2026-11-01T10:00:30.500Z", "2026-11-01T10:05:00Z", "",
        ],
    }
)  # fmt: skip


def written(folder, frame, ending):
    path = folder / f"clicks{ending}"
    if ending == ".parquet":
        frame.to_parquet(path)
    elif ending == ".jsonl":
        frame.to_json(path, orient="records", lines=True)
    else:
        frame.to_csv(path, index=False)
    return path


@pytest.mark.parametrize("ending", [".csv", ".csv.gz", ".parquet", ".jsonl"])
def test_a_row_is_a_click_and_perhaps_an_install(tmp_path, ending):
    found = read(written(tmp_path, ROWS, ending), Columns())
    assert found.sources == ("a", "b")
    assert dict(zip(found.source.tolist(), found.seconds.tolist(), strict=True)) == {
        0: 300,
        1: 30.5,
    }
    # b: one install, one click without; its third claims a click an hour after the install.
    assert found.clicks.tolist() == [2, 2]
    assert (found.backwards, found.unreadable) == (1, 2)


def test_installs_alone_tell_nothing_of_clicks(tmp_path):
    frame = pd.DataFrame({"publisher": [1, 2, 2], "ctit": [3.0, "inf", -4]})
    columns = Columns(source="publisher", seconds="ctit")
    found = read(written(tmp_path, frame, ".csv"), columns)
    assert found.sources == ("1",)
    assert found.clicks is None
    assert (found.backwards, found.unreadable) == (1, 1)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "source,clicked_at\na,2026-11-01\n", "no column installed_at"),
        ("a.csv", "source,clicked_at,installed_at\na,2026-11-01,\n", "No install"),
        ("a.csv", "", "can't be read"),
        ("a.parquet", "no", "can't be read"),
        ("a.txt", "no", "no known ending"),
    ],
)
def test_what_can_not_be_judged_is_said(tmp_path, name, content, said):
    (tmp_path / name).write_text(content)
    with pytest.raises(ClicksUnusable, match=said):
        read(tmp_path / name, Columns())


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(ClicksUnusable, match="There is no file"):
        read(tmp_path / "none.csv", Columns())
