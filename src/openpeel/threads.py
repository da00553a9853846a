"""Work on several cores that gives what work on one would: results in the order of what they were made from."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")

#: More would hold more in memory, and what runs outside of Python's lock here is bound by the memory anyway.
MOST = 4


def cores() -> int:
    """How many threads there may be: the cores of the machine, and no more than a few."""
    return min(os.cpu_count() or 1, MOST)


def in_order(work: Callable[[Given], Made], given: Iterable[Given]) -> Iterator[tuple[Given, Made]]:
    """Each thing given, with what `work` makes of it, in the order given.

    A few are worked on at a time, and no more are taken than are worked on, so that what they hold stays small.
    A single one is worked on without a thread. What `work` raises is raised here.

    >>> list(in_order(len, ["a", "bcd"]))
    [('a', 1), ('bcd', 3)]
    """
    things = iter(given)
    first = next(things, None)
    if first is None:
        return
    second = next(things, None)
    if second is None:
        yield first, work(first)
        return
    waiting: deque[tuple[Given, Future[Made]]] = deque()
    with ThreadPoolExecutor(cores()) as pool:
        try:
            for thing in (first, second):
                waiting.append((thing, pool.submit(work, thing)))
            for thing in things:
                waiting.append((thing, pool.submit(work, thing)))
                if len(waiting) > cores():
                    done, future = waiting.popleft()
                    yield done, future.result()
            while waiting:
                done, future = waiting.popleft()
                yield done, future.result()
        finally:
            for _, future in waiting:
                future.cancel()
