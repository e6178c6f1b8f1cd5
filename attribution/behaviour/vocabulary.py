"""The words by which pages and searches are told apart; one table to read, English.

Intents follow Broder, "A taxonomy of web search" (SIGIR Forum 36(2), 2002) and the word lists of
Jansen, Booth and Spink, "Determining the informational, navigational, and transactional intent of
Web queries" (Information Processing & Management 44(3), 2008); research before a purchase and price
stand apart from the transactional, as search advertisers keep them.
"""

INTENTS = ("none", "informational", "commercial", "price", "transactional", "brand")
"""What a search is after; an intent's number is its index. Appending is safe."""

PAGES = (
    "none", "home", "content", "category", "product", "price", "compare", "reviews", "search",
    "account", "service", "basket", "other",
)  # fmt: skip
"""What a page shows; a kind's number is its index. Appending is safe."""

ARRIVALS = (
    "none", "direct", "email", "paid search", "organic search", "social", "advertising",
    "affiliates", "referral", "other",
)  # fmt: skip
"""How somebody came; ``none`` is a page reached from within the site. Appending is safe."""

KINDS = ("page", "impression", "order", "goal", "action")
"""What an act is; ``goal`` is a conversion without an order."""

ARRIVAL_OF_CHANNEL = {
    "Direct": "direct",
    "Email": "email",
    "SMS": "email",
    "Mobile Push Notifications": "email",
    "Paid Search": "paid search",
    "Paid Shopping": "paid search",
    "Organic Search": "organic search",
    "AI Assistant": "organic search",
    "Organic Shopping": "organic search",
    "Paid Social": "social",
    "Organic Social": "social",
    "Display": "advertising",
    "Paid Video": "advertising",
    "Organic Video": "advertising",
    "Audio": "advertising",
    "Cross-network": "advertising",
    "Paid Other": "advertising",
    "Affiliates": "affiliates",
    "Referral": "referral",
}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


QUERY_WORDS: tuple[tuple[str, frozenset[str]], ...] = (
    ("price", _words(
        "cheap cheaper cheapest sale sales discount discounts code coupon coupons voucher vouchers"
        " deal deals offer offers outlet clearance promo under budget affordable price prices"
        " reduced bargain free"
    )),
    ("transactional", _words(
        "buy order purchase shop stock size delivery shipping pickup book download subscribe next"
        " day checkout store near"
    )),
    ("commercial", _words(
        "best top review reviews rating ratings vs versus compare comparison test tested lightest"
        " alternative alternatives recommended"
    )),
    ("informational", _words(
        "how what why when where who which guide guides ideas idea tips tutorial learn meaning"
        " checklist choose list pack layering"
    )),
)  # fmt: skip
"""The first intent with a word in the query counts; the shop's own name comes before all."""

PATH_WORDS: tuple[tuple[str, frozenset[str]], ...] = (
    ("search", frozenset({"search", "suche", "find"})),
    ("basket", frozenset({"basket", "cart", "bag", "checkout"})),
    ("account", _words(
        "account login orders rewards wishlist profile my membership loyalty"
    )),
    ("price", _words(
        "sale sales deal deals offer offers voucher vouchers coupon coupons outlet clearance"
        " discount discounts promo promotions pricing"
    )),
    ("compare", frozenset({"compare", "comparison", "versus", "vs"})),
    ("reviews", frozenset({"review", "reviews", "ratings", "testimonials"})),
    ("service", _words(
        "delivery shipping returns stores contact help faq support warranty"
    )),
    ("content", _words(
        "blog journal guide guides magazine inspiration stories news article articles learn"
        " academy community"
    )),
)  # fmt: skip
"""A page is of the first kind one of whose words is a part of its path."""

EVENT_PAGES = {
    "product viewed": "product",
    "product clicked": "product",
    "product list viewed": "category",
    "product list filtered": "category",
    "products searched": "search",
    "product compared": "compare",
    "product reviewed": "reviews",
    "coupon entered": "price",
    "coupon applied": "price",
    "promotion clicked": "price",
    "product added": "basket",
    "cart viewed": "basket",
    "checkout started": "basket",
    "product added to wishlist": "account",
}
"""Tracked events of Segment's e-commerce specification that say what a page would."""

QUERY_FIELDS = ("q", "query", "s", "search", "keyword", "keywords", "term")
"""The fields of an address, or properties of an event, that hold a search."""
