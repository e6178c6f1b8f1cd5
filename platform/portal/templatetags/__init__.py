"""Template tags; ``portal`` is a builtin of every template."""
