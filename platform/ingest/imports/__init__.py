"""Files into the log: read rows, map columns to events, run the pipeline, resumably."""
