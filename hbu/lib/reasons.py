"""Why a decision fell as it did, in a form that can be stored, translated and shown."""

from dataclasses import asdict, dataclass
from typing import Any


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "mark, translate later"
    """Mark a text of a pure module for translation; pages translate it when they show it."""
    return text


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that spoke for a decision: what it was, the evidence found, how much it weighed."""

    what: str
    evidence: str = ""
    weight: float = 0.0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
