"""What agents keep in mind about those who write to us, and what they make of it. No Django here.

A correction: a person takes an agent's answer back, or says that the mail is about something else. A
confirmation: a person lets an answer leave as the agent wrote it.
"""

from collections.abc import Mapping
from typing import Any

from agents.data import (
    CHECK_THE_ORDER,
    CHECK_THE_QUOTATION,
    Action,
    Ask,
    Brief,
    Close,
    DraftOrder,
    DraftQuotation,
    Outcome,
    Remembered,
    Reply,
)
from hbu.lib.reasons import N_

ENOUGH = 2
"""So many corrections in a row, for one sender and kind of mail, and a person looks first."""
LOOK_FIRST = N_("Look at the agent's answer and let it go")
WARY = N_("People changed its last answers to this sender about this")

Facts = Mapping[str, Any]


def after_deciding(facts: Facts, *, kind: str, language: str, answered: bool) -> dict[str, Any]:
    return {
        **facts,
        "kind": kind,
        "language": language,
        "decided": facts.get("decided", 0) + 1,
        "answered": facts.get("answered", 0) + answered,
    }


def after_correction(facts: Facts, kind: str) -> dict[str, Any]:
    rows = facts.get("in_a_row", {})
    return {
        **facts,
        "corrected": facts.get("corrected", 0) + 1,
        "in_a_row": {**rows, kind: rows.get(kind, 0) + 1},
    }


def after_confirmation(facts: Facts, kind: str) -> dict[str, Any]:
    rows = {one: times for one, times in facts.get("in_a_row", {}).items() if one != kind}
    return {**facts, "in_a_row": rows}


def remembered(facts: Facts, *, case: str, kind: str) -> Remembered:
    """Return what counts for a mail of the kind."""
    return Remembered(
        language=facts.get("language", ""),
        kind=facts.get("kind", ""),
        case=case,
        decided=facts.get("decided", 0),
        answered=facts.get("answered", 0),
        corrected=facts.get("corrected", 0),
        in_a_row=facts.get("in_a_row", {}).get(kind, 0),
    )


def heed(brief: Brief, outcome: Outcome) -> Outcome:
    """Let a person look before anything is done by itself, where people corrected it lately."""
    known = brief.remembered
    if known is None or known.in_a_row < ENOUGH:
        return outcome
    reason = f"{WARY}: {known.in_a_row}"
    actions = [_looked_at(one) for one in outcome.actions if not isinstance(one, Close)]
    if not any(isinstance(one, Ask) for one in actions):
        actions.append(Ask(title=_to_do(outcome), reason=reason))
    return Outcome.model_validate(
        {"actions": tuple(actions), "reasons": (*outcome.reasons, reason)}
    )


def _looked_at(action: Action) -> Action:
    match action:
        case Reply():
            return action.model_copy(update={"look_first": True})
        case DraftOrder():
            return action.model_copy(update={"confirm": False})
        case DraftQuotation():
            return action.model_copy(update={"send": False})
    return action


def _to_do(outcome: Outcome) -> str:
    kinds = {type(one) for one in outcome.actions}
    if DraftOrder in kinds:
        return CHECK_THE_ORDER
    return CHECK_THE_QUOTATION if DraftQuotation in kinds else LOOK_FIRST
