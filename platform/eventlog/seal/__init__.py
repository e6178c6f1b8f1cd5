"""The tenant's log, sealed: its tree in tables, its checkpoints, the proofs read from them.

Words: to *seal* is to append the leaves below the horizon to the tree and to sign a *checkpoint* of
it; a *place* says which event stands at which leaf; the *head* is where sealing stopped, with the
edges of the tree. Tiles, places and checkpoints only ever grow.
"""
