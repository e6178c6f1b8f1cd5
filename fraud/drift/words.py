"""What a look found, as people read it."""

from fraud.drift.measuring import Look
from fraud.drift.performance import Performance
from fraud.features import FEATURES
from fraud.rules.words import amount
from ml.drift.report import LEAST_EVENTS, Column, Report, Spread

_NAMED = 3
OUTPUTS = {"probability": "The model's probability", "score": "The score"}


def reasons(found: Look) -> list[str]:
    """Everything that has drifted, a sentence each; none where nothing has."""
    said = []
    if found.report.inputs_drifted:
        said.append(inputs(found.report))
    if found.report.outputs_drifted:
        said.append(outputs(found.report))
    if found.worse and found.performance is not None:
        said.append(performance(found.performance))
    if found.slower and found.milliseconds is not None and found.usual is not None:
        said.append(time(found.milliseconds, found.usual))
    return said


def headline(found: Report) -> str:
    """How the last day's traffic compares, in a sentence."""
    if not found.enough:
        return (
            f"{found.events:,} events of the last 24 hours can be compared; from"
            f" {LEAST_EVENTS:,} on the traffic is judged."
        )
    told = f"{len(found.moved):,} of {len(found.features):,} features are spread otherwise"
    if found.inputs_drifted or found.outputs_drifted:
        return f"The traffic is no longer what the model learned from: {told}."
    return f"The traffic looks like what the model learned from: {told}."


def inputs(found: Report) -> str:
    """What has happened to the features, the worst first."""
    worst = "; ".join(sentence(each) for each in found.moved[:_NAMED])
    return (
        f"{len(found.moved):,} of {len(found.features):,} features ({found.share:.0%}) are spread"
        f" otherwise than where the model learned. Most of all: {worst}."
    )


def outputs(found: Report) -> str:
    """What has happened to what the model says."""
    moved = [each for each in found.outputs if each.drifted]
    names = " and ".join(OUTPUTS[each.name].lower() for each in moved)
    verb = "are" if len(moved) > 1 else "is"
    told = ", ".join(f"{each.psi:.2f}" for each in moved)
    return (
        f"{names[:1].upper()}{names[1:]} {verb} spread otherwise than on the events it was judged"
        f" by (PSI {told}; from 0.2 on a change is large)."
    )


def performance(found: Performance) -> str:
    """How the model did where labels came."""
    return (
        f"Of {found.events:,} labelled events {found.false:,} were false. Average precision is"
        f" {found.average_precision:.3f}, its probabilities promise"
        f" {found.average_precision_promised:.3f}; they are off by {found.calibration_error:.3f} on"
        f" average, chance explains {found.calibration_error_promised:.3f}."
    )


def time(milliseconds: float, usual: float) -> str:
    """How much longer scoring takes."""
    return (
        f"One batch of events in a hundred takes {milliseconds:,.0f} ms or longer to score; it used"
        f" to be {usual:,.0f} ms."
    )


def sentence(each: Column) -> str:
    """``Click to install time, of installs (ctit): middle half then 8 s to 3 h, now 1 s``."""
    then, now = spread(each.name, each.then), spread(each.name, each.now)
    return f"{name(each.name)} ({each.name}): middle half then {then}, now {now}"


def name(column: str) -> str:
    """A feature or output in words."""
    return OUTPUTS.get(column) or FEATURES[column].doc.rstrip(".")


def spread(column: str, found: Spread) -> str:
    """Where the middle half of the known values lies: ``11 s to 3 h``, ``0``, ``not known``."""
    if found.unknown >= 1.0:
        return "not known"
    told = _range(column, found)
    return f"{told}, {found.unknown:.0%} not known" if found.unknown >= 0.005 else told


def _range(column: str, found: Spread) -> str:
    if found.low is None and found.high is None:
        return "any value"
    if found.low is None:
        return f"up to {_amount(column, found.high or 0.0)}"
    if found.high is None:
        return f"over {_amount(column, found.low)}"
    low, high = _amount(column, found.low), _amount(column, found.high)
    return low if low == high else f"{low} to {high}"


def _amount(column: str, value: float) -> str:
    if column in OUTPUTS:
        return f"{value:.2f}".rstrip("0").rstrip(".")
    # Just below a value that many share is an edge too: nobody needs its last digits.
    return amount(column, 0.0 if abs(value) < 1e-9 else float(f"{value:.9g}"))
