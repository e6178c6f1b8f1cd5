"""Old events leave the log where a tenant's policy says so; the tree of the log stays whole.

An event that has expired is a leaf without an event: its hash stays in the tile, its place in the
table of places, so every earlier proof stands and later ones are made as before.
"""
