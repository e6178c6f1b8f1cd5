"""What is known of an ip address besides whose it is: network, country, place, lists it is in.

The databases and lists are files the operator of this installation supplies; without any, an
address still has its network.
"""

from ingest.addresses.book import Address, Book, book

__all__ = ["Address", "Book", "book"]
