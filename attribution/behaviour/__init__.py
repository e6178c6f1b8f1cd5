"""What people do, read from their events: pages, searches, arrivals, orders, and what they say.

``vocabulary`` holds the words, ``reading`` turns an event into an ``Act``, ``history`` keeps a
subject's acts as bytes, ``visits`` and ``features`` count them per person, ``psychology`` is the
nine figures of a journey. All of these are pure; ``projection`` writes the read model.
"""
