"""What rarely changes and is shown on every page: read once in a while, by each process for itself.

    @kept(seconds=15)
    def company() -> Company: ...

Fit for what may be some seconds old, never for what anybody is charged.
"""

import threading
import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")

_everything: list[dict[Hashable, tuple[float, Any]]] = []


def kept(seconds: float) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """Keep what the function returned, for each of its arguments."""

    def wrap(read: Callable[..., T]) -> Callable[..., T]:
        values: dict[Hashable, tuple[float, T]] = {}
        reading = threading.Lock()
        _everything.append(values)

        def fresh(*args: Hashable) -> T:
            found = values.get(args)
            if found and time.monotonic() < found[0]:
                return found[1]
            # While one thread reads, the others go on with what there was.
            if not reading.acquire(blocking=found is None) and found:
                return found[1]
            try:
                value = read(*args)
                values[args] = (time.monotonic() + seconds, value)
            finally:
                reading.release()
            return value

        return fresh

    return wrap


def forget() -> None:
    """Read everything anew when it is asked for next."""
    for values in _everything:
        values.clear()
