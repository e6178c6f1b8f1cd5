"""One order, one conversion: which of the reports of an order id counts."""

from collections.abc import Collection, Sequence

from attribution.projection.sums import rows

_ELECT = """
WITH told AS (
    SELECT stored.position, stored.merged_into,
           first_value(stored.position) OVER (
               PARTITION BY stored.conversion_type, stored.order_id
               ORDER BY coalesce(array_position(%s::text[], stored.origin), 1000000),
                        stored.xid, stored.position
           ) AS first
    FROM attribution_conversion AS stored
    JOIN unnest(%s::integer[], %s::text[]) AS given (conversion_type, order_id)
        USING (conversion_type, order_id)
    WHERE stored.order_id <> ''
)
UPDATE attribution_conversion AS stored
SET merged_into = nullif(told.first, told.position),
    merge_rule = CASE WHEN told.first = told.position THEN 0 ELSE 1 END
FROM told
WHERE stored.position = told.position AND (
    CASE WHEN told.first = told.position THEN stored.merge_rule = 1
         ELSE stored.merge_rule <> 1 OR stored.merged_into <> told.first END
)
RETURNING stored.person
"""


def elect(told: Collection[tuple[int, str]], sources: Sequence[str]) -> set[str]:
    """Let one report of each (conversion type, order id) count: by source, then by the log.

    Returns the persons who got or lost a conversion by it.
    """
    if not told:
        return set()
    kinds, ids = zip(*sorted(told), strict=True)
    return {person for (person,) in rows(_ELECT, [list(sources), list(kinds), list(ids)])}
