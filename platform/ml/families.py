"""The families of models there are: how each is loaded from the bytes of its artefact."""

from collections.abc import Callable, Mapping

from ml.ensemble.served import Ensemble
from ml.trees import Forest

FAMILIES: Mapping[str, Callable[[bytes], Forest | Ensemble]] = {
    each.family: each for each in (Forest, Ensemble)
}
"""A new family is a line here; ``ml.checks`` holds it to what every served model must be."""
