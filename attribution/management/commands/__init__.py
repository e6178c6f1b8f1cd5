"""The commands of attribution."""
