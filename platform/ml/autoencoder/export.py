"""From a trained autoencoder to an ONNX graph, written node by node."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from ml.autoencoder.fitted import Fitted
from ml.autoencoder.network import Network
from ml.autoencoder.served import Autoencoder, PackedNetwork
from ml.autoencoder.windows import Windows
from ml.sequence.export import linear, lstm

_OPSET, _IR = 17, 8


def packed(fitted: Fitted) -> PackedNetwork:
    """What a served autoencoder is made from."""
    return PackedNetwork(
        scale=fitted.scale.tolist(), usual=fitted.usual.tolist(),
        weights=fitted.weights.tolist(), onnx=graph(fitted.network),
    )  # fmt: skip


def graph(network: Network) -> bytes:
    """``values`` [steps, n, channels] and ``known`` [steps, n, k] to ``rebuilt`` like ``values``.

    The code of a window stands beside what is known at every step of the decoder.
    """
    channels, narrow = network.out.out_features, network.code.out_features
    weights = {
        **lstm("encoder", network.encoder), **lstm("decoder", network.decoder),
        **linear("code", network.code), **linear("out", network.out),
        "directions": np.array([1], dtype=np.int64), "front": np.array([0], dtype=np.int64),
        "first_two": np.array([0, 1], dtype=np.int64), "width": np.array([narrow], dtype=np.int64),
    }  # fmt: skip
    nodes = [
        helper.make_node("Concat", ["values", "known"], ["given"], axis=2),
        _recurrent("encoder", "given", ["", "state", ""], network.encoder.hidden_size),
        helper.make_node("Squeeze", ["state", "front"], ["last"]),
        helper.make_node("Gemm", ["last", "code_w", "code_b"], ["code"], transB=1),
        helper.make_node("Shape", ["known"], ["shape"]),
        helper.make_node("Gather", ["shape", "first_two"], ["steps_n"]),
        helper.make_node("Concat", ["steps_n", "width"], ["wanted"], axis=0),
        helper.make_node("Expand", ["code", "wanted"], ["repeated"]),
        helper.make_node("Concat", ["repeated", "known"], ["told"], axis=2),
        _recurrent("decoder", "told", ["seen", "", ""], network.decoder.hidden_size),
        helper.make_node("Squeeze", ["seen", "directions"], ["wide"]),
        helper.make_node("MatMul", ["wide", "out_t"], ["turned"]),
        helper.make_node("Add", ["turned", "out_b"], ["rebuilt"]),
    ]
    weights["out_t"] = weights.pop("out_w").T.copy()
    known = network.encoder.input_size - channels
    made = helper.make_graph(
        nodes, "autoencoder",
        [
            helper.make_tensor_value_info("values", TensorProto.FLOAT, ["t", "n", channels]),
            helper.make_tensor_value_info("known", TensorProto.FLOAT, ["t", "n", known]),
        ],
        [helper.make_tensor_value_info("rebuilt", TensorProto.FLOAT, ["t", "n", channels])],
        [numpy_helper.from_array(value, name) for name, value in weights.items()],
    )  # fmt: skip
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", _OPSET)])
    model.ir_version = _IR
    onnx.checker.check_model(model)
    written: bytes = model.SerializeToString()
    return written


def parity(fitted: Fitted, served: Autoencoder, windows: Windows) -> float:
    """The greatest difference of what is trained and what is served, in deviations."""
    apart = fitted.residuals(windows) - served.residuals(windows)
    return float(np.abs(apart).max(initial=0.0))


def _recurrent(name: str, steps: str, outputs: list[str], width: int) -> onnx.NodeProto:
    inputs = [steps, f"{name}_w", f"{name}_r", f"{name}_b"]
    return helper.make_node("LSTM", inputs, outputs, hidden_size=width)
