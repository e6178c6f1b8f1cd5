"""A network over who was seen with whom: devices, addresses, publishers.

Every event joins those it names. Two rounds of GraphSAGE (Hamilton, Ying and Leskovec 2017,
"Inductive representation learning on large graphs") give each of them a score; an event's log-odds
are the sum over those it names. The scores are a table: serving one is a look-up, the network runs
in the weekly training alone. PyTorch Geometric trains it (``network``); import from the modules.
"""
