"""The words ingestion publishes: the event types every source can send.

Their common part is ``Observed``; an app's own type may extend it, and ingestion then fills the
common fields from the sender's context. Person and subject are pseudonyms (``kernel.ids``);
personal fields are not in the body: they are sealed under the subject's key
(``eventlog.subjects``), and ``withheld`` names those that were sent.
"""

from typing import Any

import msgspec

from eventlog.catalogue import event, upcaster


class Page(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where it happened. ``url`` has lost personal query values and any log-in in it."""

    url: str | None = None
    referrer: str | None = None
    title: str | None = None


class Signals(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What tells people from machines, and names nobody.

    ``ip``, ``network`` (its /24, or /48), ``device`` and ``agent`` (of the user agent) are
    pseudonyms of the tenant. ``asn``, ``country`` and ``place`` (latitude and longitude, to half a
    degree) are of the address, where a database of them is at hand; ``lists`` names the feeds
    the address is in, ``reputation`` is the worst of them, 0 good to 1 bad. ``screen`` is in
    pixels. ``measured``: see ``ingest.measures``.
    """

    ip: str | None = None
    network: str | None = None
    device: str | None = None
    agent: str | None = None
    asn: int | None = None
    country: str | None = None
    place: tuple[float, float] | None = None
    lists: tuple[str, ...] = ()
    reputation: float | None = None
    connection: str | None = None
    carrier: str | None = None
    os: str | None = None
    os_version: str | None = None
    maker: str | None = None
    model: str | None = None
    app_version: str | None = None
    sdk: str | None = None
    browser: str | None = None
    browser_version: str | None = None
    screen: tuple[float, float] | None = None
    density: float | None = None
    limited: bool | None = None
    measured: dict[str, float] = {}


class Observed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What ingestion knows about any event of a person.

    ``person`` is the user's pseudonym when the event carried an anonymous and a user id. ``touch``
    is set by the classify step. ``device`` is desktop, mobile, tablet or unknown. ``withheld``
    lists the personal fields that were sent and are sealed beside the payload, as dotted names.
    ``consent`` is what the event itself said about the person's decisions, by purpose. ``signals``
    is ``None`` where nothing was known of device and network.
    """

    person: str | None = None
    touch: dict[str, Any] | None = None
    page: Page | None = None
    locale: str | None = None
    timezone: str | None = None
    device: str = "unknown"
    withheld: tuple[str, ...] = ()
    consent: dict[str, bool] = {}
    signals: Signals | None = None


@event("web.page", version=2, expires=True)
class WebPage(Observed, frozen=True, kw_only=True, omit_defaults=True):
    """A page was seen."""

    name: str | None = None
    category: str | None = None
    properties: dict[str, Any] = {}


@event("app.screen", version=2, expires=True)
class AppScreen(Observed, frozen=True, kw_only=True, omit_defaults=True):
    """A screen of an app was seen."""

    name: str | None = None
    category: str | None = None
    properties: dict[str, Any] = {}


@event("custom.tracked", version=2, expires=True)
class Tracked(Observed, frozen=True, kw_only=True, omit_defaults=True):
    """Something the sender has a name for happened ("Order Completed")."""

    name: str
    properties: dict[str, Any] = {}


@event("user.identified", version=2, expires=True)
class Identified(Observed, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody told who they are: links the subject (anonymous) to ``person`` (user)."""

    traits: dict[str, Any] = {}


@event("user.aliased", version=2, expires=True)
class Aliased(Observed, frozen=True, kw_only=True, omit_defaults=True):
    """The subject was known by another id before.

    Senders do not say whether that was an anonymous or a user id: ``previous`` is its pseudonym as
    the former, ``previous_user`` as the latter. Linking both is right: the wrong one is nobody's.
    """

    previous: str
    previous_user: str | None = None


@event("user.grouped", version=2, expires=True)
class Grouped(Observed, frozen=True, kw_only=True, omit_defaults=True):
    """The subject belongs to a group (a company, an account)."""

    group: str
    traits: dict[str, Any] = {}


def unchanged(body: dict[str, Any]) -> dict[str, Any]:
    """The step to a version that may say more than the one before."""
    return body


for _name in (
    "web.page", "app.screen", "custom.tracked", "user.identified", "user.aliased", "user.grouped",
):  # fmt: skip
    upcaster(_name, from_version=1)(unchanged)  # the second may have signals
