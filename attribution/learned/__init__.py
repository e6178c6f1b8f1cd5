"""Credit of fitted models: computed by the worker over all journeys, kept per day, looked up.

A fitted model's weights change with every fit, so its credit can't be added journey by journey as
the stores' is. The worker fits anew when the projection has moved on, credits every journey under
the new fit and replaces what it wrote before; a page sums days and waits for nothing. What happened
since the last fit is credited by the next one, and reports say when that was.
"""
