"""Training networks so that the same seed gives the same network."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def alone(seed: int) -> Iterator[None]:
    """Draws that nobody else's draws change, and that change nobody else's; sums in one order.

    One thread: two wait for each other longer than they save where other processes have the cores.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            yield
    finally:
        torch.set_num_threads(threads)
