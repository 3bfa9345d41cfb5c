from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """How many of a task's readings were right, beside the share that is asked for."""

    task: str
    right: int
    of: int
    target: float
    """Share, 0 to 1."""
    notes: tuple[str, ...] = ()
    """What was read wrong, in few words each."""

    @property
    def share(self) -> float:
        return self.right / self.of if self.of else 0.0

    @property
    def holds(self) -> bool:
        return bool(self.of) and self.share >= self.target

    def __str__(self) -> str:
        mark = "ok  " if self.holds else "LOW "
        return (
            f"{mark}{self.task:<58} {self.right:>5} of {self.of:<5}"
            f"{self.share:>8.1%}  (asked: {self.target:.1%})"
        )
