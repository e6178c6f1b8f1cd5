"""The market in a range of days: what was taken, by whom, what tax is due on it."""
