"""Detectors that learn from a market's own past: unusual figures, and days that go otherwise."""
