"""When something that was settled is said again. No Django here."""

from datetime import datetime, timedelta

CLEARLY_WORSE = 1.5
"""Times the impact that somebody waved aside."""
TIME_TO_TELL = timedelta(days=30)
"""So long what was done has time to show in the rows, which reach back."""


def may_return(state: str, impact_then: float, settled_at: datetime | None, *, impact: float,
               now: datetime) -> bool:  # fmt: skip
    """Tell whether to say it again.

    Dismissed: once its impact is half as much again as it was then. Done: after thirty days, or
    sooner where it became that much worse. No longer so: as soon as it is so again.
    """
    if state == "gone":
        return True
    if impact >= CLEARLY_WORSE * impact_then and impact > impact_then:
        return True
    return state == "done" and settled_at is not None and now - settled_at > TIME_TO_TELL
