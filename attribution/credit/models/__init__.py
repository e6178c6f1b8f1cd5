"""The credit models. A new model is a new file and a line here; its tests come with the line."""

from attribution.credit.errors import CreditError
from attribution.credit.models import (
    data_driven,
    deep,
    ensemble,
    first,
    last,
    last_non_direct,
    linear,
    markov,
    ordered_shapley,
    position,
    shapley,
    survival,
    time_decay,
)
from attribution.credit.models.base import Model

MODELS: dict[str, Model] = {
    module.MODEL.name: module.MODEL
    for module in (
        first,
        last,
        last_non_direct,
        linear,
        position,
        time_decay,
        markov,
        shapley,
        ordered_shapley,
        data_driven,
        survival,
        deep,
        ensemble,
    )
}


def model_named(name: str) -> Model:
    """The model ``name``; raises ``CreditError`` with the names there are."""
    if name not in MODELS:
        raise CreditError(f"There is no model {name!r}: choose one of {', '.join(MODELS)}.")
    return MODELS[name]
