"""project and rebuild."""
