"""The shared base model, for a tenant's first day: trained on simulated markets, nobody's data.

``model.bin`` and ``model.json`` are written by ``python -m bench.base_model`` whenever the features
change. A tenant's own model takes its place like any other champion's.
"""
