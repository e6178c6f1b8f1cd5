"""Review: what a person should look at next, what was like it, and whether reviewers agree.

``agreement`` and ``likeness`` are pure; ``queue`` reads.
"""
