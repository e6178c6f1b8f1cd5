"""Figures: what was staked and paid out by operator, hour, day and game; whole numbers."""
