"""Work in chunks of which no part holds up the others."""

import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError

logger = logging.getLogger(__name__)
T = TypeVar("T")


def together_or_alone(things: Sequence[T], work: Callable[[Sequence[T]], None]) -> None:
    """Work on all at once; where that fails, on each alone.

    `work` is repeatable and leaves nothing behind when it fails. What fails alone is logged, and
    found again by its sweep. Raises what a single thing raises, and what is no thing's fault: the
    database is away, or the time is over.
    """
    try:
        work(things)
    except (OperationalError, SoftTimeLimitExceeded):
        raise
    except Exception:
        if len(things) == 1:
            raise
        logger.exception("A chunk failed; each of it is worked on alone.")
        for thing in things:
            _alone(thing, work)


def _alone(thing: T, work: Callable[[Sequence[T]], None]) -> None:
    try:
        work([thing])
    except (OperationalError, SoftTimeLimitExceeded):
        raise
    except Exception:
        logger.exception("It failed alone as well: %s.", thing)
