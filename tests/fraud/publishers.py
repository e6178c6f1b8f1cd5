"""Publishers of the simulator as the columns that are judged."""

from fraud.ctit import Clicks


def clicks_of(made) -> Clicks:
    return Clicks(
        sources=tuple(each.name for each in made.publishers),
        source=made.publisher,
        seconds=made.seconds,
        clicks=made.clicks,
    )
