"""A model's card: what it is for, what it was made from, what it can and can't do. Pure.

After Mitchell et al. 2019, "Model cards for model reporting". The same sections are a page of the
portal and a Markdown file; every sentence is made from what is kept of the model.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from fraud.features import FEATURES
from fraud.rules.words import MEMBERS
from fraud.scoring.decide import FEATURES_VERSION
from fraud.training.item import ModelItem, Promotion
from fraud.training.limits import limits
from ml.training.split import SHARES

WORKER = "worker"
PARAMETERS: Mapping[str, str] = {
    "max_depth": "Questions on the way to a leaf, at most",
    "eta": "How much of each tree counts",
    "min_child_weight": "Weight of events that a leaf needs",
    "subsample": "Share of the events that each tree sees",
    "colsample_bytree": "Share of the features that each tree sees",
    "lambda": "Pull of the leaves towards nothing",
    "gamma": "Gain that a question needs",
}
_WEIGHT, _PARAMETER = "weight_", "parameter_"
_FIT, _TUNE = SHARES
_PURPOSE = (
    (
        "It says how likely it is that a click, impression, install, purchase or screen of this"
        " organisation's traffic is false. The score of an event is the rules' or this model's,"
        " whichever has more against the event; the policy under Fraud scoring makes a verdict of"
        " it."
    ),
    (
        "It is not for judging people, or a publisher as a whole, and not for the traffic of"
        " anybody else: it knows only what it was shown. What it finds can be reviewed and called"
        " honest."
    ),
)
_PARTS = (
    f"Labelled events in the order of time: the first {_FIT:.0%} to learn from, the next"
    f" {_TUNE:.0%} to tune and calibrate on, the latest {1 - _FIT - _TUNE:.0%} to judge it by. No"
    " part has a moment of another, and no event sees what was known later."
)
_UNSEEN = (
    "On the latest events, which it had not seen. The calibration error says how far its"
    " probabilities are from what happened, on average."
)
_BESIDE = (
    "What else was fitted. It is kept only where it adds average precision beyond chance on events"
    " it had not seen."
)
_WATCH = (
    (
        "Before each training, the challenger is held against the champion on the labelled events"
        " since it was trained, and takes its place only where it is better beyond chance."
    ),
    (
        "Every hour, what it sees and says is held against what it learned from; where it has"
        " drifted, there is an alert and a new training."
    ),
    "Every decision names the model that took part in it and can be made again, to the bit.",
    (
        "Registration and promotion are events in the log; an earlier champion, or the rules"
        " alone, can be put back at any time."
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a card: paragraphs, then rows of name, value and note, then points."""

    title: str
    text: tuple[str, ...] = ()
    rows: tuple[tuple[str, str, str], ...] = ()
    points: tuple[str, ...] = ()


def card(
    item: ModelItem, *, promotion: Promotion | None = None, failures: Sequence[str] = ()
) -> str:
    """The card as Markdown; ``failures`` say why it may not serve."""
    return "\n".join(_lines(item, sections(item, promotion=promotion, failures=failures))) + "\n"


def sections(
    item: ModelItem, *, promotion: Promotion | None = None, failures: Sequence[str] = ()
) -> list[Section]:
    """The card's parts in their order; one that nothing is known for is left out."""
    parts = [
        _purpose(), _history(item), ability(item), _gate(item, failures), _features(item),
        Section(title="What it does not know", points=tuple(limits(item))),
        _growth(item), _members(item), _standing(item, promotion), _watch(),
    ]  # fmt: skip
    return [each for each in parts if each.text or each.rows or each.points]


def _lines(item: ModelItem, parts: Sequence[Section]) -> Iterator[str]:
    yield f"# Model {item.digest[:8]} ({item.family})"
    for part in parts:
        yield from ("", f"## {part.title}")
        for text in part.text:
            yield from ("", text)
        if part.rows:
            yield from ("", "| | | |", "| --- | --- | --- |")
            yield from (f"| {' | '.join(map(_cell, row))} |" for row in part.rows)
        if part.points:
            yield ""
            yield from (f"- {point}" for point in part.points)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _purpose() -> Section:
    return Section(title="What it is for", text=_PURPOSE)


def _history(item: ModelItem) -> Section:
    counts = item.learned_from
    named = (
        ("events", "Events read"), ("examples", "Examples among them"),
        ("fraud", "Called false"), ("honest", "Honest"),
        ("presumed", "Of these presumed honest"), ("judged_on", "Latest, to judge it by"),
        ("judged_fraud", "Of these called false"),
    )  # fmt: skip
    rows = [(words, f"{counts[name]:,}", "") for name, words in named if name in counts]
    if "first_at" in counts and "last_at" in counts:
        rows.append(("From", _day(counts["first_at"]), ""))
        rows.append(("To", _day(counts["last_at"]), ""))
    return Section(title="What it was made from", text=(_PARTS,), rows=tuple(rows))


