"""Order lines from sentences and lists: "500 Stk. HB-1001 und 2 Dutzend Perlmutt 18 mm"."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from orders.documents.dates import without_dates
from orders.documents.letters import greets, hedges, refuses
from orders.documents.lines import RawLine
from orders.documents.numbers import UNIT_WORDS

_NUMBER = r"\d(?:[\d.,'’]{0,20}\d)?(?: \d{3}(?!\d)){0,4}"
_ONES = {
    1: "ein eine einen one a an",
    2: "zwei two",
    3: "drei three",
    4: "vier four",
    5: "fünf five",
    6: "sechs six",
    7: "sieben seven",
    8: "acht eight",
    9: "neun nine",
}
_OTHERS = {
    10: "zehn ten",
    12: "zwölf twelve",
    15: "fünfzehn fifteen",
    20: "zwanzig twenty",
    25: "fünfundzwanzig twenty-five",
    30: "dreißig thirty",
    40: "vierzig forty",
    50: "fünfzig fifty",
    100: "hundert",
    1000: "tausend",
}


def _spelled() -> dict[str, str]:
    words = {word: number for number, text in (_ONES | _OTHERS).items() for word in text.split()}
    for number, text in _ONES.items():
        for word in text.split():
            words |= {f"{word}hundert": number * 100, f"{word}tausend": number * 1000}
            words |= {f"{word} hundred": number * 100, f"{word} thousand": number * 1000}
    return {word: str(number) for word, number in words.items()}


_SPELLED = _spelled()
_WORDS = "|".join(sorted(_SPELLED, key=len, reverse=True))
_UNIT = "|".join(map(re.escape, UNIT_WORDS))
_SKU = r"(?!PO-|RE-|AB-|AN-|KW)(?:[A-Z]{1,6}-[A-Z]{0,3}\d{2,8}(?:[-/][A-Z0-9]{1,6})*|[A-Z]{2,6}\d{3,8})"
_ARTICLE = r"\b(?:art(?:ikel|icle)?|sku|item|best)(?:nr|nummer)?\b\.?(?:[-\s]?(?:nr|nummer|no|number)\b\.?)?\s?[:#]?\s?"
_MONEY = rf"(?:EUR|€)\s?{_NUMBER}|{_NUMBER}(?:,?-{{1,2}})?\s?(?:EUR\b|Euro\b|€)"
_PRICE = r"\b(?:stück|einzel|unit\s|net\s|netto)?(?:preis|price)\b\s?[:=]?\s?(?:von\s|of\s)?"
_LABEL = r"\b(?:menge|anzahl|stückzahl|qty|quantity)\b\.?\s?[:=]?\s?"
_BUTTONS = r"(?:[^\W\d]{2,20}[ -]){0,3}[^\W\d]{0,30}(?:knopf|knöpfe|knoepfe|buttons?)\b"
_BASIS = r"(?:\s?(?:/|\b(?:je|pro|per)\b)\s?(?:\d+\s?)?[^\W\d]*)?"
# "2,0 x 20 mm" is how large one is; of whole pieces there may be so many of 20 mm.
_SIZE = r"\d+[.,]\d{1,2}\s?[x×]\s?\d[\d.,]*\s?(?:mm|cm)\b"
_TOKEN = re.compile(
    rf"(?P<price>(?:{_PRICE})?(?:{_MONEY}){_BASIS}|(?:{_PRICE}|(?<!\w)à\s?|@\s?){_NUMBER}{_BASIS})|"
    rf"(?P<sku>(?<![\w-])(?:{_ARTICLE}(?=[A-Z0-9./-]*\d)[A-Z0-9./-]{{3,20}}|{_SKU})(?![\w-]))|"
    rf"(?P<quantity>{_LABEL}{_NUMBER}(?:\s?(?:{_UNIT})\b\.?)?|"
    rf"(?<![\w.,/-])(?<!\bje )(?!{_SIZE})(?:{_NUMBER}|(?:{_WORDS})\s)\s?"
    rf"(?:(?:{_UNIT})\b\.?|[x×](?=\s)|(?=\s?{_BUTTONS})))|"
    rf"(?P<spelled>\b(?:{_WORDS})(?=\s(?:{_SKU})))|"
    rf"(?P<number>(?<![\w.,/-]){_NUMBER}(?!\s?(?:mm|cm|m|%|-?loch|-?er)\b|\w|[.,]\d))",
    re.IGNORECASE,
)
# Numbers of other things, which look like an article's.
_REFERENCE = re.compile(
    r"^\s*\d{1,3}[.)]\s|\bpos(?:ition)?\b\.?\s?\d{1,4}\b:?|"
    r"\b(?:bestell(?:ung)?s?|auftrags?|rechnungs?|kunden|order|po|invoice|customer|angebots?)"
    r"(?:[-\s]?(?:nr|nummer|no|number|id)\b\.?\s?[:#]?\s?(?:(?:is|ist|lautet)\s)?(?=\S*\d)|\s?[:#-]?\s?(?=[a-z./-]+\d))[\w./-]++"
    rf"(?!\s{{0,3}}[-–:,x=]?\s{{0,3}}\d[\d.,]{{0,9}}\s?(?:{_UNIT})\b)",
    re.IGNORECASE,
)
_OF = re.compile(
    r"\s*(?:(?:x|of|von|vom)\s)?(?:(?:den|der|the)\s)?(?:[^\W\d]{3,20}\s){0,2}\(?\s*(?:art\.?\s)?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"[\s:;|=,–-]*(?:(?:menge|anzahl|qty|quantity|à|zu|je|at)\b:?\s*|[x×]\s)?", re.IGNORECASE
)
_NAME_ENDS = re.compile(
    r"[;!?|]|\.\s|\b(?:bitte|bis|by|zum|lieferung|liefern|spätestens|please|until|danke|thanks?)\b",
    re.IGNORECASE,
)
_EDGES = re.compile(
    r"^(?:[\s,:.–•*)(=-]|\b(?:bezeichnung|beschreibung|description|artikel|article|order|bestellung):|\b(?:und|and|sowie|of|von|vom|x|de[srnm]|die|das|the)\b)+|"
    r"(?:[\s,:.–•*)(=-]|\b(?:und|and|sowie|zu|je|à|at|for|each|menge|anzahl|qty|quantity)\b)+$",
    re.IGNORECASE,
)
_ARTICLE_LABEL = re.compile(rf"^{_ARTICLE}", re.IGNORECASE)
_PRICE_LABEL = re.compile(rf"^(?:{_PRICE}|[@à]\s?)", re.IGNORECASE)
_QUANTITY_LABEL = re.compile(rf"^{_LABEL}", re.IGNORECASE)
_SPELLED_OUT = re.compile(rf"(?:{_WORDS})\b", re.IGNORECASE)
# What names a button: the word itself, or its size.
_NAMED = re.compile(r"(?:knopf|knöpfe|knoepfe|buttons?)\b|\d\s?(?:mm|cm)\b", re.IGNORECASE)
_YEAR = re.compile(r"20\d\d")
_MAX_NAME = 120


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TextLines:
    lines: tuple[RawLine, ...]
    unread: tuple[str, ...]
    """Quantities whose article could not be told."""
    caution: tuple[str, ...]
    """Sentences that take back, ask, change or lean on something outside the letter."""


def read_sentences(sentences: Iterable[str]) -> TextLines:
    lines: list[RawLine] = []
    unread: list[str] = []
    caution: list[str] = []
    mentioned: dict[str, str] = {}
    heading = ""
    for sentence in sentences:
        if not greets(sentence) and (refuses(sentence) or hedges(sentence)):
            caution.append(sentence.strip())
        if refuses(sentence):
            continue
        clean = _clean(sentence)
        tokens = _tokens(clean)
        found = list(_lines(clean, tokens, heading))
        lines += (line for line in found if line.sku or line.name)
        mentioned |= {_sku(token): sentence for token in tokens if token.kind == "sku"}
        if any(not (line.sku or line.name) for line in found) or (found and _leftover(tokens)):
            unread.append(sentence.strip())
        heading = "" if found else next((_sku(t) for t in tokens if t.kind == "sku"), "")
    ordered = {line.sku for line in lines}
    unread += (where.strip() for sku, where in mentioned.items() if sku not in ordered)
    return TextLines(tuple(lines), tuple(dict.fromkeys(unread)), tuple(caution))


def _lines(text: str, tokens: Sequence[_Token], heading: str) -> Iterator[RawLine]:
    """One line a quantity. What has no article in its own sentence may have it right above."""
    quantities = [token for token in tokens if token.kind == "quantity"]
    for quantity, (start, end) in zip(quantities, _spans(text, tokens), strict=True):
        own = [token for token in tokens if start <= token.start < end and token is not quantity]
        line = _line(text, quantity, own, (start, end))
        if not (line.sku or line.name) and len(quantities) == 1:
            line = replace(line, sku=heading)
        yield line


def _leftover(tokens: Sequence[_Token]) -> bool:
    """A number beside the lines that nothing explains may be a line of its own."""
    return any(token.kind == "number" and not _YEAR.fullmatch(token.text) for token in tokens)


def _clean(sentence: str) -> str:
    return _REFERENCE.sub(lambda found: " " * len(found[0]), without_dates(sentence))


def _tokens(clean: str) -> list[_Token]:
    result: list[_Token] = []
    found = [
        _Token(hit.lastgroup or "", hit[0], hit.start(), hit.end())
        for hit in _TOKEN.finditer(clean)
    ]
    for token, following in pairwise([*found, None]):
        if token and token.kind == "spelled":
            result.append(replace(token, kind="quantity"))
        elif token and token.kind == "number":
            kind = _kind_of_number(clean, result[-1] if result else None, token, following)
            result.append(replace(token, kind=kind))
        elif token:
            result.append(token)
    return result


def _kind_of_number(
    text: str, previous: _Token | None, token: _Token, following: _Token | None
) -> str:
    """A number beside an article number is its quantity, and one beside that its price."""
    if previous and _BETWEEN.fullmatch(text, previous.end, token.start):
        return {"sku": "quantity", "quantity": "price"}.get(previous.kind, "number")
    if following and following.kind == "sku" and _OF.fullmatch(text, token.end, following.start):
        return "quantity"
    return "number"


def _spans(text: str, tokens: Sequence[_Token]) -> Iterator[tuple[int, int]]:
    """Where each quantity's article and price stand: behind it, or before it in lists by article."""
    quantities = [token for token in tokens if token.kind == "quantity"]
    if not quantities:
        return
    if _article_first(text, tokens, quantities):
        # A price behind the quantity belongs to it, the article before the next one does not.
        yield from pairwise([0, *(_end_of_prices(text, tokens, each) for each in quantities)])
    else:
        yield from pairwise([*(quantity.start for quantity in quantities), len(text)])


