"""From a trained network to an ONNX graph, written node by node: nothing is traced or guessed."""

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from scipy.special import expit
from torch import nn

from ml.sequence.fitted import Fitted
from ml.sequence.network import NARROW, WIDE, Network
from ml.sequence.served import LastEvents, Packed
from ml.training.examples import Examples

_OPSET, _IR = 17, 8


def packed(fitted: Fitted, *, quick: bool = False) -> Packed:
    """What a served network is made from; ``quick``: its weights in eight bits."""
    plain = graph(fitted.network)
    return Packed(
        names=fitted.names, mean=fitted.scaling.mean.tolist(),
        deviation=fitted.scaling.deviation.tolist(), onnx=_quantised(plain) if quick else plain,
        bits=8 if quick else 32,
    )  # fmt: skip


def graph(network: Network) -> bytes:
    """``steps`` (longest, n, features) with ``lengths`` (n,) to ``margins`` (n, 1)."""
    features = network.first.input_size
    weights = {
        **lstm("first", network.first), **lstm("second", network.second),
        **linear("hidden", network.hidden), **linear("out", network.out),
        "directions": np.array([1], dtype=np.int64), "front": np.array([0], dtype=np.int64),
    }  # fmt: skip
    nodes = [
        _recurrent("first", "steps", ["seen", "", ""], WIDE),
        helper.make_node("Squeeze", ["seen", "directions"], ["wide"]),
        _recurrent("second", "wide", ["", "state", ""], NARROW),
        helper.make_node("Squeeze", ["state", "front"], ["last"]),
        helper.make_node("Gemm", ["last", "hidden_w", "hidden_b"], ["added"], transB=1),
        helper.make_node("Relu", ["added"], ["kept"]),
        helper.make_node("Gemm", ["kept", "out_w", "out_b"], ["margins"], transB=1),
    ]
    made = helper.make_graph(
        nodes, "last-events",
        [
            helper.make_tensor_value_info("steps", TensorProto.FLOAT, ["t", "n", features]),
            helper.make_tensor_value_info("lengths", TensorProto.INT32, ["n"]),
        ],
        [helper.make_tensor_value_info("margins", TensorProto.FLOAT, ["n", 1])],
        [numpy_helper.from_array(value, name) for name, value in weights.items()],
    )  # fmt: skip
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", _OPSET)])
    model.ir_version = _IR
    onnx.checker.check_model(model)
    written: bytes = model.SerializeToString()
    return written


def _recurrent(name: str, steps: str, outputs: list[str], width: int) -> onnx.NodeProto:
    inputs = [steps, f"{name}_w", f"{name}_r", f"{name}_b", "lengths"]
    return helper.make_node("LSTM", inputs, outputs, hidden_size=width)


def lstm(name: str, layer: nn.LSTM) -> dict[str, np.ndarray]:
    """A layer's weights.

    PyTorch keeps gates as input, forget, cell, output; ONNX as input, output, forget, cell.
    """

    def ordered(value: np.ndarray) -> np.ndarray:
        inp, forget, cell, out = np.split(value, 4)
        return np.concatenate([inp, out, forget, cell])

    held = {key: ordered(value.detach().numpy()) for key, value in layer.named_parameters()}
    return {
        f"{name}_w": held["weight_ih_l0"][None], f"{name}_r": held["weight_hh_l0"][None],
        f"{name}_b": np.concatenate([held["bias_ih_l0"], held["bias_hh_l0"]])[None],
    }  # fmt: skip


def linear(name: str, layer: nn.Linear) -> dict[str, np.ndarray]:
    """A layer's weights, for Gemm with ``transB``."""
    return {f"{name}_w": layer.weight.detach().numpy(), f"{name}_b": layer.bias.detach().numpy()}


def _quantised(model: bytes) -> bytes:
    """Weights in eight bits, activations quantised as they come."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with tempfile.TemporaryDirectory() as folder, _quiet():
        before, after = Path(folder, "plain.onnx"), Path(folder, "quick.onnx")
        before.write_bytes(model)
        quantize_dynamic(before, after, weight_type=QuantType.QInt8)
        return after.read_bytes()


@contextmanager
def _quiet() -> Iterator[None]:
    """The quantiser talks of steps that this graph has no need of."""
    held = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(held)


def parity(fitted: Fitted, served: LastEvents, examples: Examples) -> float:
    """The greatest difference in probability between what was trained and what is served."""
    context = examples.context
    if context is None:
        return 0.0
    windows = [context.histories.window(place) for place in context.places.tolist()]
    trained, given = fitted.margins(examples), served.margins(windows)
    return float(np.abs(expit(trained) - expit(given)).max(initial=0.0))
