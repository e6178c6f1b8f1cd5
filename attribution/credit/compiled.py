"""Compilation of the loops over tokens, with types that survive it."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """``function`` as machine code, kept on disk between processes.

    No fast-math and no threads: sums run in the order of the rows, so equal input gives equal
    bytes. The GIL is released, so a web worker goes on serving meanwhile.
    """
    return cast("Callable[P, R]", numba.njit(cache=True, nogil=True)(function))
