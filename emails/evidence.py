"""What in a mail speaks for which kind: its words, its sentences, its documents.

A phrase of the vocabulary counts once for each place where it stands, more in the subject than in
the text; the title of a document counts more than stray words.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from emails.data import Kind, ParsedMail, Priority
from emails.threading import is_answer
from emails.vocabulary import phrases
from emails.vocabulary.about import ABOUT, IGNORED
from emails.vocabulary.tickets import PASSING, TICKETS, TOGETHER_IN_TICKETS
from emails.vocabulary.titles import E_DOCUMENTS, TITLES
from emails.vocabulary.together import TOGETHER
from emails.vocabulary.tone import CALM, NEGATIONS, NEWSLETTER, PRESSING, URGENT
from hbu.lib.reasons import N_
from hbu.lib.words import Hit, Lexicon, fold, pattern, word_end

LOOKED_AT = 20_000
TITLE_LOOKED_AT = 2_000
SENTENCE = 90
SUBJECT, SUBJECT_OF_A_REPLY, TEXT = 2.0, 0.5, 1.0
FILE_NAME, TITLE, WEAK_TITLE = 2.5, 7.0, 2.5
QUANTITIES = 1.5
THINGS = 2.0
BETWEEN = " … "
"""Parts the words of a pair."""

IN_THE_SUBJECT, IN_THE_TEXT = N_("Words in the subject"), N_("Words in the text")
IN_ONE_SENTENCE = N_("Words in one sentence")
AS_IN_AN_ORDER = N_("Quantities as in an order")

Meanings = tuple[tuple[Kind, float], ...]
Rank = tuple[int, Kind]


@dataclass(frozen=True, slots=True)
class Evidence:
    kind: Kind
    what: str
    found: str
    weight: float


@dataclass(frozen=True, slots=True)
class Zone:
    """A place in the mail: what to call it, how much its words count, and its folded text."""

    what: str
    factor: float
    folded: str


@dataclass(frozen=True, slots=True)
class Pair:
    kind: Kind
    weight: float
    follows: re.Pattern[str]


def _meanings() -> dict[str, Meanings]:
    """Return what each phrase says; one of trade and of tickets counts as the stronger of the two."""
    meanings: dict[str, dict[Kind, float]] = {one: {} for one in phrases(f"{IGNORED}, {PASSING}")}
    for words in (ABOUT, TICKETS):
        for kind, weights in words.items():
            for weight, text in weights.items():
                for phrase in phrases(text):
                    said = meanings.setdefault(phrase, {})
                    said[kind] = max(weight, said.get(kind, 0))
    return {phrase: tuple(weights.items()) for phrase, weights in meanings.items()}


def _openings() -> dict[str, tuple[Pair, ...]]:
    openings: dict[str, tuple[Pair, ...]] = {}
    for kind, weight, opening, following in (*TOGETHER, *TOGETHER_IN_TICKETS):
        pair = Pair(kind, weight, pattern(phrases(following)) if following else QUANTITY)
        for phrase in phrases(opening):
            openings[phrase] = (*openings.get(phrase, ()), pair)
    return openings


def _titles() -> dict[str, Rank]:
    return {
        phrase: (rank, kind)
        for kind, ranks in TITLES.items()
        for rank, text in ranks.items()
        for phrase in phrases(text)
    }


def _tones() -> dict[str, Priority | None]:
    tones: dict[str, Priority | None] = dict.fromkeys(phrases(CALM), None)
    tones |= dict.fromkeys(phrases(URGENT), Priority.URGENT)
    tones |= dict.fromkeys(phrases(PRESSING), Priority.HIGH)
    return tones | dict.fromkeys(phrases(NEWSLETTER), Priority.LOW)


# A title stands alone at the start of a line, with a number or date behind it at most.
TITLE_LINE = re.compile(
    r"^[ \t]*(?P<title>\w[^\n:#0-9]{1,40}?)\b[ \t]*(?:\b[a-z]{1,4}[-/ ]?(?=\d))?"
    r"(?:(?:nr|no|nummer|number|vom|dated|date|id)\b|[:#.0-9]|$)",
    re.MULTILINE | re.IGNORECASE,
)
QUANTITY = re.compile(
    r"(?<![\w.,])\d[\d.,]{0,9}\s{0,3}"
    r"(?:x|stk|stueck|st|pcs|pieces|pc|units|packungen|packs?|karton|kartons|sets?|boxes)\b"
)
SENTENCE_END = re.compile(r"[.!?](?=\s|$)|\n\s{0,9}\n")
# German names things by what stands at the end: "Dateiserver", "Netzwerkdrucker".
THING = re.compile(
    r"(?<!\w)\w{4,30}?(?:server|software|datenbank|netzwerk|drucker|rechner|plattform|desktop|postfach|anwendung|ausfall|stoerung|verbindung|datensicherung"
    r"|system|geraet|prognose|analyse|schnittstelle|integration|update|lampe|router|bildschirm)(?:e|en|n|s|es|er)?(?!\w)"
)
COMPOUND = re.compile(r"(?:bestellung|(?<!ab)(?<!be)rechnung|reklamation)")

PHRASES = Lexicon(_meanings())
OPENINGS = Lexicon(_openings())
TITLE_WORDS = Lexicon(_titles())
TONES = Lexicon(_tones())


def collect(mail: ParsedMail, parts: Sequence[Zone], texts: Mapping[str, str]) -> list[Evidence]:
    """Return everything that speaks for a kind; `texts` are those of the documents by file name."""
    names = [part.filename for part in mail.attachments if not part.inline]
    return [
        *_from_words(parts),
        *_from_sentences(parts),
        *_from_names(names),
        *_from_titles(texts),
    ]


def zones(mail: ParsedMail) -> tuple[Zone, Zone]:
    """Return the subject and the sender's own words; the subject of a reply is not quite theirs."""
    is_reply = bool(mail.in_reply_to) or is_answer(mail.subject)
    factor = SUBJECT_OF_A_REPLY if is_reply else SUBJECT
    own = (mail.reply_text or mail.text)[:LOOKED_AT]
    return (
        Zone(IN_THE_SUBJECT, factor, _plain(mail.subject[:LOOKED_AT])),
        Zone(IN_THE_TEXT, TEXT, _plain(own)),
    )


