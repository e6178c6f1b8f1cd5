"""How the challenger did in the shadow of the champion, as the models page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass

from fraud.scoring.serving import CHAMPION
from fraud.training.item import ModelItem
from fraud.training.registry import CHALLENGER


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadow:
    """The latest comparison; ``events`` is ``None`` where there was none yet."""

    digest: str
    events: float | None = None
    false: float | None = None
    champion: float | None = None
    challenger: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def told(self) -> bool:
        """Whether there were labels enough to compare by."""
        return self.low is not None and self.high is not None


def shadow_of(models: Sequence[ModelItem]) -> Shadow | None:
    """The challenger's comparison; ``None`` where there is not one model of each."""
    if not any(each.state == CHAMPION for each in models):
        return None
    challenger = next((each for each in models if each.state == CHALLENGER), None)
    if challenger is None:
        return None
    figures = challenger.figures
    return Shadow(
        digest=challenger.digest, events=figures.get("shadow_n"),
        false=figures.get("shadow_positives"), champion=figures.get("shadow_champion"),
        challenger=figures.get("shadow_challenger"), low=figures.get("shadow_low"),
        high=figures.get("shadow_high"),
    )  # fmt: skip
