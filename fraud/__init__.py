"""Which events are real: who bought installs that nobody made, and what that cost.

Words: a *source* is whoever delivered a click (publisher, sub-publisher); *CTIT* is the click to
install time; a *finding* says of one source which kind of fraud its installs show, and why.
"""
