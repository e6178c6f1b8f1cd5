"""What others may read of fraud: dataclasses, from the read models below and the rules here."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

import numpy as np
from django.urls import reverse

from attribution import queries as attribution
from eventlog.contracts import Cursor
from fraud.ctit import Clicks, Judgement, judge
from fraud.ctit.clicks import Floats

INSTALL = "install"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ctit:
    """A tenant's sources judged by the click to install times of the days asked for.

    ``at`` (installs,) is when each came, in seconds since 1970.
    ``conversions`` were looked at, ``without_click`` of them had no ad click before them; not
    ``complete``: the days have more, older ones.
    """

    clicks: Clicks
    at: Floats
    judged: Judgement
    conversions: int
    without_click: int
    complete: bool
    log: Cursor


def ctit(*, start: date, end: date, conversion_type: str) -> Ctit:
    """Judge the active tenant's sources. Raises ``InvalidRange`` for days that are none."""
    log = attribution.checkpoint()
    found = attribution.click_times(start=start, end=end, conversion_type=conversion_type)
    clicks = Clicks(
        sources=found.sources,
        source=np.array(found.source, dtype=np.int64),
        seconds=np.array(found.seconds, dtype=np.float64),
        clicks=np.array(found.clicks, dtype=np.int64) if found.complete else None,
    )
    return Ctit(
        clicks=clicks,
        at=np.array(found.at, dtype=np.float64),
        judged=judge(clicks),
        conversions=found.conversions,
        without_click=found.conversions - len(found.source),
        complete=found.complete,
        log=log,
    )


def page_of(source: str) -> str:
    """The address of the page that shows a source, within the portal."""
    return f"{reverse('publishers')}?{urlencode({'source': source})}"


def conversion_types() -> tuple[str, ...]:
    """Installs, whether any occur or not, then the other conversion types that do."""
    return (INSTALL, *(each for each in attribution.conversion_types() if each != INSTALL))
