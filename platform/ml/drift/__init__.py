"""Whether what a model sees is still what it learned from: bins, counts, distances, a report.

``bins`` are made once, from what was learned; ``counting`` counts rows into them, additively;
``measures`` compares two lots of counts; ``report`` says which columns have drifted. Pure.
"""
