"""Operators' feeds watched, returns checked, evidence for a gambling authority."""
