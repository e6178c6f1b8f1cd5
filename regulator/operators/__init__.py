"""Operators: who has a licence, for which games, and what tax is due on what."""
