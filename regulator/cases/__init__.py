"""Cases: what an authority does about what was found, step by step, each step an event.

Words: a *case* is about anomalies, findings or conduct of one operator; a *step* is one of its
events; its *head* is where its next step is decided, held by whoever takes it.
"""
