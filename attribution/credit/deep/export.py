"""A trained network as ONNX bytes, which need no torch to be read."""

import json
import logging
import warnings

import torch

from attribution.credit.deep.training import Deep


def to_onnx(deep: Deep) -> bytes:
    """The network for any number of moments and touches, with its channels and unit inside."""
    moments, touches = torch.export.Dim("moments"), torch.export.Dim("touches")
    axes = {0: moments, 1: touches}
    example = (torch.ones(3, 2, dtype=torch.int64), torch.ones(3, 2))
    # The exporter talks of operators of libraries that aren't there.
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            deep.network,
            example,
            dynamo=True,
            verbose=False,
            input_names=["tokens", "lags"],
            output_names=["rates"],
            dynamic_shapes={"tokens": axes, "lags": axes},
        )
    if program is None:
        raise AssertionError("the exporter answers a program")
    program.model.metadata_props.update(
        {"channels": json.dumps(deep.channels), "unit": repr(deep.unit)}
    )
    written: bytes = program.model_proto.SerializeToString()
    return written
