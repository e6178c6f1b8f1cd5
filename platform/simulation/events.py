"""A simulation as the events a customer's site and imports would send, in order of time."""

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote_plus

import numpy as np

from simulation.advertiser import Floats, Ints, Simulation
from simulation.browsing import Views, browse, coupons
from simulation.market import Campaign
from simulation.site import KINDS, PATHS, PHRASES, SEARCH

Event = dict[str, Any]

_NAMESPACE = uuid.UUID("5b0c0c1e-6f0e-5d0e-8a57-3a0f3f6b7f10")
AGENTS = {
    False: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0 Safari/537.36",
    True: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
    "like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
}
_TOUCH, _PAGE, _CONVERSION, _IDENTIFY = range(4)
_SHOP = "Northwind Outdoor"
_LOGIN_SECONDS = 5.0


def native(simulation: Simulation) -> Iterator[Event]:
    """The events as `POST /api/v1/events` takes them, by time; then what each day cost.

    Ids follow from seed and place, so sending them again adds nothing.
    """
    for _, event in timed(simulation):
        yield event
    yield from _Writer(simulation, browse(simulation)).spend()


def timed(simulation: Simulation) -> Iterator[tuple[float, Event]]:
    """What people do, each event with its seconds since the start of the first day, by time."""
    views = browse(simulation)
    writer = _Writer(simulation, views)
    write = {
        _TOUCH: writer.touch,
        _PAGE: writer.page,
        _CONVERSION: writer.conversion,
        _IDENTIFY: writer.identify,
    }
    kinds, rows, at = _timeline(simulation, views)
    for kind, row, seconds in zip(kinds.tolist(), rows.tolist(), at.tolist(), strict=True):
        yield seconds, write[kind](row)


def count(simulation: Simulation) -> int:
    """How many events ``native`` gives."""
    events = len(_timeline(simulation, browse(simulation))[0])
    return events + int((simulation.spend.cost > 0).sum())


def touch_rows(simulation: Simulation) -> Iterator[dict[str, Any]]:
    """The touches as a plain export would list them: customer_id, time, channel, campaign, ..."""
    market = simulation.market
    campaigns = [each for channel in market.channels for each in channel.campaigns]
    touches = simulation.touches
    start = datetime.combine(simulation.start, time(), tzinfo=UTC)
    for row in range(len(touches.at)):
        yield {
            "customer_id": f"c{touches.person[row]}",
            "time": (start + timedelta(seconds=float(touches.at[row]))).isoformat(),
            "interaction": "impression" if touches.seen[row] else "click",
            "channel": market.channels[touches.channel[row]].name,
            "campaign": campaigns[touches.campaign[row]].name,
        }


def _timeline(simulation: Simulation, views: Views) -> tuple[Ints, Ints, Floats]:
    """All events by time: kind, row in its table, seconds.

    People who are known log in on each of their devices, right after their first visit there.
    """
    touches, conversions = simulation.touches, simulation.conversions
    known = np.flatnonzero(simulation.identified[touches.person] & ~touches.seen)
    first = np.unique(touches.person[known] * 2 + touches.device[known], return_index=True)[1]
    logins = known[first]
    further = np.flatnonzero(~views.landing)
    parts = (
        (_TOUCH, np.arange(len(touches.at)), touches.at),
        (_PAGE, further, views.at[further]),
        (_CONVERSION, np.arange(len(conversions.at)), conversions.at),
        (_IDENTIFY, logins, touches.at[logins] + _LOGIN_SECONDS),
    )
    kinds = np.concatenate([np.full(len(rows), kind) for kind, rows, _ in parts])
    rows = np.concatenate([rows for _, rows, _ in parts])
    at = np.concatenate([at for _, _, at in parts])
    order = np.lexsort((rows, kinds, at))
    return kinds[order], rows[order], at[order]


