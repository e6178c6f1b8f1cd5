"""Totals against what the simulated market was made of."""

from collections import defaultdict
from datetime import datetime, timedelta

from regulator import queries
from regulator.figures.projection import DAY, HOUR
from simulation import gaming
from tests.regulator.told import REGISTERED, project

START = (REGISTERED + timedelta(days=9)).date()


def summed(events, key):
    sums = defaultdict(lambda: defaultdict(int))
    players = defaultdict(set)
    for each in events:
        cell = key(each)
        sums[cell][each["type"]] += each["amount"]
        sums[cell]["events"] += 1
        players[cell].add(each["player"])
    return {
        cell: (row["stake"], row["payout"], row["refund"], row["events"], len(players[cell]))
        for cell, row in sums.items()
    }


def shown(found, key):
    return {
        key(each): (each.figures.stakes, each.figures.payouts, each.figures.refunds,
                    each.figures.events, each.figures.players)
        for each in found
    }  # fmt: skip


def test_hours_and_days_are_exactly_what_was_played(lucky):
    house = gaming.Operator(name="lucky", games={"slots": 6.0, "table": 3.0}, players=30)
    events = list(gaming.records(house, seed=3, start=START, hours=50))
    for low in range(0, len(events), 200):
        assert lucky(*events[low : low + 200])["rejected"] == []
        project()

    asked = {"start": START, "end": START + timedelta(days=2)}
    by_hour = queries.spans("lucky", span=HOUR, by_game=True, **asked)
    by_day = queries.spans("lucky", span=DAY, **asked)

    def hour(each):
        return datetime.fromisoformat(each["occurred_at"]).replace(
            minute=0, second=0, microsecond=0
        )

    assert shown(by_hour, lambda each: (each.start, each.game)) == summed(
        events, lambda each: (hour(each), each["game_type"])
    )
    assert shown(by_day, lambda each: each.start.date()) == summed(
        events, lambda each: hour(each).date()
    )
    (row,) = [each for each in queries.operators(**asked) if each.terms.operator == "lucky"]
    figures = row.figures
    assert figures.ggr == figures.stakes - figures.payouts - figures.refunds
    assert figures.stakes == sum(each["amount"] for each in events if each["type"] == "stake")
    assert figures.margin + figures.payout_ratio == 1.0
