"""People's touches and conversions, cut into journeys. Pure: arrays in, arrays out.

Words: the *window* of a conversion reaches back to the person's previous conversion of the same
type, at most ``lookback``; a *null* journey holds touches that belong to no conversion; a *direct*
touch shortly after another touch is the same visit continued, and is not counted.
"""
