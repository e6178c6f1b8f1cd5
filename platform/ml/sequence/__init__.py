"""A network that reads what somebody did last: at most 100 events of 50 features.

LSTM of 128 units, dropout 0.3, LSTM of 64, a layer of 32, the log-odds; trained with examples that
an adversary moved (FGSM), so that small changes of what a fraudster controls hide little. PyTorch
trains it (``network``, ``attack``, ``fitted``), ONNX Runtime serves it (``export``, ``served``);
import from the modules: the web has no PyTorch.
"""
