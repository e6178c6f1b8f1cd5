"""The immutable log of a tenant: append, read in order, project, rebuild.

Everything that happens, outside or inside, is an event here; everything a person sees is a
projection of it. Words: an *event* is a fact in the past tense with a stable type and version;
the *subject* is the pseudonym of whom it is about; *log order* is (xid, position);
a *subscription* reads the log in order and moves its cursor in the transaction of its effect;
a *leaf* is the event's hash, the future leaf of the tenant's Merkle tree.
"""
