"""The additive stores: what a journey adds to them, in integers. Pure."""
