"""A market's learned detectors as they are kept and served: bytes, and what is made of them."""

import hashlib
from collections.abc import Mapping, Sequence

import msgspec

from kernel.errors import InvalidInput
from ml.autoencoder.linear import Components, PackedComponents
from ml.autoencoder.served import Autoencoder, PackedNetwork
from ml.isolation.served import Isolation
from ml.isolation.served import Packed as PackedForest
from regulator.features import FEATURES
from regulator.learned.members import COMPONENTS, MEMBERS, NETWORK, Compresses
from regulator.learned.tails import Tail

FAMILY = "market-hours"


class ModelUnusable(InvalidInput):
    """Bytes that are no model, or one of other features."""

    code = "invalid_model"
    title = "The model can't be used"


class Packed(msgspec.Struct, frozen=True, kw_only=True):
    """All of a market's detectors.

    ``course``: by operator, which way of compressing windows judges it; ``other``: for the others.
    ``tails``: by member, its clean scores. ``members``: those that have a say, equally.
    ``limits``: of each set of members (``together``), what clean hours exceed once a quarter.
    """

    features: list[str]
    forest: PackedForest
    components: PackedComponents
    network: PackedNetwork
    course: dict[str, str]
    other: str
    tails: dict[str, Tail]
    members: list[str]
    limits: dict[str, float]


class Model:
    """Detectors ready to judge; ``version`` names their bytes."""

    family = FAMILY

    def __init__(self, artefact: bytes) -> None:
        """Raises ``ModelUnusable``."""
        try:
            self.packed = msgspec.msgpack.decode(artefact, type=Packed)
            if tuple(self.packed.features) != FEATURES.names:
                raise ModelUnusable("The model was trained on other features.")
            self.forest = Isolation(self.packed.forest)
            self.ways: Mapping[str, Compresses] = {
                NETWORK: Autoencoder(self.packed.network),
                COMPONENTS: Components(self.packed.components),
            }
        except (msgspec.DecodeError, RuntimeError, ValueError) as error:
            raise ModelUnusable("These bytes are no model.") from error
        self.version = hashlib.sha256(artefact).hexdigest()

    def limit(self, members: Sequence[str]) -> float:
        """What clean hours exceed once a quarter where these members judge."""
        return self.packed.limits[together(members)]

    def way(self, operator: str) -> str:
        """By which way the windows of an operator are judged."""
        return self.packed.course.get(operator, self.packed.other)


def together(members: Sequence[str]) -> str:
    """The name of a set of members."""
    return "+".join(name for name in MEMBERS if name in members)


def pack(model: Packed) -> bytes:
    """The bytes of a model; the same for the same model."""
    return msgspec.msgpack.encode(model, order="deterministic")
