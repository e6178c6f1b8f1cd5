"""The shop people browse: kinds of pages with their addresses, and what people search for in it.

An address says what a page is, as a shop's addresses do; who reads the events has nothing else.
"""

from dataclasses import dataclass

KINDS = (
    "home", "journal", "category", "product", "sale", "compare", "reviews", "search", "account",
    "delivery", "basket",
)  # fmt: skip
"""The kinds of pages; a kind's number is its index."""

SEARCH = KINDS.index("search")

INTENTS = ("informational", "commercial", "price", "transactional", "brand")
"""What a search is after (Broder 2002, with price apart); an intent's number is its index."""

_PRODUCTS = ("tents/ridge-2", "boots/alpine", "sleeping-bags/down-3", "stoves/mini", "packs/tour")
PATHS: tuple[tuple[str, ...], ...] = (
    ("",),
    ("journal/ten-autumn-walks", "journal/how-to-pitch-a-tent", "journal/huts-of-the-alps"),
    ("tents", "boots", "sleeping-bags", "stoves", "packs"),
    _PRODUCTS,
    ("sale", "sale/tents", "vouchers", "outlet/boots"),
    ("compare/tents", "compare/boots", "compare/packs"),
    tuple(f"{each}/reviews" for each in _PRODUCTS),
    ("search",),
    ("account/orders", "account/rewards", "account/wishlist"),
    ("delivery", "returns", "stores"),
    ("basket",),
)
"""The addresses of each kind of page, without the site."""

PHRASES: tuple[tuple[str, ...], ...] = (
    ("how to choose a tent", "what to pack for a hut tour", "camping ideas", "layering guide"),
    ("best 2 person tent", "down vs synthetic", "alpine boots review", "lightest stove"),
    ("cheap tent", "boots sale", "discount code", "stove under 30", "outlet sleeping bag"),
    ("buy ridge 2", "alpine boots size 42 in stock", "order gas stove", "down-3 next day delivery"),
    ("northwind ridge", "northwind alpine", "northwind gift card", "northwind rewards"),
)
"""The searches of each intent; the last kind names the shop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Browsing:
    """How a kind of people moves through the shop.

    ``pages`` is the mean number of pages after the one a visit lands on, ``seconds`` the mean time
    on each; ``kinds`` and ``intents`` weigh what they look at and what they search for, in the
    order of ``KINDS`` and ``INTENTS``; ``coupon`` is the share of orders with a code.
    """

    pages: float
    seconds: float
    kinds: tuple[float, ...]
    intents: tuple[float, ...]
    coupon: float
