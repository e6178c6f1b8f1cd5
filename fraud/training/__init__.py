"""From a tenant's log and its labels to a model that takes part in every score.

``learn`` (pure) makes examples of the log, ``run`` trains in named steps, ``registry`` keeps the
models: challenger, champion, retired.
"""
