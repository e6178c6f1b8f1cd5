"""The psychology of a journey: nine documented figures, each of a person's acts alone. Pure.

All but the intent class lie in 0..1, where 0 is also what nothing is known of; the constants say
at which amount a figure is half way up or has faded to 1/e. They describe and rank; none is a
probability. Formulas, with n the number of a person's acts (impressions included):

====================  ============================================================================
intent class          the class of most pages and searches: ``informational`` (content, searches
                      for knowledge), ``commercial`` (compare, reviews, products, searches for the
                      best), ``transactional`` (basket, prices, searches to buy), ``navigational``
                      (account, the shop's name); the later in this order among equals. Broder,
                      "A taxonomy of web search", SIGIR Forum 36(2), 2002.
engagement            mean of click depth ``1 - exp(-(pages per visit - 1) / 2)``, duration
                      ``1 - exp(-minutes per visit)`` and loyalty ``1 - exp(-(visits - 1) / 3)``:
                      Peterson and Carrabis, "Measuring the immeasurable: visitor engagement",
                      2008, with saturating indices.
urgency               mean over acts of ``exp(-(last - t) / 3 days)``, less what a single act has:
                      ``(sum - 1) / (n - 1)``; activity that gathers before its end, after Moe and
                      Fader, "Dynamic conversion behavior at e-commerce sites", Management Science
                      50(3), 2004.
research depth        ``1 - exp(-r / 4)``, r the pages that compare, review or show a product and
                      the searches for knowledge or the best: Moe, "Buying, searching, or
                      browsing", Journal of Consumer Psychology 13(1-2), 2003.
brand loyalty         ``b / (m + 2)``, b the direct and e-mail arrivals, searches for the shop's
                      name, account pages and orders, m these and all other arrivals, searches,
                      pages and orders: Jacoby and Chestnut, "Brand loyalty", 1978 (behavioural).
price sensitivity     ``p / (m + 2)``, p the pages of prices, searches for a price, arrivals by
                      affiliates and orders with a code: Lichtenstein, Netemeyer and Burton,
                      "Distinguishing coupon proneness from value consciousness", J. of Marketing
                      54(3), 1990.
social influence      ``s / (m + 2)``, s the arrivals and impressions by social media, referrals
                      and reviews read: Chevalier and Mayzlin, "The effect of word of mouth on
                      sales", J. of Marketing Research 43(3), 2006.
complexity            entropy of the kinds of arrival, of its largest possible value: Shannon,
                      "A mathematical theory of communication", 1948.
velocity              ``1 / (1 + g)``, g the mean days between visits; 0 with one visit.
====================  ============================================================================
"""

from dataclasses import dataclass

import numpy as np

from attribution.behaviour.history import Histories, Ints
from attribution.behaviour.visits import DAY, Floats, visits
from attribution.behaviour.vocabulary import ARRIVALS, INTENTS, KINDS, PAGES

CLASSES = ("unknown", "informational", "commercial", "transactional", "navigational")
FIGURES = (
    "engagement", "urgency", "research depth", "brand loyalty", "price sensitivity",
    "social influence", "complexity", "velocity",
)  # fmt: skip

URGENT_DAYS = 3.0
RESEARCH = 4.0
PRIOR = 2.0

