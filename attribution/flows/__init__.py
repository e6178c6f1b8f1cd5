"""How people move between channels: top paths, loops, drop-off, flows. Pure, on ``credit.Paths``.

Nothing here gives credit: these are counts of what was observed, and every one of them can be
checked by listing the journeys it counts.
"""
