"""An exported network, scored by onnxruntime: what a process without torch needs."""

import json

import numpy as np
import onnxruntime

from attribution.credit.deep.sequences import Lags, incremental, scored, sequences
from attribution.credit.held_out import Moments
from attribution.credit.paths import Floats, Ints, Paths


class Scorer:
    """The network in ``artefact``, with the ``channels`` it knows and the ``unit`` of its rates."""

    def __init__(self, artefact: bytes) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            artefact, options, providers=["CPUExecutionProvider"]
        )
        found = self._session.get_modelmeta().custom_metadata_map
        self.channels: tuple[str, ...] = tuple(json.loads(found["channels"]))
        self.unit = float(found["unit"])

    def score(self, tokens: Ints, lags: Lags) -> Floats:
        """Rates (moments,) of tokens and lags (moments, touches), conversions per day."""
        (found,) = self._session.run(["rates"], {"tokens": tokens, "lags": lags})
        rates: Floats = found.astype(np.float64) * self.unit
        return rates

    def incremental(self, paths: Paths) -> Floats:
        """The part of its journey's conversion that each touch caused: (touches,)."""
        return incremental(paths, self.score, self.channels)

    def at_moments(self, paths: Paths, at: Moments) -> Floats:
        """The rate at each moment: (moments,)."""
        return scored(self.score, sequences(paths, at.row, at.age, self.channels))
