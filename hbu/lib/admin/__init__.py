"""What the pages of the staff's house have in common. Knows no model of ours."""

from hbu.lib.admin.base import (
    PageAdmin,
    ReadOnlyAdmin,
    ReadOnlyInline,
    SectionsMixin,
    StaffAdmin,
)
from hbu.lib.admin.scoping import seen, seen_of
from hbu.lib.admin.sections import Facts, Frame, Notice, Prose, Section, Table
from hbu.lib.admin.showing import (
    anchor,
    badge,
    column,
    labelled,
    link,
    links,
    moment,
    nowrap,
    roomy,
    words_of,
)
from hbu.lib.admin.transitions import Transition

__all__ = [
    "Facts",
    "Frame",
    "Notice",
    "PageAdmin",
    "Prose",
    "ReadOnlyAdmin",
    "ReadOnlyInline",
    "Section",
    "SectionsMixin",
    "StaffAdmin",
    "Table",
    "Transition",
    "anchor",
    "badge",
    "column",
    "labelled",
    "link",
    "links",
    "moment",
    "nowrap",
    "roomy",
    "seen",
    "seen_of",
    "words_of",
]
