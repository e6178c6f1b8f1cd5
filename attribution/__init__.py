"""Which touches earned which conversions: channels, journeys, credit.

Words: a *touch* is a contact with the advertiser; a *conversion* is what the advertiser wants; a
*journey* is the touches that led to one conversion, or to none (a *null* journey); *credit* is the
share of a conversion given to a touch by a *model*; the *stores* are daily sums that answer any
date range without looking at journeys again.
"""
