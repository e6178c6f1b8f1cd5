"""The portal's pages of attribution: overview, comparison, channels, campaigns, journeys.

Every view parses, asks one query per thing shown, and renders; ``?format=csv`` downloads the table.
"""
