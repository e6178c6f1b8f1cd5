"""Windows of a series put through a narrow place: what can't be rebuilt from there is unusual.

Two ways, on the same windows [n, steps, channels] with the same error: principal components
(``linear``, numpy alone) and an LSTM autoencoder (Malhotra et al. 2016, "LSTM-based
encoder-decoder for multi-sensor anomaly detection"), which PyTorch trains (``network``,
``fitted``) and ONNX Runtime serves (``export``, ``served``). Import from the modules: the web has
no PyTorch.
"""
