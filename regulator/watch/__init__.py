"""The watch: detectors run over operators' feeds and returns, and what they find is kept.

Words: a *watcher* is a detector with what it looks at; a *sighting* is what it says in one pass; an
*anomaly* is a stretch of sightings, one for as long as they belong together. A *pass* goes over all
operators from where the last one stopped, so that one after a pause catches up.

What exact checks find (``regulator.returns``) stays a finding and is made anew at every look; what
is judged by chance, or by what was known at a time, is an anomaly and stays in the log. Tax is told
in one place: where the register has rates, as a finding against them; where it has none, as an
anomaly against the rates that the market's own returns show. Restatements are findings only.
"""
