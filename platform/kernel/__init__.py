"""The few words everyone shares: errors, ids, clock, money, paging. Capped: growth needs an ADR."""
