"""Cases: the events that were not simply let through, each with the decision and its reasons."""