def _article_first(text: str, tokens: Sequence[_Token], quantities: Sequence[_Token]) -> bool:
    first, last = quantities[0], quantities[-1]
    skus = [token.start for token in tokens if token.kind == "sku"]
    if skus:
        return skus[0] < first.start
    behind = text[_end_of_prices(text, tokens, first) :]
    if _NAMED.search(text, 0, first.start):
        return not _NAMED.search(text[_end_of_prices(text, tokens, last) :])
    return not re.search(r"[^\W\d]{3}", behind)


def _end_of_prices(text: str, tokens: Sequence[_Token], quantity: _Token) -> int:
    end = quantity.end
    for token in tokens:
        if (
            token.kind == "price"
            and token.start >= end
            and _BETWEEN.fullmatch(text, end, token.start)
        ):
            end = token.end
    return end


def _line(text: str, quantity: _Token, own: Sequence[_Token], span: tuple[int, int]) -> RawLine:
    prices = [_PRICE_LABEL.sub("", token.text) for token in own if token.kind == "price"]
    skus = [_sku(token) for token in own if token.kind == "sku"]
    return RawLine(
        quantity=_amount(quantity.text),
        sku=skus[0] if skus else "",
        name=_name(text, [quantity, *own], span),
        price=prices[0] if prices else "",
        total=prices[1] if len(prices) > 1 else "",
        source=" ".join(text.split()),
    )


def _sku(token: _Token) -> str:
    return _ARTICLE_LABEL.sub("", token.text).rstrip("./-")


def _amount(text: str) -> str:
    bare = _QUANTITY_LABEL.sub("", text.strip()).rstrip("x×").strip()
    spelled = _SPELLED_OUT.match(bare)
    return f"{_SPELLED[spelled[0].lower()]}{bare[spelled.end() :]}" if spelled else bare


def _name(text: str, tokens: Sequence[_Token], span: tuple[int, int]) -> str:
    """What is left of the words once quantity, number and prices are taken out."""
    start, end = span
    rest = list(text[start:end])
    for token in tokens:
        if token.kind != "number":
            rest[token.start - start : token.end - start] = " " * (token.end - token.start)
    pieces = _NAME_ENDS.split(_trimmed("".join(rest)))
    name = _trimmed(pieces[0] if tokens[0].start == start else pieces[-1])
    return name[:_MAX_NAME] if re.search(r"[^\W\d]{4}", name) else ""


def _trimmed(words: str) -> str:
    return " ".join(_EDGES.sub("", words).split())
