"""Pages of a regulator's host."""
