"""What can go wrong when things are started, said so that the reader knows what to do."""


class CannotStart(Exception):
    """Something could not be started; the message says what to do about it."""
