"""What is told of a training, and what is held of a tenant's trainings."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Run:
    """A training that has ended at ``ended``: what it was given, what it found, what it made.

    ``schema`` is the tenant's, ``digest`` names the bytes of ``artefact``. ``refused`` says why
    they may not serve; empty, they are a version of the tenant's model.
    """

    schema: str
    family: str
    digest: str
    ended: datetime
    seconds: float
    parameters: Mapping[str, float]
    figures: Mapping[str, float]
    tags: Mapping[str, str]
    artefact: bytes
    card: str
    refused: str = ""

    @property
    def gate(self) -> str:
        """How it came out."""
        return "failed" if self.refused else "passed"

    def finite(self) -> dict[str, float]:
        """The figures that are numbers."""
        return {name: value for name, value in self.figures.items() if math.isfinite(value)}

    def labels(self) -> dict[str, str]:
        """All tags, with those that every run has."""
        found = {**self.tags, "family": self.family, "digest": self.digest, "gate": self.gate}
        return {**found, "why": self.refused} if self.refused else found


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version of a tenant's model, and the run that made it."""

    number: str
    run: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A tenant's versions by the digest of their bytes; by alias, the digest it stands for."""

    versions: Mapping[str, Version] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
