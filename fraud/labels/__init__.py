"""Labels: what somebody said an event was. Events of the log, and what the next training learns."""
