"""Behavioural profiles: kinds of people, found in what they do, named, and told apart in reports.

``fit`` finds them (K-Means; how many is decided by silhouette and stability), ``naming`` and
``matching`` give names and identities that outlast a refit, ``effects`` says which channels move
whom. These are pure; ``refit`` is the worker's run, ``store`` and ``moving`` what it writes.
"""
