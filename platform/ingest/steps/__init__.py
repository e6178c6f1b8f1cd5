"""The steps of the pipeline, one module each: a named function batch -> batch."""
