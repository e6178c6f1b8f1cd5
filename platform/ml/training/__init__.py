"""How a model comes about, step by step: the same steps for every model of the product.

``examples`` (what it learns from) are ``split`` by time, a model is fitted, its probabilities are
put right (``calibration``), it is ``judged`` on what came last and held against the ``gate``; a
challenger takes a champion's place only by a paired test (``versus``). Pure.

Judging takes scikit-learn, which workers alone have; import from the modules.
"""
