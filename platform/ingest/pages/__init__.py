"""Pages about data coming in: live events, imports."""
