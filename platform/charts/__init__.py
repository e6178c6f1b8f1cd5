"""From data and intent to a Vega-Lite spec: the same spec in the browser, in mail and on paper."""
