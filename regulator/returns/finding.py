"""A finding: what a check found, how bad it is and in which of four kinds. Pure.

*Format*: the records or forms themselves are not whole. *Content*: they contradict themselves.
*External*: they contradict what somebody else says. *Study*: not wrong, but worth a look.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from regulator.contracts import FindingKind, Severity

MATERIAL = 10_000
"""A difference of a ten-thousandth of what was staked (0.01 %) is critical; less is a warning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found at an operator, of the days ``start`` to ``end`` where it is about days.

    ``code`` is stable. ``difference`` is in the currency's smallest unit, where there is one.
    """

    operator: str
    kind: FindingKind
    severity: Severity
    code: str
    title: str
    text: str
    start: date | None = None
    end: date | None = None
    difference: int | None = None
    currency: str = ""


def weight(difference: int, stakes: int) -> Severity:
    """How bad it is that an amount is off by ``difference`` beside so much ``stakes``."""
    material = abs(difference) * MATERIAL >= stakes
    return Severity.CRITICAL if material else Severity.WARNING


def ranked(findings: Iterable[Finding]) -> list[Finding]:
    """The worst first: by severity, then by the money at stake, then the newest."""
    order = list(Severity)
    return sorted(
        findings,
        key=lambda each: (
            order.index(each.severity),
            -abs(each.difference or 0),
            -(each.start or date.min).toordinal(),
            each.operator,
            each.code,
        ),
    )
