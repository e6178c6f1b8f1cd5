"""What Touchstone claims about speed and truth, measured: `make bench`, a JSON line per claim."""
