"""People's last events in Redis, for tenants whose model reads them.

Kept only while the tenant's champion looks at them: 200 bytes an event, at most 100 events a
person. What cannot be kept is not missed by any score but the network's.
"""

import os
from functools import cache

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from eventlog.tenancy import active_tenant
from fraud.scoring.states import AWAY, client
from fraud.scoring.steps import STEPS, SUBJECT, steps
from ml.features.layout import NOBODY, Floats
from ml.sequence.windows import LENGTH, Single

KEPT_SECONDS = 8 * 86_400
"""Without an event for so long, a person begins anew."""
_WIDTH = len(STEPS)


class Recent:
    """The last events of whom a batch is of: rows of features (n x features), ids (n x entities).

    Windows are read when they are asked for, before the batch is ``add``ed.
    """

    def __init__(self, matrix: Floats, ids: Floats) -> None:
        self._steps, self._subjects = steps(matrix), ids[:, SUBJECT]

    def windows(self, places: NDArray[np.int64]) -> list[Single | None]:
        """Of each event at ``places`` what its person did last, itself included; see ``AWAY``."""
        whom = [each for each in dict.fromkeys(self._subjects[places].tolist()) if each != NOBODY]
        try:
            before = dict(zip(whom, _read(whom), strict=True))
        except AWAY:
            return [None] * places.size
        return [self._window(place, before) for place in places.tolist()]

    def _window(self, place: int, before: dict[float, Single]) -> Single | None:
        whom = self._subjects[place]
        if whom == NOBODY:
            return None
        here = self._steps[: place + 1][self._subjects[: place + 1] == whom]
        return np.concatenate([before[whom], here])[-LENGTH:]

    def add(self) -> None:
        """Keep the batch. Raises ``AWAY``."""
        pipeline = client(os.getpid()).pipeline(transaction=False)
        for whom in np.unique(self._subjects).tolist():
            if whom == NOBODY:
                continue
            key = _key(whom)
            rows = self._steps[self._subjects == whom][-LENGTH:]
            pipeline.rpush(key, *(row.tobytes() for row in rows))
            pipeline.ltrim(key, -LENGTH, -1)
            pipeline.expire(key, KEPT_SECONDS)
        pipeline.execute()


def _read(whom: list[float]) -> list[Single]:
    pipeline = client(os.getpid()).pipeline(transaction=False)
    for each in whom:
        pipeline.lrange(_key(each), 0, -1)
    return [
        np.frombuffer(b"".join(found), dtype=np.float32).reshape(-1, _WIDTH)
        for found in pipeline.execute()
    ]


def _key(whom: float) -> str:
    return f"{_prefix(active_tenant())}{int(whom)}"


@cache
def _prefix(schema: str) -> str:
    own = settings.CACHES["default"].get("KEY_PREFIX", "")
    return f"{own}steps:{schema}:"
