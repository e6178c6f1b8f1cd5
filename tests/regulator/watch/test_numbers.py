"""Numbers that were closed up behind records that were taken out."""

from datetime import timedelta

from regulator.detectors.anomaly import Kind
from regulator.watch.numbers import Contradicted, renumbered
from tests.regulator.watch.markets import START


def test_records_that_moved_down_show_how_many_were_taken_out():
    moved = [
        Contradicted(at=START + timedelta(minutes=n), held=100 + n, sent=97 + n) for n in range(5)
    ]
    other = [Contradicted(at=START, held=0, sent=4)]
    (told,) = renumbered({"lucky": [*moved, *other], "other": other})
    assert (told.operator, told.kind, told.evidence["taken_out"]) == ("lucky", Kind.RENUMBERED, 3)
    assert told.started_at == START
