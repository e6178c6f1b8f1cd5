"""Click to install times by source: what people's look like, and which sources' do not.

People install within minutes of their click; most within the hour, nearly all within a day. Who
claims installs that happened anyway shows it in these times: a click made while the app was being
installed leaves seconds, clicks made for everybody in the hope that somebody installs leave a tail
as flat as chance. Exact binomial tests of each source against the norms and against what is usual
elsewhere in the same data, with the false discoveries among all of them controlled; no model, no
training, the same answer every time.
"""

from fraud.ctit.clicks import Clicks
from fraud.ctit.judge import Finding, Judgement, judge
from fraud.ctit.norms import Norms

__all__ = ["Clicks", "Finding", "Judgement", "Norms", "judge"]
