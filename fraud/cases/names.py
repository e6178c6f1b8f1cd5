"""What publishers and campaigns are called: a decision keeps their ids alone.

Attribution knows every name there was; what it does not know yet goes by its id.
"""

import re

from attribution import queries as attribution
from attribution.contracts import By
from fraud.features.sighting import identity

NOBODYS = "(none)"
_BY = {"publisher": By.SOURCE, "campaign": By.CAMPAIGN}
_UNNAMED = re.compile(r"#\d{16}")


def names(entity: str) -> dict[int, str]:
    """Every publisher's or campaign's name by its id."""
    found = {int(identity(entity, name)): name for name in attribution.labels(_BY[entity]).values()}
    return found | {0: NOBODYS}


def called(known: dict[int, str], key: int) -> str:
    """The name, or the id as a name that ``id_of`` understands."""
    return known.get(key) or f"#{key:016d}"


def id_of(entity: str, name: str) -> int:
    """The id of what is called so."""
    if name == NOBODYS:
        return 0
    return int(name[1:]) if _UNNAMED.fullmatch(name) else int(identity(entity, name))
