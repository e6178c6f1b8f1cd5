"""Which channel a touch came by, from explicit rules anybody can read. No Django.

``classify`` looks at the landing address, the referrer and the campaign values the sender gave;
``table`` holds the rules in the order they are tried, ``sites`` and ``clicks`` what they refer to.
The channels are GA4's default channel groups.
"""

from attribution.channels.classify import Evidence, Touch, classify
from attribution.channels.document import render_markdown

__all__ = ["Evidence", "Touch", "classify", "render_markdown"]
