"""The way of an event into the log: collectors, the pipeline of named steps, imports.

Words: a *collector* is an HTTP endpoint that takes events; a *step* is a small function
batch -> batch; a *rejection* is an event turned away with a stable code, kept findable.
"""
