"""The people's pages: front door, the way to a tenant's host and back, keys, team."""
