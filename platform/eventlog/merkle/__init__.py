"""The Merkle tree of RFC 6962 (RFC 9162 §2.1): pure arithmetic of hashes, no database.

Words: a *leaf* is an event's hash; a *tile* is 256 neighbouring hashes of one level, of which every
eighth is kept (C2SP tlog-tiles, height 8), so the rest is recomputed from them; the *edges* are the
tiles still growing at the right end; a *path* is what a proof carries: the hashes that, folded with
what the verifier has, give the root.
"""
