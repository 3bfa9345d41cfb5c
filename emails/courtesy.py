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
    closed: bool
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
        closed=bool(closings),
        language=spoken,
        addressee=addressee,
        commits=commits,
    )


def _salutation(letter: Letter) -> Finding:
    rule = N_("Salutation")
    if not SALUTATION[letter.language].search(letter.opening):
        return Finding(rule, ok=False, points=0, detail=N_("The letter greets nobody."))
    if letter.surname and letter.surname.lower() not in letter.opening.lower():
        return Finding(rule, ok=False, points=12, detail=N_("The name is known but not used."))
    return Finding(rule, ok=True, points=20)


def _thanks(letter: Letter) -> Finding:
    found = bool(THANKS[letter.language].search(letter.body))
    return _virtue(N_("Thanks"), 20, N_("Nobody is thanked."), ok=found)


def _next_step(letter: Letter) -> Finding:
    rule = N_("Next step")
    if not NEXT_STEP[letter.language].search(letter.body):
        return Finding(rule, ok=False, points=0, detail=N_("It does not say what happens next."))
    if letter.commits and not WHEN[letter.language].search(letter.body):
        return Finding(rule, ok=False, points=10, detail=N_("It promises without saying when."))
    return Finding(rule, ok=True, points=20)


def _closing(letter: Letter) -> Finding:
    return _virtue(N_("Closing formula"), 15, N_("It ends without a greeting."), ok=letter.closed)


def _signature(letter: Letter) -> Finding:
    lines = [line for line in letter.signature.splitlines() if line.strip()]
    return _virtue(N_("Signature"), 15, N_("Nobody signs."), ok=len(lines) > 1)


def _length(letter: Letter) -> Finding:
    size = len(letter.body.strip())
    return _virtue(N_("Length"), 10, f"{size}", ok=SHORTEST <= size <= LONGEST)


def _formal(letter: Letter) -> Finding:
    body = letter.body.replace(letter.addressee, "") if letter.addressee else letter.body
    found = INFORMAL[letter.language].search(body)
    return _fault(N_("Formal address"), found.group() if found else "")


def _no_blame(letter: Letter) -> Finding:
    found = BLAME[letter.language].search(letter.body)
    return _fault(N_("No blame"), found.group() if found else "")


def _right_language(letter: Letter) -> Finding:
    found = detect(letter.body, letter.language)
    return _fault(N_("Language of the reader"), "" if found == letter.language else found)


def _no_placeholder(letter: Letter) -> Finding:
    found = PLACEHOLDER.search("\n".join((letter.subject, letter.body, letter.signature)))
    return _fault(N_("No unfilled placeholder"), found.group() if found else "", costs=-60)


def _no_shouting(letter: Letter) -> Finding:
    """Rows of a table begin with a number or indented, and may name goods in capitals."""
    lines = (line for line in letter.body.splitlines() if not re.match(r"\s|\d", line))
    capitals = CAPITALS.findall("\n".join(lines))
    loud = MARKS.findall(f"{letter.subject}\n{letter.body}")
    loud += capitals if len(capitals) > 1 else []
    loud += [letter.subject[:40]] if letter.subject.isupper() and " " in letter.subject else []
    return _fault(N_("No shouting"), " ".join(loud[:5]), costs=-25)


def _virtue(rule: str, worth: int, missing: str, *, ok: bool) -> Finding:
    return Finding(rule, ok=ok, points=worth if ok else 0, detail="" if ok else missing)


def _fault(rule: str, found: str, *, costs: int = FAULT) -> Finding:
    return Finding(rule, ok=not found, points=costs if found else 0, detail=found)


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