def tones(parts: Iterable[Zone]) -> dict[Priority, str]:
    """Return the words that press or calm, by the priority they speak for."""
    found: dict[Priority, dict[str, None]] = {priority: {} for priority in Priority}
    for zone in parts:
        for hit in TONES.hits(zone.folded):
            if hit.meaning is not None and not _denied(zone.folded, hit.start):
                found[hit.meaning][_as_found(zone.folded, hit)] = None
    return {priority: ", ".join(words) for priority, words in found.items()}


def quantity(parts: Sequence[Zone]) -> Evidence | None:
    """Return a quantity such as "200 Stück" as evidence for an order."""
    found = QUANTITY.search(parts[-1].folded)
    return Evidence(Kind.ORDER, AS_IN_AN_ORDER, found.group(), QUANTITIES) if found else None


def _plain(text: str) -> str:
    folded = fold(text).replace("-", " ").replace("_", " ").replace("/", " ")
    return COMPOUND.sub(_split, folded)


def _split(match: re.Match[str]) -> str:
    """Set apart the end of a German compound: "Materialbestellung" is a "Bestellung"."""
    start = match.start()
    before = match.string[max(0, start - 5) : start]
    return f" {match.group()}" if len(before) == 5 and before.isalpha() else match.group()


def _as_found(folded: str, hit: Hit[Any]) -> str:
    """Return the phrase with the rest of its last word: "mangelhafte", not "mangelhaft"."""
    return hit.written + folded[hit.end : word_end(folded, hit.end)]


def _denied(folded: str, start: int) -> bool:
    """Return whether the word before says no: "keine Reklamation"."""
    before = folded[max(0, start - 10) : start].split()
    return bool(before) and before[-1] in NEGATIONS


def _from_words(parts: Iterable[Zone]) -> Iterator[Evidence]:
    for zone in parts:
        seen: set[str] = set()
        starts: set[int] = set()
        for hit in PHRASES.hits(zone.folded):
            starts.add(hit.start)
            if hit.written in seen or _denied(zone.folded, hit.start):
                continue
            seen.add(hit.written)
            for kind, weight in hit.meaning:
                found = _as_found(zone.folded, hit)
                yield Evidence(kind, zone.what, found, zone.factor * weight)
        yield from _from_compounds(zone, starts)


def _from_compounds(zone: Zone, known: Collection[int]) -> Iterator[Evidence]:
    """Yield the technical things of a zone that no phrase names, each once."""
    words = (found for found in THING.finditer(zone.folded) if found.start() not in known)
    for word in dict.fromkeys(found[0] for found in words):
        yield Evidence(Kind.TECHNICAL, zone.what, word, zone.factor * THINGS)


def _from_sentences(parts: Iterable[Zone]) -> Iterator[Evidence]:
    """Yield pairs of words that stand in one sentence, each pair once."""
    seen: set[int] = set()
    for zone in parts:
        for hit in OPENINGS.hits(zone.folded):
            rest = zone.folded[hit.end : hit.end + SENTENCE]
            end = SENTENCE_END.search(rest)
            for pair in hit.meaning:
                found = pair.follows.search(rest, 0, end.end() if end else len(rest))
                if found and id(pair) not in seen:
                    seen.add(id(pair))
                    words = (
                        f"{_as_found(zone.folded, hit)}{BETWEEN}{' '.join(found.group().split())}"
                    )
                    what = IN_ONE_SENTENCE
                    yield Evidence(pair.kind, what, words, pair.weight * min(1, zone.factor))


def _from_names(names: Iterable[str]) -> Iterator[Evidence]:
    for name in names:
        if hits := list(TITLE_WORDS.hits(_plain(name[:300]))):
            _, kind = max(hit.meaning for hit in hits)
            yield Evidence(kind, N_("Name of an attachment"), name[:100], FILE_NAME)


def _from_titles(texts: Mapping[str, str]) -> Iterator[Evidence]:
    for name, text in texts.items():
        start = text[:TITLE_LOOKED_AT]
        if found := _e_document(start) or _title(start):
            kind, title = found
            weight = WEAK_TITLE if kind in {Kind.SUPPLIER, Kind.TECHNICAL} else TITLE
            yield Evidence(kind, N_("Title of a document"), f"{name[:80]}: {title}", weight)


def _e_document(start: str) -> tuple[Kind, str] | None:
    folded = start.lower()
    return next(((kind, mark) for mark, kind in E_DOCUMENTS if mark in folded), None)


def _title(start: str) -> tuple[Kind, str] | None:
    lines = (_plain(match["title"]).strip() for match in TITLE_LINE.finditer(start))
    titles = [
        (hit.meaning, hit.written)
        for line in lines
        for hit in TITLE_WORDS.hits(line)
        if line == fold(hit.written)
    ]
    if not titles:
        return None
    (_, kind), written = max(titles)
    return kind, written
