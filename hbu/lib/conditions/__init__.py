"""The one rule language, for routing and for workflow rules.

A condition is a JSON tree of all, any, not, and leaves of field, op and value:

    {"all": [{"field": "kind", "op": "is", "value": "order"},
             {"not": {"field": "subject", "op": "contains_any", "value": ["storno", "cancel"]}}]}

Staff write these trees and strangers write the texts they look at, so every step is bounded.
"""

from hbu.lib.conditions.evaluating import Check, Patience, Result, evaluate
from hbu.lib.conditions.implying import implies
from hbu.lib.conditions.language import NO_TIME_LEFT, OPS, TOO_SLOW, Condition
from hbu.lib.conditions.leaves import fields_of
from hbu.lib.conditions.risks import slow_patterns
from hbu.lib.conditions.validating import validate
from hbu.lib.conditions.wording import in_words

__all__ = [
    "NO_TIME_LEFT",
    "OPS",
    "TOO_SLOW",
    "Check",
    "Condition",
    "Patience",
    "Result",
    "evaluate",
    "fields_of",
    "implies",
    "in_words",
    "slow_patterns",
    "validate",
]
