"""Could a pattern take very long: tried on texts that such patterns stumble over.

Whether a pattern explodes cannot be read off its shape with certainty; trying it can. Nothing here
refuses a pattern: the time limit of each match holds anyhow, and the rule says when it was reached.
"""

from collections.abc import Iterator
from typing import Any

import regex

from hbu.lib.conditions.evaluating import Patience
from hbu.lib.conditions.leaves import leaves

LETTERS_TRIED = 6
REPEATED = 2_000
FEW = 24
SECONDS_FOR_ALL = 1.0


def slow_patterns(condition: Any) -> list[str]:
    """Return the patterns of a condition that ran out of time on one of the texts."""
    expressions = [str(one.get("value")) for one in leaves(condition) if one.get("op") == "matches"]
    patience = Patience(SECONDS_FOR_ALL)
    return [one for one in dict.fromkeys(expressions) if patience.left > 0 and _slow(one, patience)]


def _slow(expression: str, patience: Patience) -> bool:
    try:
        for text in _texts(expression):
            if patience.left > 0:
                patience.search(expression, text)
    except TimeoutError:
        return True
    except regex.error:
        return False
    return False


def _texts(expression: str) -> Iterator[str]:
    """Yield long runs of the pattern's own letters that end on something else."""
    own = dict.fromkeys(letter for letter in expression if letter.isalnum())
    for letter in [*own, "0", " "][:LETTERS_TRIED]:
        yield letter * REPEATED + "\n!"
        yield f"{letter}x" * FEW + "\n!"
        yield letter * FEW + "\n!"
