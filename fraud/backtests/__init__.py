"""Back-tests people ask for on a page: one at a time, run by a worker, kept for a week."""