_CLASS_PAGES = {
    "informational": ("content",),
    "commercial": ("compare", "reviews", "product"),
    "transactional": ("basket", "price"),
    "navigational": ("account",),
}
_CLASS_INTENTS = {
    "informational": ("informational",),
    "commercial": ("commercial",),
    "transactional": ("transactional", "price"),
    "navigational": ("brand",),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Psychology:
    """Everybody's intent class, a number of ``CLASSES``, and ``figures`` (people, FIGURES)."""

    intent: Ints
    figures: Floats


def psychology(seen: Histories) -> Psychology:
    """The nine figures of everybody; see the module for their formulas."""
    counted = _Counts(seen)
    return Psychology(
        intent=_intent(counted),
        figures=np.column_stack(
            [
                _engagement(seen),
                _urgency(seen),
                1 - np.exp(-_research(counted) / RESEARCH),
                counted.share(_loyal(counted)),
                counted.share(_price(counted)),
                counted.share(_social(counted)),
                _complexity(counted),
                _velocity(seen),
            ]
        ),
    )


class _Counts:
    """How often each person did what: by page, search, arrival (impressions too) and order."""

    def __init__(self, seen: Histories) -> None:
        self._seen = seen
        self.pages = self._table(seen.page, len(PAGES))
        self.intents = self._table(seen.intent, len(INTENTS))
        self.arrivals = self._table(seen.arrival, len(ARRIVALS))
        ordered = seen.kind == KINDS.index("order")
        self.orders = np.bincount(seen.person[ordered], minlength=len(seen))
        self.coupons = np.bincount(seen.person[ordered & (seen.coupon > 0)], minlength=len(seen))

    def _table(self, word: Ints, size: int) -> Ints:
        cell = self._seen.person * size + word
        table = np.bincount(cell, minlength=len(self._seen) * size).reshape(-1, size)
        table[:, 0] = 0
        return table

    def page(self, *names: str) -> Ints:
        return _of(self.pages, PAGES, names)

    def search(self, *names: str) -> Ints:
        return _of(self.intents, INTENTS, names)

    def arrival(self, *names: str) -> Ints:
        return _of(self.arrivals, ARRIVALS, names)

    def share(self, part: Ints) -> Floats:
        """``part`` of all that was counted, drawn towards 0 by ``PRIOR`` acts."""
        every = (
            self.pages.sum(axis=1) + self.intents.sum(axis=1) + self.arrivals.sum(axis=1)
            + self.orders
        )  # fmt: skip
        share: Floats = part / (every + PRIOR)
        return share


def _of(table: Ints, words: tuple[str, ...], names: tuple[str, ...]) -> Ints:
    summed: Ints = table[:, [words.index(name) for name in names]].sum(axis=1)
    return summed


def _intent(counted: _Counts) -> Ints:
    scores = np.column_stack(
        [
            counted.page(*_CLASS_PAGES[name]) + counted.search(*_CLASS_INTENTS[name])
            for name in CLASSES[1:]
        ]
    )
    # The last of the largest: nearer to a purchase.
    best = len(CLASSES) - 1 - np.argmax(scores[:, ::-1], axis=1)
    return np.where(scores.sum(axis=1) > 0, best, 0)


def _engagement(seen: Histories) -> Floats:
    went = visits(seen)
    often = np.maximum(went.visits, 1)
    depth = 1 - np.exp(-np.maximum(went.pages / often - 1, 0.0) / 2)
    duration = 1 - np.exp(-went.seconds / 60 / often)
    loyalty = 1 - np.exp(-np.maximum(went.visits - 1, 0) / 3)
    engagement: Floats = (depth + duration + loyalty) / 3
    return engagement


def _urgency(seen: Histories) -> Floats:
    counts = np.diff(seen.offsets)
    last = np.zeros(len(seen), dtype=np.int64)
    some = counts > 0
    last[some] = seen.at[seen.offsets[1:][some] - 1]
    person = seen.person
    near = np.exp(-(last[person] - seen.at) / DAY / URGENT_DAYS)
    gathered = np.bincount(person, weights=near, minlength=len(seen)) - 1
    urgency = np.divide(gathered, counts - 1, out=np.zeros(len(seen)), where=counts > 1)
    clipped: Floats = np.clip(urgency, 0.0, 1.0)
    return clipped


def _research(counted: _Counts) -> Ints:
    pages = counted.page("compare", "reviews", "product")
    return pages + counted.search("informational", "commercial")


def _loyal(counted: _Counts) -> Ints:
    came = counted.arrival("direct", "email")
    return came + counted.search("brand") + counted.page("account") + counted.orders


def _price(counted: _Counts) -> Ints:
    came = counted.arrival("affiliates")
    return came + counted.page("price") + counted.search("price") + counted.coupons


def _social(counted: _Counts) -> Ints:
    return counted.arrival("social", "referral") + counted.page("reviews")


def _complexity(counted: _Counts) -> Floats:
    total = counted.arrivals.sum(axis=1, keepdims=True)
    share = np.divide(
        counted.arrivals, total, out=np.zeros(counted.arrivals.shape), where=total > 0
    )
    logs = np.log(share, out=np.zeros_like(share), where=share > 0)
    entropy = -(share * logs).sum(axis=1) / np.log(len(ARRIVALS) - 1)
    clipped: Floats = np.clip(entropy, 0.0, 1.0)
    return clipped


def _velocity(seen: Histories) -> Floats:
    went = visits(seen)
    again = np.maximum(went.visits - 1, 1)
    gap = (went.last - went.first) / DAY / again
    return np.where(went.visits > 1, 1 / (1 + gap), 0.0)
