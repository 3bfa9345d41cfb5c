"""What a page is made of: facts, tables, texts and frames, one after another."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from hbu.lib.admin.showing import Words

FRAME_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


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
    empty: Words = _("Nothing here.")
    template = "admin/sections/table.html"


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
        return f'<!doctype html><html><head><meta charset="utf-8">{policy}</head><body>{self.html}'


@dataclass(frozen=True, kw_only=True)
class Notice(Section):
    """A line that must not be overlooked: info, warning or danger."""

    text: Words
    colour: str = "warning"
    template = "admin/sections/notice.html"
