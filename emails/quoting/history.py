"""Which lines of a text are quoted from earlier mail, and which its writer added."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from emails.quoting.attributions import attributions
from emails.quoting.labels import headings, is_forward, is_of_groupwise

_LINES_READ = 8000
"""Nobody writes more by hand: behind these lines no history is looked for."""
_LOOK_AHEAD = 3
_LONG_LINE = 60
"""A quoted line of this length may have been broken by a mail system on its way."""
_REST_LENGTH = 35
_NUMBER_LIST = re.compile(r">{1,2}=?\s?\d")


@dataclass(frozen=True, slots=True)
class Division:
    own: tuple[str, ...]
    passed_on: tuple[str, ...]
    """What follows the first divider or block of headers: a forwarded mail, if nothing is own."""
    is_forward: bool = False
    """Whether the divider says so."""


def divide(lines: Sequence[str]) -> Division:
    """Return a text's own lines; a line is looked at with a bounded number of its neighbours."""
    quoted = _quoted(lines)
    said = attributions(lines[:_LINES_READ], quoted)
    headed = headings(lines[:_LINES_READ], quoted)
    first = min((*said, *headed), default=0)
    quoted = [*_without_pasted(lines[:first], quoted[:first]), *quoted[first:]]
    if said or headed or not _is_list_of_numbers(lines, quoted):
        own = tuple(_own(lines, quoted, {**said, **headed}, headed))
    else:
        own = tuple(lines)
    first = min(headed, default=len(lines))
    return Division(own, tuple(lines[first:]), first < len(lines) and is_forward(lines[first]))


def _without_pasted(lines: Sequence[str], quoted: Sequence[bool]) -> Iterator[bool]:
    """Yield what is quoted above the history, but for what the writer pasted: "The norm says:"."""
    is_introduced = False
    for line, is_quoted in zip(lines, quoted, strict=True):
        if not is_quoted and line.strip():
            is_introduced = line.rstrip().endswith(":")
        yield is_quoted and not is_introduced


def _own(
    lines: Sequence[str],
    quoted: Sequence[bool],
    heads: Mapping[int, int],
    blocks: Mapping[int, int],
) -> Iterator[str]:
    at = 0
    while at < len(lines):
        if at in heads:
            is_block = blocks.get(at, 0) > 1
            at += heads[at]
            if is_block or not any(quoted[at : at + _LOOK_AHEAD]):
                return
            continue
        if not quoted[at]:
            yield lines[at]
        at += 1


def _quoted(lines: Sequence[str]) -> list[bool]:
    marked = [line.lstrip()[:1] == ">" and not is_of_groupwise(line) for line in lines]
    for at in range(1, len(lines) - 1):
        if marked[at - 1] and not marked[at] and marked[at + 1]:
            marked[at] = _is_rest_of(lines[at - 1], lines[at])
    return marked


def _is_rest_of(quoted: str, line: str) -> bool:
    """Return whether a line is the end of the quoted line above, which a mail system broke."""
    open_end = len(quoted) >= _LONG_LINE and quoted.rstrip()[-1:] not in ".!?:;"
    return open_end and 0 < len(line.strip()) <= _REST_LENGTH and line[:1].islower()


def _is_list_of_numbers(lines: Sequence[str], quoted: Sequence[bool]) -> bool:
    """Return whether ">" says "more than": "> 500 pieces: 3 %" in a letter that quotes nothing."""
    marked = [line.strip() for line, is_marked in zip(lines, quoted, strict=True) if is_marked]
    return 0 < len(marked) <= 10 and all(_NUMBER_LIST.match(line) for line in marked)
