"""The network of last events: what it learns, how it is served, what an adversary does to it."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

torch = pytest.importorskip("torch")

from ml.sequence.attack import fgsm  # noqa: E402
from ml.sequence.export import packed, parity  # noqa: E402
from ml.sequence.fitted import batch, fit  # noqa: E402
from ml.sequence.served import LastEvents  # noqa: E402
from ml.training.examples import ExamplesUnusable  # noqa: E402
from tests.ml.sequence.drawn import examples, parts  # noqa: E402


@pytest.fixture(scope="module")
def learned():
    learn, tune = parts(examples())
    return fit(learn, tune, seed=1, passes=4), learn, tune


def windows(part):
    return [part.context.histories.window(place) for place in part.context.places.tolist()]


def test_it_learns_what_only_the_order_tells(learned):
    fitted, _, tune = learned

    share = tune.truth.mean()

    assert average_precision_score(tune.truth, fitted.margins(tune)) > share + 0.4


def test_it_is_served_as_it_was_trained(learned):
    fitted, _, tune = learned

    assert parity(fitted, LastEvents(packed(fitted)), tune) <= 1e-5


def test_it_is_nearly_as_good_in_eight_bits_and_a_quarter_as_big(learned):
    fitted, _, tune = learned
    whole, quick = packed(fitted), packed(fitted, quick=True)

    found = [
        average_precision_score(tune.truth, LastEvents(each).margins(windows(tune)))
        for each in (whole, quick)
    ]

    assert abs(found[0] - found[1]) < 0.02
    assert len(quick.onnx) < 0.3 * len(whole.onnx)


def test_it_answers_the_same_bits_alone_and_among_others(learned):
    fitted, _, tune = learned
    served, some = LastEvents(packed(fitted)), windows(tune)[:50]

    together = served.margins(some)

    assert [served.margin(each) for each in some[::-1]] == together[::-1].tolist()


def test_it_is_the_same_network_for_the_same_seed():
    learn, tune = parts(examples(600, 60))

    one, two = (fit(learn, tune, seed=3, passes=1).margins(tune) for _ in range(2))

    assert one.tolist() == two.tolist()


def test_it_needs_histories():
    from dataclasses import replace

    learn, tune = parts(examples(200, 20))

    with pytest.raises(ExamplesUnusable):
        fit(replace(learn, context=None), tune, seed=1)


def test_an_adversary_moves_what_is_there_and_no_farther_than_said(learned):
    fitted, _, tune = learned
    rows = np.arange(64)
    steps, lengths = batch(fitted.scaling, tune.context, rows)

    moved = fgsm(fitted.network, steps, lengths, torch.ones(64), epsilon=0.1)

    there = torch.arange(steps.shape[1])[None, :] < lengths[:, None]
    assert (moved - steps).abs().max() <= 0.1 + 1e-6
    assert not (moved - steps)[~there].any()
    with torch.no_grad():
        fell = fitted.network(moved, lengths) < fitted.network(steps, lengths)
    assert fell.float().mean() > 0.9
