"""The few words everyone shares: errors, ids, clock, paging. Capped: growth needs an ADR."""
