"""The base model as it is shipped. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

import msgspec

FAMILY = "base"
ARTEFACT, FACTS = (Path(__file__).with_name(name) for name in ("model.bin", "model.json"))


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of its training, as of any model's."""

    features_version: str
    figures: dict[str, float]
    learned_from: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Base:
    """The model's bytes, named by ``digest``, with what is known of it."""

    artefact: bytes
    digest: str
    features_version: str
    figures: Mapping[str, float]
    learned_from: Mapping[str, int]


@cache
def base() -> Base:
    """The base model of this installation."""
    artefact = ARTEFACT.read_bytes()
    facts = msgspec.json.decode(FACTS.read_bytes(), type=Facts)
    return Base(
        artefact=artefact, digest=sha256(artefact).hexdigest(),
        features_version=facts.features_version, figures=facts.figures,
        learned_from=facts.learned_from,
    )  # fmt: skip
