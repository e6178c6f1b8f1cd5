"""Returns: what operators filed, every version of it, held against their own feed."""
