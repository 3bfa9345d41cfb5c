"""The writer's own words: a mail without the history it quotes, its signature told apart.

In the shapes of Outlook, Exchange, Notes, Gmail, Apple Mail, Thunderbird, GMX, WEB.DE, Yahoo and
their like, in the languages of our customers and some more. A line is looked at with a bounded
number of its neighbours, so the time stays linear.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from emails.html import text_after
from emails.quoting.banners import without_banners
from emails.quoting.closings import is_greeting
from emails.quoting.flowed import unwrap
from emails.quoting.history import divide
from emails.quoting.markup import mark_quotes, may_mark_quotes
from emails.quoting.signatures import says_something, split

__all__ = ["Own", "opens_a_letter", "own_words", "unwrap"]

_MORE = 1.25
"""A text part that is longer than the unquoted HTML by this factor lost its marks of quoting."""
_BLANK_LINES = re.compile(r"\n(?:[ \t\xa0]*\n){2,}")
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Own:
    """What the writer of a mail added to it."""

    words: str
    signature: str = ""


def own_words(text: str, html: str = "", *, is_answer: bool = False) -> Own:
    """Return what a mail's writer added; the mail that is passed on where nothing was added.

    Programs mark in HTML what they quote; that decides where the text does not show it. Answers
    (by their subject) may add no more than "Hello".
    """
    own = _of(text, is_answer=is_answer)
    marked = (
        _of(text_after(html, mark_quotes), is_answer=is_answer) if may_mark_quotes(html) else None
    )
    if marked and marked.words:
        longer = _length(own.words) > _MORE * _length(marked.words)
        return marked if longer or not own.words else own
    return own if own.words else Own(text)


def opens_a_letter(text: str) -> bool:
    """Return whether a text begins with a greeting on a line of its own."""
    first = next((line for line in text[:500].split("\n") if line.strip()), "")
    return is_greeting(first)


def _of(text: str, *, is_answer: bool) -> Own:
    text = _BLANK_LINES.sub("\n\n", _DIRECTION.sub("", text))
    division = divide(text.split("\n"))
    kept, dropped = split(without_banners(division.own))
    answers = is_answer and any(kept) and not division.is_forward
    if says_something(kept) or answers or not any(line.strip() for line in division.passed_on):
        return Own(_joined(kept), _joined(dropped))
    return Own(_joined(division.passed_on), _joined([*kept, *dropped]))


def _joined(lines: Sequence[str]) -> str:
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")


def _length(text: str) -> int:
    return sum(map(len, text.split()))
