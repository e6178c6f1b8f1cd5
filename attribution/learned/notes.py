"""What a reader should know of a fit, in a sentence. Pure."""

from typing import Any

from attribution.contracts import MODEL_LABELS, Model


def note(model: Model, details: dict[str, Any], *, missing: bool) -> str:
    """Empty where there is nothing to say."""
    if missing:
        return (
            f"{MODEL_LABELS[model]} is not installed where models are fitted "
            "(pip install 'touchstone[deep]'); it has no credit, and the ensemble does without it."
        )
    largest = max(
        details.values(), key=lambda each: each["caused"] + each["baseline"], default=None
    )
    if largest is None:
        return ""
    if model is Model.DEEP and not largest["kept"]:
        return (
            f"{MODEL_LABELS[model]} foretells journeys it has not seen no better than "
            f"{MODEL_LABELS[Model.DATA_DRIVEN]}{_against(largest['foretold'])}; "
            "the ensemble does without it."
        )
    if model is Model.ENSEMBLE:
        shares = sorted(largest["shares"].items(), key=lambda each: -each[1])
        named = ", ".join(f"{MODEL_LABELS[Model(name)]} {share:.0%}" for name, share in shares)
        return f"Weighed by what they foretell: {named}."
    return ""


def _against(foretold: dict[str, float]) -> str:
    if len(foretold) < 2:
        return ", too few of them having converted"
    return (
        f" ({foretold['deep']:.3f} against {foretold['data-driven']:.3f}, log-likelihood per "
        "conversion)"
    )
