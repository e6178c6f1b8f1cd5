"""The additive stores: what a journey adds to them, in integers, and how ranges are summed. Pure."""
