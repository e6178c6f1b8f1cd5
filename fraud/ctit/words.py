"""Findings as sentences, with the figure that was seen and the one that people show."""

from fraud.contracts import FraudType
from fraud.ctit.judge import Finding, Standing

NAMES = {
    FraudType.CLICK_INJECTION: "click injection",
    FraudType.INSTALL_HIJACK: "install hijack",
    FraudType.CLICK_FLOODING: "click flooding",
    FraudType.CLICK_SPAM: "click spam",
}
_SAID = {
    FraudType.CLICK_INJECTION: "{found:,} of {of:,} installs ({share:.1%}) came less than 3 s after"
    " their click, which no download allows; at most {usual:.1%} usually do",
    FraudType.INSTALL_HIJACK: "{found:,} of {of:,} installs ({share:.1%}) came 3 to 10 s after"
    " their click, as when the click is made while the app is being installed; at most {usual:.1%}"
    " usually do",
    FraudType.CLICK_FLOODING: "{found:,} of {of:,} installs ({share:.1%}) came 2 to 24 hours after"
    " their click, spread as evenly as chance; at most {usual:.1%} usually do, and thin out",
    FraudType.CLICK_SPAM: "{found:,} of {of:,} clicks ({share:.3%}) led to an install; at"
    " {usual:.2%} or less clicks are made up",
}


def sentence(finding: Finding) -> str:
    """What was found, how much of it, against what, and how likely by chance."""
    said = _SAID[finding.kind].format(
        found=finding.found, of=finding.of, share=finding.share, usual=finding.usual
    )
    return f"{said} ({chance(finding.p)} by chance)."


def chance(p: float) -> str:
    """A probability as people say it."""
    if p < 1e-9:
        return "less than one in a billion"
    return f"one in {1 / p:,.0f}" if p < 0.5 else f"{p:.0%}"


def duration(seconds: float | None) -> str:
    """A CTIT in the unit in which it is read."""
    if seconds is None:
        return "none"
    for unit, size in (("d", 86_400.0), ("h", 3_600.0), ("min", 60.0)):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.1f} s"


def verdict(standing: Standing) -> str:
    """The kinds found, or how sure it is that there is nothing."""
    if standing.findings:
        return ", ".join(NAMES[each.kind] for each in standing.findings)
    return "nothing found" if standing.detectable is not None else "too few to tell"
