"""How unusual an event is, without labels: an Isolation Forest.

Liu, Ting and Zhou 2008, "Isolation forest": what random cuts single out soon is unusual.
scikit-learn fits it (``fitted``), ONNX Runtime serves it (``served``); import from the modules.
"""
