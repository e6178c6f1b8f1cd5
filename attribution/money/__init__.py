"""What amounts are worth: dated exchange rates, and the worth of an amount on its day. Pure."""
