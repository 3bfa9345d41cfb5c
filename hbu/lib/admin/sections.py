"""What a page is made of: facts, tables, texts and frames, one after another."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from hbu.lib.admin.showing import Words

FRAME_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

FRAME_STYLE = "margin: 12px; font: 14px/1.5 sans-serif; overflow-wrap: anywhere"


@dataclass(frozen=True, kw_only=True)
class Section:
    title: Words = ""
    beside: bool = False
    """In the narrow column, where there is room for one."""
    template: ClassVar[str]


@dataclass(frozen=True, kw_only=True)
class Facts(Section):
    items: Sequence[tuple[Words, Any]]
    template = "admin/sections/facts.html"


@dataclass(frozen=True, kw_only=True)
class Table(Section):
    headers: Sequence[Words]
    rows: Sequence[Sequence[Any]]
    empty: Words = ""
    lead: Words = ""
    """What the table comes to, in a sentence above it."""
    folded: Words = ""
    """The words that unfold the rows; empty where they are shown at once."""
    template = "admin/sections/table.html"

    @property
    def lines(self) -> list[list[tuple[Words, Any]]]:
        """Each cell with its header, which stands beside it on a narrow screen."""
        return [list(zip(self.headers, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, kw_only=True)
class Prose(Section):
    text: str
    template = "admin/sections/prose.html"


@dataclass(frozen=True, kw_only=True)
class Frame(Section):
    """HTML of strangers: no scripts, no forms, nothing is loaded (promises B6 and B7)."""

    html: str
    template = "admin/sections/frame.html"

    @property
    def document(self) -> str:
        policy = f'<meta http-equiv="Content-Security-Policy" content="{FRAME_POLICY}">'
        return f"<!doctype html><meta charset=utf-8>{policy}<body style='{FRAME_STYLE}'>{self.html}"


@dataclass(frozen=True, kw_only=True)
class Notice(Section):
    """A line that must not be overlooked: info, warning or danger."""

    text: Words
    colour: str = "warning"
    template = "admin/sections/notice.html"
