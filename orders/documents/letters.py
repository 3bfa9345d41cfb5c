"""What of a letter is the sender's own word, and whether it is plain enough to act on."""

import re
from collections.abc import Iterator
from textwrap import wrap

_QUOTED = re.compile(r"^\s*>")
# Everything from here on is somebody else's mail, or an older one.
_HISTORY = re.compile(
    r"^\s*(?:-{2,}\s*(?:original|ursprüngliche|weitergeleitete|forwarded)|_{10,}\s*$|"
    r"(?:von|from|gesendet|sent):\s|(?:am|on)\b.{5,150}\b(?:schrieb|wrote)\b)",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^\s*(?:-- ?$|(?:mit )?(?:\w+ )?(?:freundliche|beste|herzliche|viele)[nr]? grü(?:ß|ss)e?n?\b|"
    r"(?:kind|best|warm) regards|yours (?:sincerely|faithfully)|sincerely\b|mfg\b)",
    re.IGNORECASE,
)
_POSTSCRIPT = re.compile(r"^\s*p\.?\s?s\b", re.IGNORECASE)

_REFUSAL = re.compile(
    r"\b(?:nicht|kein\w*|ohne|storn\w*|annullier\w*|widerruf\w*|zurückziehen|cancel\w*|not|"
    r"don['’]?t|no longer|withdraw\w*|without|statt|anstelle|anstatt|instead)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\?|\b(?:üblich\w*|wie (?:letzte\w*|beim letzten|immer|gehabt|zuletzt|besprochen|vorher)|"
    r"letzte[nrs]? (?:mal|bestellung|lieferung|auftrag)|(?:last|previous) (?:time|order)|"
    r"usual|as (?:before|discussed|last)|same as|falls|sofern|wenn|if|unless|vielleicht|"
    r"eventuell|evtl|maybe|perhaps|circa|ca|etwa|ungefähr|about|approx\w*|mindestens|at least|"
    r"anbieten|angebot\w*|preisanfrage|anfrage|quot\w+|änder\w+|change\w*|geliefert|erhalten|"
    r"received|delivered|bezahlt|überwiesen|paid|rechnung|invoice|reklam\w+|defekt\w*|beschädigt\w*|nochmals?|noch einmal|hälfte|half|"
    r"doppelt\w*|double|oder|or)\b",
    re.IGNORECASE,
)
# "Dear Sir or Madam" leaves nothing open.
_GREETING = re.compile(
    r"^\s*(?:dear|to whom|good (?:morning|day|afternoon)|hello|hi|sehr geehrte|guten|hallo|liebe)"
    r"[^\d?]{0,80}[,!]?\s*$",
    re.IGNORECASE,
)
_BULLET = re.compile(r"\s*(?:[-•*–|]|\d{1,3}[.)]\s)")
# One thing said over several lines: "Artikel: ...", "Menge: ...", "Preis: ...".
_LABELLED = re.compile(
    r"\s*[-•*]?\s*(?P<label>art(?:ikel|icle)?(?:[ .-]{0,2}(?:nr|no|nummer|number))?|sku|item(?: no| number)?|"
    r"(?:bestell)?menge|anzahl|stückzahl|qty|quantity|(?:stück|einzel|unit )?(?:preis|price)|"
    r"bezeichnung|beschreibung|description|farbe|colou?r|größe|size)\b\.?\s?[:=]",
    re.IGNORECASE,
)
_WRAPPED_AT = 60
_MAX_WIDTH = 1_000


def own_words(text: str) -> tuple[str, str]:
    """The letter without quoted history, and what stands below its closing.

    A postscript belongs to the letter, a signature does not.
    """
    letter: list[str] = []
    below: list[str] = []
    closed = False
    for line in text.split("\n"):
        if _HISTORY.match(line):
            break
        closed = (closed or bool(_CLOSING.match(line))) and not _POSTSCRIPT.match(line)
        if not _QUOTED.match(line):
            (below if closed else letter).append(line)
    return "\n".join(letter), "\n".join(below)


def sentences(text: str) -> Iterator[str]:
    """Lines as they were meant: mail programs wrap them at some seventy characters."""
    whole: list[str] = []
    labels: set[str] = set()
    last = ""
    for line in text.split("\n"):
        label = _label(line)
        continues = len(last) >= _WRAPPED_AT and line.strip() and not _BULLET.match(line)
        if not (continues or (labels and label and label not in labels)):
            yield from _bounded(whole)
            whole, labels = [], set()
        labels |= {label} if label else set()
        whole.append(f"{line.strip()}," if label else line.strip())
        last = line
    yield from _bounded(whole)


def _label(line: str) -> str:
    found = _LABELLED.match(line)
    return found["label"].lower() if found else ""


def _bounded(lines: list[str]) -> list[str]:
    """One sentence, or several where somebody wrote without end."""
    return wrap(" ".join(lines), _MAX_WIDTH)


def greets(sentence: str) -> bool:
    """Whether it is the salutation and nothing else."""
    return bool(_GREETING.match(sentence))


def refuses(sentence: str) -> bool:
    """Whether it takes something back: nothing in it may become an order line."""
    return bool(_REFUSAL.search(sentence))


def hedges(sentence: str) -> bool:
    """Whether it asks, changes, or leans on something outside the letter."""
    return bool(_CONDITION.search(sentence))