class _Writer:
    """Turns rows into events."""

    def __init__(self, simulation: Simulation, views: Views) -> None:
        self._simulation = simulation
        self._views = views
        landings = np.flatnonzero(views.landing)
        self._coupon = coupons(simulation)
        self._landing = dict(zip(views.touch[landings].tolist(), landings.tolist(), strict=True))
        self._start = datetime.combine(simulation.start, time(), tzinfo=UTC)
        market = simulation.market
        self._site = market.site
        self._channels = [each.name for each in market.channels]
        self._campaigns = [each for channel in market.channels for each in channel.campaigns]
        self._prefix = f"{market.name}:{simulation.seed}:{simulation.start}"

    def touch(self, row: int) -> Event:
        """A visit with the address it came by, or an impression of an advertisement."""
        touches = self._simulation.touches
        campaign = self._campaigns[touches.campaign[row]]
        person, device = int(touches.person[row]), int(touches.device[row])
        event = self._event("t", row, float(touches.at[row]), person, device)
        if touches.seen[row]:
            channel = self._channels[touches.channel[row]]
            return event | {
                "type": "ad.impression",
                "properties": {"touch": _touch(channel, campaign)},
            }
        view = self._landing[row]
        path, title = self._seen(view)
        keyword = self._phrase(view) if campaign.medium == "cpc" else ""
        event["type"] = "web.page"
        page = _landing(self._site, path, campaign, row, keyword)
        event["context"]["page"] = page | {"title": title}
        return event

    def page(self, view: int) -> Event:
        """A further page of a visit, reached by a link within the site."""
        views, touches = self._views, self._simulation.touches
        touch = int(views.touch[view])
        person, device = int(touches.person[touch]), int(touches.device[touch])
        event = self._event("p", view, float(views.at[view]), person, device)
        path, title = self._seen(view)
        event["type"] = "web.page"
        event["context"]["page"] = {
            "url": f"{self._site}/{path}",
            "referrer": f"{self._site}/",
            "title": title,
        }
        return event

    def _seen(self, view: int) -> tuple[str, str]:
        """The address, without the site, and the title of a page."""
        kind = int(self._views.kind[view])
        path = PATHS[kind][self._views.path[view]]
        if kind == SEARCH:
            phrase = self._phrase(view)
            return f"{path}?q={quote_plus(phrase)}", f"Search: {phrase} | {_SHOP}"
        name = path.replace("/", " ").replace("-", " ").capitalize() or KINDS[kind].capitalize()
        return path, f"{name} | {_SHOP}"

    def _phrase(self, view: int) -> str:
        views = self._views
        return PHRASES[int(views.intent[view])][int(views.phrase[view])]

    def conversion(self, row: int) -> Event:
        """An order, or a sign-up."""
        conversions = self._simulation.conversions
        person, device = int(conversions.person[row]), int(conversions.device[row])
        event = self._event("c", row, float(conversions.at[row]), person, device)
        event["type"] = "custom.tracked"
        if conversions.signup[row]:
            return event | {"name": "Signed Up"}
        properties: dict[str, object] = {
            "revenue": float(conversions.value[row]),
            "currency": self._simulation.market.currency,
            "order_id": f"NW-{self._simulation.seed}-{row}",
        }
        if self._coupon[row]:
            properties["coupon"] = "SAVE10"
        return event | {"name": "Order Completed", "properties": properties}

    def identify(self, row: int) -> Event:
        """A log-in right after the visit in this row, on its device."""
        touches = self._simulation.touches
        person, device = int(touches.person[row]), int(touches.device[row])
        at = float(touches.at[row]) + _LOGIN_SECONDS
        return self._event("i", row, at, person, device) | {
            "type": "user.identified",
            "user_id": f"customer-{person}",
            "traits": {"plan": "member" if person % 3 else "plus"},
        }

    def spend(self) -> Iterator[Event]:
        """What each campaign cost on each day, reported on the following morning."""
        spend = self._simulation.spend
        for day, campaign in zip(*np.nonzero(spend.cost > 0), strict=True):
            on = self._simulation.start + timedelta(days=int(day))
            known = self._campaigns[campaign]
            yield {
                "id": self._id("s", int(day) * len(self._campaigns) + int(campaign)),
                "type": "spend.recorded",
                "timestamp": _reported(on),
                "properties": {
                    "day": on.isoformat(),
                    "channel": self._channels[self._simulation.campaign_channel[campaign]],
                    "source": known.source,
                    "campaign": known.name,
                    "cost": float(spend.cost[day, campaign]),
                    "currency": self._simulation.market.currency,
                    "impressions": int(spend.impressions[day, campaign]),
                    "clicks": int(spend.visits[day, campaign]),
                },
            }

    def _event(self, kind: str, row: int, at: float, person: int, device: int) -> Event:
        mobile = bool(self._simulation.mobile[person]) ^ bool(device)
        return {
            "id": self._id(kind, row),
            "timestamp": (self._start + timedelta(seconds=max(at, 0.0))).isoformat(),
            "anonymous_id": f"{self._simulation.seed}-{person}-{device}",
            "context": {"userAgent": AGENTS[mobile], "locale": "en-GB"},
        }

    def _id(self, kind: str, row: int) -> str:
        return str(uuid.uuid5(_NAMESPACE, f"{self._prefix}:{kind}:{row}"))


def _touch(channel: str, campaign: Campaign) -> dict[str, str]:
    return {
        "channel": channel,
        "source": campaign.source,
        "medium": campaign.medium,
        "campaign": campaign.name,
    }


def _landing(site: str, page: str, campaign: Campaign, row: int, keyword: str) -> dict[str, str]:
    """Address and referrer as the campaign's link makes them."""
    address = f"{site}/{page}"
    if campaign.medium == "(none)":
        return {"url": address}
    if campaign.medium == "organic":
        return {"url": address, "referrer": f"https://www.{campaign.source}.com/"}
    if campaign.medium == "referral":
        return {"url": address, "referrer": f"https://{campaign.source}/"}
    query = (
        f"utm_source={campaign.source}&utm_medium={campaign.medium}&utm_campaign={campaign.name}"
    )
    if campaign.medium == "cpc":
        query += f"&utm_term={quote_plus(keyword)}"
        query += f"&{'gclid' if campaign.source == 'google' else 'msclkid'}=x{row:x}"
    return {"url": f"{address}?{query}"}


def _reported(day: date) -> str:
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=UTC).isoformat()