def ability(item: ModelItem) -> Section:
    """What the model can do, with how sure that is."""
    figures, counts = item.figures, item.learned_from
    sure = [_between(figures, "average_precision")]
    if counts.get("judged_on") and "judged_fraud" in counts:
        sure.append(f"guessing gives {counts['judged_fraud'] / counts['judged_on']:.3f}")
    chance = figures.get("calibration_chance")
    notes = {
        "average_precision": "; ".join(filter(None, sure)),
        "auc": _between(figures, "auc"),
        "recall": "",
        "calibration_error": "" if chance is None else f"chance explains up to {chance:.3f}",
    }
    named = (
        ("average_precision", "Average precision"), ("auc", "AUC"),
        ("recall", "Found at 0.5 % false alarms"), ("calibration_error", "Calibration error"),
    )  # fmt: skip
    return Section(
        title="What it can do",
        text=(_UNSEEN,),
        rows=tuple(
            (words, f"{figures[name]:.3f}", notes[name]) for name, words in named if name in figures
        ),
    )


def _between(figures: Mapping[str, float], name: str) -> str:
    low, high = figures.get(f"{name}_low"), figures.get(f"{name}_high")
    if low is None or high is None:
        return ""
    return f"{low:.3f} to {high:.3f} in 95 of 100 cases"


def _gate(item: ModelItem, failures: Sequence[str]) -> Section:
    figures, rows = item.figures, []
    named = (
        ("auc", "AUC", "at least"), ("average_precision", "Average precision", "at least"),
        ("calibration_error", "Calibration error", "at most"),
    )  # fmt: skip
    for name, words, how in named:
        limit, found = figures.get(f"gate_{name}"), figures.get(name)
        if limit is not None and found is not None:
            rows.append((words, f"{how} {limit:.3f}", f"it has {found:.3f}"))
    text = "It passed its gate, or it would not be here."
    if rows:  # kept since every model is held to the checks as well
        text = "It passed all of it, and the checks of every served model, or it would not be here."
    if "parity" in figures:
        rows.append(
            ("Served as trained", f"differs by {figures['parity']:.0e} at most", "in probability")
        )
    if failures:
        text = f"It may not serve: {'; '.join(failures)}."
    return Section(title="What it had to be", text=(text,), rows=tuple(rows))


def _features(item: ModelItem) -> Section:
    shares = {name.removeprefix(_WEIGHT): share for name, share in item.figures.items()
              if name.startswith(_WEIGHT)}  # fmt: skip
    most = sorted(shares.items(), key=lambda pair: -pair[1])
    return Section(
        title="What moves it most",
        text=("Shares of all that moved it, up or down, on the latest examples.",) if most else (),
        rows=tuple((_feature(name), f"{share:.0%}", name) for name, share in most),
    )


def _feature(name: str) -> str:
    return FEATURES[name].doc.rstrip(".") if name in FEATURES.names else MEMBERS.get(name, name)


def _growth(item: ModelItem) -> Section:
    figures = item.figures
    rows = [(words, f"{figures[_PARAMETER + name]:.3g}", name)
            for name, words in PARAMETERS.items() if _PARAMETER + name in figures]  # fmt: skip
    named = (("trees", "Trees", "{:.0f}"), ("trials", "Parameters tried", "{:.0f}"),
             ("seconds", "Time it took", "{:.0f} s"))  # fmt: skip
    rows += [(words, form.format(figures[name]), "")
             for name, words, form in named if name in figures]  # fmt: skip
    return Section(title="How it was grown", rows=tuple(rows))


def _members(item: ModelItem) -> Section:
    """Who judges beside the trees, and who would have added nothing."""
    rows = []
    for key, name in MEMBERS.items():
        kept, added = item.figures.get(f"member_{key}"), item.figures.get(f"member_{key}_added")
        if kept is not None:
            sure = "too few labels to tell" if added is None else f"{added:+.4f} average precision"
            rows.append((name, "kept" if kept else "left out", sure))
    return Section(title="Beside the trees", text=(_BESIDE,) if rows else (), rows=tuple(rows))


def _standing(item: ModelItem, promotion: Promotion | None) -> Section:
    now = item.features_version == FEATURES_VERSION
    rows = [
        ("Model", item.digest, "SHA-256 of its bytes"),
        ("State", item.state, ""),
        ("Trained", _moment(item.registered_at), ""),
        ("Features", item.features_version, "as now" if now else "others than now: it can't serve"),
    ]
    if "rules" in item.learned_from:
        rows.append(("Rules", str(item.learned_from["rules"]), "when it was trained"))
    if promotion:
        rows.append(("Champion since" if item.state == "champion" else "Last made champion",
                     _moment(promotion.at), promotion.why))  # fmt: skip
    if promotion and promotion.actor:
        by = "the product itself" if promotion.actor == WORKER else f"member {promotion.actor[:12]}"
        rows.append(("Promoted by", by, ""))
    return Section(title="What it is", rows=tuple(rows))


def _watch() -> Section:
    return Section(title="How it is watched", points=_WATCH)


def _day(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, tz=UTC):%-d %b %Y}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%-d %b %Y, %H:%M} UTC"
