"""Letters that staff write in a case: prepared, filled from templates, checked, sent, taken back."""

from cases.services.answering.checking import check, placeholder, warnings
from cases.services.answering.composed import SPOKEN, Composed, Mode, language_of
from cases.services.answering.drafts import composed_of, draft_of, drop, keep
from cases.services.answering.files import Attachable, attachable, of_ticket, store, ticket
from cases.services.answering.filling import Filled, fill, offered
from cases.services.answering.preparing import prepare, quoted
from cases.services.answering.sending import Discourteous, send, take_back

__all__ = [
    "SPOKEN",
    "Attachable",
    "Composed",
    "Discourteous",
    "Filled",
    "Mode",
    "attachable",
    "check",
    "composed_of",
    "draft_of",
    "drop",
    "fill",
    "keep",
    "language_of",
    "of_ticket",
    "offered",
    "placeholder",
    "prepare",
    "quoted",
    "send",
    "store",
    "take_back",
    "ticket",
    "warnings",
]
