"""Whether our own mail server vouches for the sender (promise D4). No Django here.

A server that checks senders writes what it found into Authentication-Results (RFC 8601), and puts it
on top of the mail. Below stands what came with the mail: anybody can write there that everything is
fine. So one line counts, or none: the topmost one under our server's name, if our server wrote it.
DMARC alone speaks of the address that people read in From (RFC 7489); SPF and DKIM by themselves may
pass for anybody's domain.

The lines are read by hand: the parsers at hand have not been kept up and give up on lines that
servers in use do write.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from emails.data import Trust
from emails.headers import HEADER_BYTES
from hbu.lib.addresses import domain_key

RESULTS, RECEIVED = "authentication-results", "received"
LINES_READ = 400
# A quoted text that never ends holds all that follows, also where the line was cut for its length.
_WORD = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\Z|\\\Z)|[^\s;="()]++|[;=()]|\\.', re.DOTALL)
# Quotes mean nothing in there.
_IN_COMMENT = re.compile(r"[()]|\\.", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BY = re.compile(r"\bby\s+([\w.-]{1,255})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Checker:
    """The server in front of a mailbox that checks senders."""

    authserv_id: str
    """How it names itself (RFC 8601, 2.2); empty: nobody checks."""
    removes_forged: bool = False
    """Whether it takes out lines under its name that came with a mail (RFC 8601, 5). Only then may
    its own line stand below its own Received lines, where most servers put it."""


def judge(head: Message, sender: str, checker: Checker | None) -> Trust:
    """Return how far the sender's address can be trusted; `sender` is empty where it is ambiguous."""
    if checker is None or not checker.authserv_id or "@" not in sender:
        return Trust.UNKNOWN
    line = _our_line(head, checker)
    verdicts = set(_dmarc(line)) if line else set()
    if any(result == "fail" for result, _ in verdicts):
        return Trust.FAILED
    domain = domain_key(sender.rpartition("@")[2])
    if verdicts and verdicts <= {("pass", domain)}:
        return Trust.AUTHENTICATED
    return Trust.UNKNOWN


Line = list[list[str]]
"""The statements of a line, each in words."""


def _our_line(head: Message, checker: Checker) -> Line | None:
    """Return the topmost line under our server's name, unless something of others stands above."""
    wanted = checker.authserv_id.casefold()
    for name, value in _fields(head):
        if name == RECEIVED and not (checker.removes_forged and _is_ours(value, wanted)):
            return None
        if name == RESULTS:
            first, *statements = _statements(value)
            if first and first[0].casefold() == wanted:
                return statements
    return None


def _fields(head: Message) -> Iterator[tuple[str, str]]:
    for count, (name, value) in enumerate(head.raw_items()):
        if count >= LINES_READ:
            return
        yield name.strip().lower(), str(value)[:HEADER_BYTES]


def _is_ours(received: str, authserv_id: str) -> bool:
    """Whether a Received line was written by our server, or by one beside it in the same domain."""
    by = _BY.search(_without_comments(received))
    if by is None:
        return False
    host, house = by[1].casefold().rstrip("."), authserv_id.partition(".")[2]
    beside = "." in house and host.endswith(f".{house}")
    return host == authserv_id or beside or host.endswith(f".{authserv_id}")


def _without_comments(value: str) -> str:
    return " ".join(word for word in _words(value) if word not in ";=")


def _statements(value: str) -> Line:
    """Return what stands between the semicolons, without comments; the first names the server."""
    statements: Line = [[]]
    for word in _words(value):
        if word == ";":
            statements.append([])
        else:
            statements[-1].append(word)
    return statements


def _words(value: str) -> Iterator[str]:
    """Yield words, signs and quoted texts; comments (RFC 5322, 3.2.2) are left out with all in them."""
    depth = at = 0
    while match := (_IN_COMMENT if depth else _WORD).search(value, at):
        word, at = match[0], match.end()
        if word == "(":
            depth += 1
        elif word == ")":
            depth = max(0, depth - 1)
        elif depth == 0:
            yield _unquoted(word)


def _unquoted(word: str) -> str:
    """A sign in quotes is a word, and stays one."""
    said = _ESCAPED.sub(r"\1", word[1:-1]) if word[0] == '"' else ""
    return word if said in ("", ";", "=") else said


def _dmarc(line: Line) -> Iterator[tuple[str, str]]:
    """Yield each DMARC result with the domain it speaks of."""
    for statement in line:
        if len(statement) < 3 or statement[1] != "=":
            continue
        # A method may carry its version: dmarc/1=pass.
        if statement[0].partition("/")[0].casefold() == "dmarc":
            yield statement[2].casefold(), _property(statement[3:], "header.from")


def _property(words: list[str], name: str) -> str:
    for key, sign, value in zip(words, words[1:], words[2:], strict=False):
        if sign == "=" and key.casefold() == name:
            return domain_key(value.rpartition("@")[2])
    return ""
