"""How courteous a letter of ours is: fixed rules, German and English, each with its points.

The virtues add up to 100. A fault (blame, familiarity, another language, a placeholder nobody
filled) costs more than a letter can spare, so that it cannot leave the house unseen.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from emails.data import CourtesyScore, Finding
from emails.language import detect
from emails.vocabulary.courtesy import (
    BLAME,
    CAPITALS,
    CLOSING,
    INFORMAL,
    MARKS,
    NEXT_STEP,
    PLACEHOLDER,
    SALUTATION,
    THANKS,
    WHEN,
)
from hbu.lib.reasons import N_

LEAVES_UNSEEN = 60
LOOKED_AT = 50_000
SHORTEST, LONGEST = 80, 3500
OPENING_LINES = 3
FAULT = -45
QUOTED = re.compile(r"[„“”\"»][^„“”\"»«\n]{0,200}[“”\"«]")


@dataclass(frozen=True, slots=True)
class Letter:
    """The letter in its parts; the closing formula ends the body and begins the signature."""

    subject: str
    body: str
    signature: str
    closing: str
    language: str
    addressee: str
    commits: bool

    @property
    def opening(self) -> str:
        lines = [line for line in self.body.splitlines() if line.strip()]
        return "\n".join(lines[:OPENING_LINES])

    @property
    def surname(self) -> str:
        return self.addressee.split()[-1] if self.addressee.strip() else ""


def score(
    text: str,
    *,
    subject: str,
    language: str,
    addressee: str = "",
    commits: bool = False,
) -> CourtesyScore:
    """Return 0 to 100 points and how they came about.

    `addressee` is the name, where we know it. `commits` says that the letter promises something,
    which then needs a date or a term and not only a next step.
    """
    letter = _read(text[:LOOKED_AT], subject, language, addressee, commits=commits)
    findings = tuple(rule(letter) for rule in RULES)
    return CourtesyScore(max(0, min(100, sum(one.points for one in findings))), findings)


def _read(text: str, subject: str, language: str, addressee: str, *, commits: bool) -> Letter:
    """Return the letter in its parts; what it quotes of others is not judged."""
    spoken = language if language in SALUTATION else "en"
    unquoted = QUOTED.sub("", text)
    closings = list(CLOSING[spoken].finditer(unquoted))
    start, end = closings[-1].span() if closings else (len(unquoted), len(unquoted))
    return Letter(
        subject=subject,
        body=unquoted[:start],
        signature=unquoted[end:],
        closing=unquoted[start:end].strip(),
        language=spoken,
        addressee=addressee,
        commits=commits,
    )


def _salutation(letter: Letter) -> Finding:
    rule = N_("Salutation")
    found = _found(SALUTATION[letter.language], letter.opening)
    if not found:
        return Finding(rule, ok=False, points=0, hint=N_("Greet the reader in the first line."))
    if letter.surname and letter.surname.lower() not in letter.opening.lower():
        hint = N_("Greet the reader by name; it is known.")
        return Finding(rule, ok=False, points=12, excerpt=found, hint=hint)
    return Finding(rule, ok=True, points=20, excerpt=found)


def _thanks(letter: Letter) -> Finding:
    found = _found(THANKS[letter.language], letter.body)
    return _virtue(N_("Thanks"), 20, found, N_("Thank the reader for writing."))


def _next_step(letter: Letter) -> Finding:
    rule = N_("Next step")
    found = _found(NEXT_STEP[letter.language], letter.body)
    if not found:
        return Finding(rule, ok=False, points=0, hint=N_("Say what happens next."))
    if letter.commits and not WHEN[letter.language].search(letter.body):
        hint = N_("Say by when: a promise needs a date or a term.")
        return Finding(rule, ok=False, points=10, excerpt=found, hint=hint)
    return Finding(rule, ok=True, points=20, excerpt=found)


def _closing(letter: Letter) -> Finding:
    hint = N_("End with a greeting on a line of its own.")
    return _virtue(N_("Closing formula"), 15, letter.closing, hint)


def _signature(letter: Letter) -> Finding:
    lines = [line.strip() for line in letter.signature.splitlines() if line.strip()]
    hint = N_("Sign below the greeting: who writes, and for which house.")
    return _virtue(N_("Signature"), 15, lines[0] if len(lines) > 1 else "", hint)


def _length(letter: Letter) -> Finding:
    rule, size = N_("Length"), len(letter.body.strip())
    if SHORTEST <= size <= LONGEST:
        return Finding(rule, ok=True, points=10)
    short, long = N_("Say a little more; this is curt."), N_("Say it more briefly.")
    return Finding(rule, ok=False, points=0, hint=short if size < SHORTEST else long)


def _formal(letter: Letter) -> Finding:
    body = letter.body.replace(letter.addressee, "") if letter.addressee else letter.body
    found = _found(INFORMAL[letter.language], body)
    return _fault(N_("Formal address"), found, N_("Stay formal; say it without these words."))


def _no_blame(letter: Letter) -> Finding:
    found = _found(BLAME[letter.language], letter.body)
    return _fault(N_("No blame"), found, N_("Say what can be done now, not whose fault it was."))


def _right_language(letter: Letter) -> Finding:
    spoken = detect(letter.body, letter.language)
    found = "" if spoken == letter.language else _first_line_in(spoken, letter)
    return _fault(N_("Language of the reader"), found, N_("Write in the language of the reader."))


def _first_line_in(spoken: str, letter: Letter) -> str:
    """Return the first line in another language; the language where no line alone tells."""
    lines = (line.strip() for line in letter.body.splitlines())
    return next((line for line in lines if detect(line, letter.language) == spoken), spoken)


def _no_placeholder(letter: Letter) -> Finding:
    found = _found(PLACEHOLDER, "\n".join((letter.subject, letter.body, letter.signature)))
    hint = N_("Fill in the placeholder, or take it out.")
    return _fault(N_("No unfilled placeholder"), found, hint, costs=-60)


def _no_shouting(letter: Letter) -> Finding:
    """Rows of a table begin with a number or indented, and may name goods in capitals."""
    lines = (line for line in letter.body.splitlines() if not re.match(r"\s|\d", line))
    capitals = CAPITALS.findall("\n".join(lines))
    loud = MARKS.findall(f"{letter.subject}\n{letter.body}")
    loud += capitals if len(capitals) > 1 else []
    loud += [letter.subject[:40]] if letter.subject.isupper() and " " in letter.subject else []
    hint = N_("Say it quietly: no capitals throughout, one mark is enough.")
    return _fault(N_("No shouting"), loud[0] if loud else "", hint, costs=-25)


def _found(words: re.Pattern[str], text: str) -> str:
    match = words.search(text)
    return match.group() if match else ""


def _virtue(rule: str, worth: int, found: str, hint: str) -> Finding:
    if not found:
        return Finding(rule, ok=False, points=0, hint=hint)
    return Finding(rule, ok=True, points=worth, excerpt=found)


def _fault(rule: str, found: str, hint: str, *, costs: int = FAULT) -> Finding:
    if not found:
        return Finding(rule, ok=True, points=0)
    return Finding(rule, ok=False, points=costs, excerpt=found, hint=hint)


RULES: tuple[Callable[[Letter], Finding], ...] = (
    _salutation,
    _thanks,
    _next_step,
    _closing,
    _signature,
    _length,
    _formal,
    _no_blame,
    _right_language,
    _no_placeholder,
    _no_shouting,
)
