"""The words ingestion publishes: the event types every source can send.

Their common part is ``Observed``; an app's own type may extend it, and ingestion then fills the
common fields from the sender's context. Person and subject are pseudonyms (``kernel.ids``);
personal fields are not in the body: they are sealed under the subject's key
(``eventlog.subjects``), and ``withheld`` names those that were sent.
"""

from typing import Any

import msgspec

from eventlog.catalogue import event


class Page(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where it happened. ``url`` has lost personal query values and any log-in in it."""

    url: str | None = None
    referrer: str | None = None
    title: str | None = None


class Observed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What ingestion knows about any event of a person.

    ``person`` is the user's pseudonym when the event carried an anonymous and a user id. ``touch``
    is set by the classify step. ``device`` is desktop, mobile, tablet or unknown. ``withheld``
    lists the personal fields that were sent and are sealed beside the payload, as dotted names.
    ``consent`` is what the event itself said about the person's decisions, by purpose.
    """

    person: str | None = None
    touch: dict[str, Any] | None = None
    page: Page | None = None
    locale: str | None = None
    timezone: str | None = None
    device: str = "unknown"
    withheld: tuple[str, ...] = ()
    consent: dict[str, bool] = {}


@event("web.page", expires=True)
class WebPage(Observed, frozen=True, kw_only=True, omit_defaults=True):
    """A page was seen."""

    name: str | None = None
    category: str | None = None
    properties: dict[str, Any] = {}


@event("app.screen", expires=True)
class AppScreen(Observed, frozen=True, kw_only=True, omit_defaults=True):
    """A screen of an app was seen."""

    name: str | None = None
    category: str | None = None
    properties: dict[str, Any] = {}


@event("custom.tracked", expires=True)
class Tracked(Observed, frozen=True, kw_only=True, omit_defaults=True):
    """Something the sender has a name for happened ("Order Completed")."""

    name: str
    properties: dict[str, Any] = {}


@event("user.identified", expires=True)
class Identified(Observed, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody told who they are: links the subject (anonymous) to ``person`` (user)."""

    traits: dict[str, Any] = {}


@event("user.aliased", expires=True)
class Aliased(Observed, frozen=True, kw_only=True, omit_defaults=True):
    """The subject was known by another id before.

    Senders do not say whether that was an anonymous or a user id: ``previous`` is its pseudonym as
    the former, ``previous_user`` as the latter. Linking both is right: the wrong one is nobody's.
    """

    previous: str
    previous_user: str | None = None


@event("user.grouped", expires=True)
class Grouped(Observed, frozen=True, kw_only=True, omit_defaults=True):
    """The subject belongs to a group (a company, an account)."""

    group: str
    traits: dict[str, Any] = {}
