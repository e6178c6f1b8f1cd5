"""The wall as it is loaded, and who hears of a change."""

from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer

from kernel import clock
from regulator.wall import live
from tests.regulator.told import ask, project, stake


def test_every_feed_is_a_tile_with_its_state(owner, authority, lucky):
    at = clock.now() - timedelta(minutes=5)
    lucky(stake(1, at=at), stake(4, at=at))
    project()

    page = ask(owner, authority, "/wall/")

    told = [(each["signs"].operator, each["state"]) for each in page.context["tiles"]]
    assert told == [("lucky", "gaps"), ("other", "waiting")]
    (signs,) = [each["signs"] for each in page.context["tiles"] if each["state"] == "gaps"]
    assert (signs.missing, signs.fresh, signs.receipt, signs.usual) == (2, 2, 1, None)
    text = page.content.decode()
    assert "2 missing" in text
    assert "no feed yet" in text
    csv = ask(owner, authority, "/wall/?format=csv").content.decode()
    assert "lucky,Lucky,gaps," in csv


async def told(schema, sent):
    """What the open walls of ``schema`` get when ``sent`` has changed."""
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add(live.WallConsumer.group(schema), channel)
    await sync_to_async(live.publish)(sent, ["lucky"])
    await layer.group_send(live.WallConsumer.group(schema), {"type": "end"})
    message = await layer.receive(channel)
    await layer.group_discard(live.WallConsumer.group(schema), channel)
    return message


@pytest.mark.parametrize(("sent", "heard"), [("t_wall_a", "wall.changed"), ("t_wall_b", "end")])
async def test_a_wall_hears_of_its_own_tenants_feeds_alone(sent, heard, monkeypatch):
    monkeypatch.setattr(live.watchers, "present", lambda _: True)
    assert (await told("t_wall_a", sent))["type"] == heard


def test_nobody_looking_costs_nothing(monkeypatch):
    monkeypatch.setattr(live.watchers, "present", lambda _: False)
    monkeypatch.setattr(live, "get_channel_layer", None)
    live.publish("t_wall_a", ["lucky"])
