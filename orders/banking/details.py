"""Field :86: as German banks fill it: a business code and numbered sub-fields.

`166?00GUTSCHRIFT?109310?20EREF+RE-2026-000123?21SVWZ+RECHNUNG ...?30BIC?31IBAN?32NAME?33NAME`
(DFÜ-Abkommen der Deutschen Kreditwirtschaft, Anlage 3, Kapitel 8.2). What is not built so is kept
as one text.
"""

import re
from dataclasses import dataclass

_STRUCTURED = re.compile(r"\d{3}\?\d{2}")
_SUBFIELD = re.compile(r"\?(\d{2})([^?]*)")
_PURPOSE = (*range(20, 30), *range(60, 64))
# A line of the purpose holds 27 characters; one that is full goes on in the next without a blank.
_FULL_LINE = 27
_KEYWORDS = (
    "EREF", "KREF", "MREF", "CRED", "DEBT", "COAM", "OAMT", "SVWZ", "ABWA", "ABWE", "IBAN", "BIC",
    "PURP",
)  # fmt: skip
_KEYWORD = re.compile(rf"(?:(?<=^)|(?<=\s)|(?<=[^A-Za-z0-9]))({'|'.join(_KEYWORDS)})\s?\+")
_NOT_SAID = {"NOTPROVIDED", "NONREF"}
_RETURNED = re.compile(
    r"\b(?:RETOURE|RUECKLASTSCHRIFT|RÜCKLASTSCHRIFT|RUECKUEBERWEISUNG)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Details:
    purpose: str
    party: str = ""
    iban: str = ""
    end_to_end: str = ""
    returned: bool = False
    """The bank's own words say that something came back."""


def read(words: str) -> Details:
    lines = words.replace("\r", "").split("\n")
    joined = "".join(lines)
    if not _STRUCTURED.match(joined):
        return Details(purpose=" ".join(words.split()))
    found: dict[int, str] = {}
    for number, value in _SUBFIELD.findall(joined):
        found[int(number)] = found.get(int(number), "") + value
    purpose, keywords = _split(_running([found.get(number, "") for number in _PURPOSE]))
    name = "".join(found.get(number, "") for number in (32, 33)).strip()
    behind = keywords.get("ABWA", "")
    reference = keywords.get("EREF", "")
    return Details(
        purpose=purpose,
        party=" / ".join(dict.fromkeys(filter(None, (name, behind)))),
        iban=(found.get(31, "") or keywords.get("IBAN", "")).replace(" ", ""),
        end_to_end="" if reference.upper() in _NOT_SAID else reference,
        returned=bool(_RETURNED.search(found.get(0, ""))),
    )


def _running(lines: list[str]) -> str:
    """Lines as one text: a full one runs on in the next, a shorter one ends with its word."""
    text, before = "", ""
    for line in filter(None, lines):
        runs_on = len(before) >= _FULL_LINE and not _KEYWORD.match(line)
        text += line if runs_on or not text else f" {line}"
        before = line
    return " ".join(text.split())


def _split(purpose: str) -> tuple[str, dict[str, str]]:
    """The writer's own words, and what SEPA keywords name."""
    marks = list(_KEYWORD.finditer(purpose))
    if not marks:
        return purpose, {}
    ends = [mark.start() for mark in marks[1:]] + [len(purpose)]
    values = {
        mark[1]: purpose[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)
    }
    own = " ".join(filter(None, (purpose[: marks[0].start()].strip(), values.get("SVWZ", ""))))
    return own, values
