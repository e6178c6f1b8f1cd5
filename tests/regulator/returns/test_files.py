"""Official files: filed once, held against the feed, and every version kept."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from eventlog.subscriptions import rebuild
from kernel import clock
from regulator import queries_returns
from regulator.models import Return
from regulator.operators import projection
from regulator.returns import files
from tests.regulator.told import REGISTERED, feed_key, project, send, stake

DAY = REGISTERED.date()


def filed(tmp_path, *lines, header="operator,start,end,vintage,stakes,payouts,ggr,tax"):
    path = tmp_path / "returns.csv"
    path.write_text("\n".join([header, *lines]) + "\n")
    taken = files.file_all(path, name=path.name, currency="EUR", now=clock.now())
    project()
    return taken


def line(stakes="10.00", vintage=DAY, operator="lucky", ggr=None):
    return f"{operator},{DAY},{DAY},{vintage},{stakes},0,{ggr or stakes},{float(stakes) / 5:.2f}"


def test_a_file_is_filed_once_and_what_cant_be_read_is_said(authority, tmp_path):
    lines = [line(), line(operator="nobody"), line(stakes="1.005"), line(vintage="2999-01-01")]

    first, again = filed(tmp_path, *lines), filed(tmp_path, *lines)

    assert (first.kept, first.repeated, first.refused) == (1, 0, 3)
    assert [text.partition(":")[0] for text in first.why] == ["Row 2", "Row 3", "Row 4"]
    assert (again.kept, again.repeated, again.refused) == (0, 1, 3)
    (row,) = Return.objects.all()
    assert (row.stakes, row.ggr, row.tax, row.source) == (1_000, 1_000, 200, "returns.csv")


def test_a_return_is_held_against_the_bets_and_a_restatement_mends_it(authority, tmp_path):
    key = feed_key(authority)
    send(key, stake(1, at=REGISTERED + timedelta(hours=3), amount=1_000), tenant=authority)

    filed(tmp_path, line(stakes="9.99"))
    (wrong,) = [
        each for each in queries_returns.findings(operator="lucky", now=clock.now())
        if each.code == "feed_differs"
    ]  # fmt: skip
    assert wrong.difference == -1
    assert "9.99 EUR" in wrong.text

    filed(tmp_path, line(stakes="10.00", vintage=DAY + timedelta(days=20)))
    codes = {each.code for each in queries_returns.findings(now=clock.now())}
    assert "feed_differs" not in codes
    found = queries_returns.returns("lucky")
    assert [each.differences for each in found.held] == [
        {"stakes": 0, "payouts": 0, "refunds": 0, "ggr": 0}
    ]
    assert len(found.restated) == 1
    before = queries_returns.returns("lucky", as_of=DAY + timedelta(days=19))
    assert [each.filed.stakes for each in before.held] == [999]


def test_the_register_and_its_returns_are_the_same_when_they_are_built_anew(authority, tmp_path):
    filed(tmp_path, line(), line(stakes="11.00", vintage=DAY + timedelta(days=3)))
    before = list(Return.objects.order_by("place").values())

    rebuild(projection.NAME, limit=1)

    assert list(Return.objects.order_by("place").values()) == before
    assert len(before) == 2


def test_a_month_is_a_period_and_payouts_may_be_left_out(authority, tmp_path):
    month = f"{DAY - timedelta(days=70):%Y-%m}"
    taken = filed(
        tmp_path, f"Lucky,{month},100,10,25", header="licensee,month,handle,voids,revenue"
    )
    (row,) = Return.objects.all()
    assert taken.kept == 1
    assert (row.start.day, (row.end + timedelta(days=1)).day) == (1, 1)
    assert (row.stakes, row.refunds, row.payouts, row.ggr) == (10_000, 1_000, 6_500, 2_500)


def test_the_command_files_with_columns_it_is_told(authority, tmp_path):
    path, out = tmp_path / "o.csv", StringIO()
    path.write_text(f"who,month,bets,win\nlucky,{DAY - timedelta(days=70):%Y-%m},100,20\n")

    with pytest.raises(CommandError, match="no column for operator"):
        call_command("returns", path, "--tenant", authority.slug)
    call_command(
        "returns", path, "--tenant", authority.slug, "--map", "operator=who", "start=month",
        "stakes=bets", "ggr=win", stdout=out,
    )  # fmt: skip

    assert out.getvalue().startswith("1 filed, 0 already there, 0 refused.")
