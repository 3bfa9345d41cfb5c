"""Lines such as "On Monday, Ben <ben@example.org> wrote:" over what a program quotes.

Programs put a date, a name or an address and a word for "wrote" into one to four lines that end
with a colon. The end is looked for: there are few of them, and those looked at are bounded.
"""

import re
from collections.abc import Mapping, Sequence

_LINE_LENGTH = 300
_LINES = 4
_CANDIDATES = 300
"""Lines with a colon at their end that are looked at; a letter before its history has few."""

_COLONS = (":", "：")
_MARKS_OF_DIRECTION = (
    "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)
_AROUND = f" \t\xa0*_\u3000{_MARKS_OF_DIRECTION}"

_WORD = re.compile(r"[^\W\d_]+")
_WROTE = frozenset(
    _WORD.findall("""wrote writes schrieb schrieben schriebst schreibt geschrieben écrit ecrit escribió escribio escribe schreef
    geschreven scritto scrive escreveu napisał napisała napisal napisala napsal napsala napísal napísala pisze píše
    napisana napisao skrev skreiv skrifaði kirjoitti kirjutas írta irta scris yazdı yazmış yazdi пишет написал написала
    писал писала писали пише написав написала написа написао έγραψε έγραψεν rašė parašė rakstīja escriure idatzi viết menulis
    scríobh quoting zitat citando citazione missatge 写道 写到 寫道 撰寫 书写 のメッセージ のメール 書きました 작성 쓴
    썼습니다 כתב כתבה كتب نوشت""")
)
# Japanese puts no blank in front.
_WROTE_ENDS = ("書きました", "のメッセージ")
_OURSELVES = re.compile(
    r"\b(?:ich|wir|mir|uns|ik|wij|j'ai|j’ai|we)\b|\bnous avons\b", re.IGNORECASE
)
_OURSELVES_ENGLISH = re.compile(r"\bI\b(?!\.)")
_ADDRESS = re.compile(r"[<(\[]?(?:mailto:)?[^\s<>()\[\]@]{1,64}@[^\s<>()\[\]@]{1,100}[>)\]]?")
_ENDS_WITH_ADDRESS = re.compile(r"@[^\s<>()\[\]@]{1,100}[>)\]]\s?$")
# Where the line end behind it was lost: "wrote:   How many?"
_FLAT = re.compile(r"@[^\s<>@]{1,100}>?[^:\n]{0,80}[^:\d]:(?=\s|>|$)")
_DATE = re.compile(
    r"\d{1,2}\s?[:.h時时]\s?[0-5]\d(?!\d)|\b(?:19|20)\d\d\b|(?:19|20)\d\d[年년./-]|\d{1,2}[./-]\d{1,2}[./-]\d\d"
)
_LEAD = re.compile(
    r"(?:am|on|at|le|el|il|op|em|en|w dniu|dnia|dne|dňa|den|på|pe|în|in data|la|στις|la data|tarih|vào|pada"
    r"|dana|dne|на|no dia|a |em data|quoting|zitat von|citando|в|у|в письме|在|于|於|בתאריך|في)(?=[\s\d.,]|$)",
    re.IGNORECASE,
)
_BEGINS_WITH_DATE = re.compile(r"\W{0,3}(?:[^\W\d]{1,14}[.,،、]{0,2}\s{1,2}){0,2}\(?\d")
_SENTENCE_ENDS = re.compile(r"[!?;]$|[^\W\d]{3}\.$")
_LOWER_WORD = re.compile(r"(?<![^\W\d_])[a-zà-öø-ÿα-ωа-яё]{2,}(?![^\W\d_])")
_PARTICLES = {
    "am", "at", "bin", "clock", "da", "das", "de", "del", "della", "den", "der", "di", "do", "dos", "du",
    "el", "folgendes", "ibn", "kl", "klo", "la", "le", "lo", "om", "on", "pm", "siguiente", "uhr", "um",
    "van", "vom", "von", "zu", "zum", "følgende", "följande", "seguinte", "seguente",
}  # fmt: skip
_WORDS_AROUND = (9, 3)
"""Words in small letters before and after "wrote": a date has some, a name few, a sentence more."""


def last_wrote(text: str) -> "re.Match[str] | None":
    """Return the last word of a line that says "wrote", in any language."""
    found = [
        word
        for word in _WORD.finditer(text)
        if word[0].lower() in _WROTE or word[0].endswith(_WROTE_ENDS)
    ]
    return found[-1] if found else None


def attributions(lines: Sequence[str], quoted: Sequence[bool]) -> Mapping[int, int]:
    """Return where attributions begin and on how many lines they stand."""
    found: dict[int, int] = {}
    looked_at = 0
    for end, line in enumerate(lines):
        if quoted[end] or not line or line.isspace():
            continue
        over_quotes = any(quoted[end + 1 : end + 3])
        if not (over_quotes or _ends(line) or _LEAD.match(line[:20].lstrip())):
            continue
        looked_at += 1
        if looked_at > _CANDIDATES:
            break
        start = _start(lines, quoted, end) if over_quotes or _ends(line) else _flat(line, end)
        if start is not None:
            found[start] = end - start + 1
    return found


def _ends(line: str) -> bool:
    return line.rstrip(_AROUND).endswith(_COLONS)


def _flat(line: str, at: int) -> int | None:
    head = line[:_LINE_LENGTH].strip()
    colon = _FLAT.search(head)
    said = head[: colon.end()] if colon else ""
    return at if last_wrote(said) and _DATE.search(said) and _is_attribution(said) else None


def _start(lines: Sequence[str], quoted: Sequence[bool], end: int) -> int | None:
    starts = [end]
    while len(starts) < _LINES and (at := starts[-1] - 1) >= 0:
        if quoted[at] or not lines[at].strip() or _SENTENCE_ENDS.search(lines[at].rstrip()[-8:]):
            break
        starts.append(at)
    whole = {at: _joined(lines, at, end) for at in starts}
    valid = [at for at in starts if _is_attribution(whole[at])]
    for at in reversed(valid):
        if _LEAD.match(whole[at]):
            return at
    for at in valid:
        if _BEGINS_WITH_DATE.match(whole[at]) or at > end - 2:
            return at
    return _start_over_quotes(whole, quoted, end)


def _start_over_quotes(whole: Mapping[int, str], quoted: Sequence[bool], end: int) -> int | None:
    """Return the start of one that names no date: what it stands over must be marked as quoted."""
    if not any(quoted[end + 1 : end + 4]):
        return None
    # In a language that we do not know, or as mutt writes it.
    full = (at for at, text in whole.items() if _names_who_and_when(text))
    if (start := next(full, None)) is not None:
        return start
    said = [at for at, text in whole.items() if last_wrote(text)]
    leads = [at for at in said if _LEAD.match(whole[at]) and whole[at].endswith(_COLONS)]
    return leads[-1] if leads else end if end in said and whole[end].endswith(_COLONS) else None


def _names_who_and_when(text: str) -> bool:
    return text.endswith(_COLONS) and bool(_ADDRESS.search(text) and _DATE.search(text))


def _joined(lines: Sequence[str], start: int, end: int) -> str:
    pieces = (line[:_LINE_LENGTH].strip(_AROUND) for line in lines[start : end + 1])
    return " ".join(pieces).replace("\xa0", " ").replace("< ", "<").strip("\"'„“ ")


def _is_attribution(text: str) -> bool:
    body = text.rstrip(":： ")
    if body.count(">") > body.count("<"):
        return False
    dated = bool(_DATE.search(body))
    wrote = last_wrote(body)
    if wrote is None:
        return dated and bool(
            _ENDS_WITH_ADDRESS.search(body) and (_BEGINS_WITH_DATE.match(text) or _LEAD.match(text))
        )
    if not (dated or "@" in body) or _OURSELVES.search(body) or _OURSELVES_ENGLISH.search(body):
        return False
    before, after = body[: wrote.start()], body[wrote.end() :]
    return all(
        _lower_words(piece) <= most
        for piece, most in zip((before, after), _WORDS_AROUND, strict=True)
    )


def _lower_words(text: str) -> int:
    without = _ADDRESS.sub(" ", text)
    return sum(word not in _PARTICLES for word in _LOWER_WORD.findall(without))
