"""Article numbers that stand among the words of a description, with their label or without."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from orders.documents.lines import RawLine

_CODE = r"(?=[A-Z0-9./_-]{0,29}\d)[A-Z0-9](?:[A-Z0-9./_-]{1,28}[A-Z0-9])"
_ARTICLE = r"(?:art(?:ikel|icle)?|item|part|product|produkt|material|mat|sku|best(?:ell)?|teile|catalog(?:ue)?|cat)"
_NR = r"[-.\s]{0,3}(?:nr|no|nummer|number|code|id)?\b\.?"
_LABELS = {
    "theirs": r"(?:ihre|lieferanten|hersteller|your|supplier(?:['’]?s)?|vendor(?:['’]?s)?|mfr)"
    rf"[-.\s]{{0,2}}(?:{_ARTICLE}{_NR}|(?:nr|no|number|ref|code|sku)\b\.?)",
    "own": r"(?:unsere|kunden|eigene|interne|our|buyer(?:['’]?s)?|customer(?:['’]?s)?|internal)"
    rf"[-.\s]{{0,2}}(?:{_ARTICLE}{_NR}|(?:nr|no|number|ref|code|sku)\b\.?)",
    "gtin": r"(?:ean|gtin|upc)(?:[-\s]?(?:code|nr|no|13|ean))?\b\.?",
    "sku": rf"(?:{_ARTICLE}{_NR}|sku|p/n|ref\.?)",
}
_LABELLED = re.compile(
    r"(?<![\w-])(?:" + "|".join(f"(?P<{kind}>{form})" for kind, form in _LABELS.items()) + r")"
    rf"\s{{0,3}}[:#=]?\s{{0,3}}(?P<code>{_CODE})(?![\w-])",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d{8}|\d{12,14}")
# What has digits and is no article's number: sizes, norms, colours, dates, screws.
_NO_CODE = re.compile(
    r"\d+(?:[.,]\d+)?(?:mm|cm|m|g|kg|ml|l|er|x|%|°|\"|stk|st|pcs|tlg|l(?:och|öcher)|k|w|v|a)|"
    r"\d+(?:[.,]\d+)?(?:x\d+(?:[.,]\d+)?){1,3}(?:mm|cm|m)?|"
    r"(?:din|iso|en|ral|m|ø|d|gr|kw|nr|q|v)[-.]?\d{1,5}(?:[-/x.]\d{1,4})*|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,4}|"
    r"\d{1,3}-[^\W\d]{2,20}|\d+(?:[.,]\d+)?|\d+/\d+|\d{1,2}-\d{1,2}|\d{4}-\d\d-\d\d",
    re.IGNORECASE,
)
_WHOLE = re.compile(rf"[(\[]?(?P<code>{_CODE})[)\]]?", re.IGNORECASE)
_AND = re.compile(r"(?:und|oder|and|or)\b")
_BRACKETS = re.compile(r"[(\[]([^()\[\]\s]{3,30})[)\]]")
_MOST = 0.6
_LONG = 5
_NO_NUMBER = 0.75
_MAX_NAME = 400
_EDGES = " ,;:-–|/()[]"


class _Place(Enum):
    ROW = "a row of its own"
    FRONT = "in front"
    BRACKETS = "in brackets"
    END = "at the end"
    INSIDE = "anywhere inside, alone of its kind"


@dataclass(frozen=True, slots=True)
class Described:
    """A line whose description may take several rows."""

    raw: RawLine
    names: Sequence[str] = ()
    """The rows of the description, from the top."""


def is_code(text: str) -> bool:
    """Whether it looks like the number of an article: digits, and no size, norm or date."""
    bare = text.strip()
    if not _WHOLE.fullmatch(bare):
        return False
    if bare.isdigit():
        return len(bare) >= _LONG
    return not _NO_CODE.fullmatch(bare)


def is_labelled(text: str) -> bool:
    """Whether it begins with an article number that says whose it is."""
    return bool(_LABELLED.match(text[:_MAX_NAME].lstrip(_EDGES)))


def numbered(described: Sequence[Described]) -> list[RawLine]:
    """The lines with the article numbers that their descriptions hold.

    A bare number counts where most lines have one in the same place: beside it, everything that
    has digits in a description may be a size or a norm.
    """
    labelled = _of_one_kind(described, [_labelled(one) for one in described])
    lacking = [one for one in labelled if not one.raw.sku]
    place = _usual_place(lacking) if lacking else None
    return [
        _finished(_placed(one, place) if place and not one.raw.sku else one) for one in labelled
    ]


def _of_one_kind(described: Sequence[Described], labelled: Sequence[Described]) -> list[Described]:
    """Where most lines say below themselves what the seller calls the article, the number of one
    that does not is the buyer's, or another's: a page may have ended between them."""
    turned = [
        bool(after.raw.own and after.raw.own == before.raw.sku)
        for before, after in zip(described, labelled, strict=True)
    ]
    if 2 * sum(turned) <= len(turned):
        return list(labelled)
    return [
        one if told or one.raw.own else replace(one, raw=_less_sure(one.raw))
        for told, one in zip(turned, labelled, strict=True)
    ]


def _less_sure(raw: RawLine) -> RawLine:
    return replace(raw, certainty=min(raw.certainty, _NO_NUMBER))


def _labelled(one: Described) -> Described:
    raw, names = one.raw, []
    for name in one.names:
        rest = name
        for found in reversed(list(_LABELLED.finditer(name[:_MAX_NAME]))):
            taken = _with(raw, next(kind for kind in _LABELS if found[kind]), found["code"])
            if taken is not raw:
                raw = taken
                rest = f"{rest[: found.start()]} {rest[found.end() :]}"
        names.append(name if rest == name else " ".join(rest.split()).strip(_EDGES))
    return Described(raw, tuple(filter(None, names)))


def _with(raw: RawLine, kind: str, code: str) -> RawLine:
    if kind == "gtin":
        return replace(raw, gtin=code) if _DIGITS.fullmatch(code) and not raw.gtin else raw
    if kind == "own":
        return raw if raw.own else replace(raw, own=code)
    if not raw.sku or raw.sku == code:
        return replace(raw, sku=code)
    if (
        kind == "theirs" and not raw.own
    ):  # both are given, and this one says that it is the seller's
        return replace(raw, sku=code, own=raw.sku)
    return raw


def _usual_place(lacking: Sequence[Described]) -> _Place | None:
    counts = {
        place: sum(find(one.names) is not None for one in lacking)
        for place, find in _PLACES.items()
    }
    place = max(counts, key=lambda each: counts[each])
    return place if counts[place] >= _MOST * len(lacking) else None


def _placed(one: Described, place: _Place) -> Described:
    found = _PLACES[place](one.names)
    if found is None:
        return one
    code, names = found
    return Described(replace(one.raw, sku=code), names)


def _finished(one: Described) -> RawLine:
    raw = one.raw
    if not raw.sku and raw.own:
        raw = replace(raw, sku=raw.own, own="")
    named = replace(raw, name=_in_one(one.names)[:_MAX_NAME])
    return _doubted(named) if not named.sku else named


def _doubted(raw: RawLine) -> RawLine:
    """Less sure: beside a line without a number there is one that nothing accounts for."""
    elsewhere = (word.strip(_EDGES) for word in raw.source.split())
    lost = any(is_code(word) and word not in raw.name for word in elsewhere)
    return _less_sure(raw) if lost else raw


def _in_one(names: Sequence[str]) -> str:
    """The rows as one; "4-" and "Loch" are one word, "Vorder-" and "und Rückseite" are not."""
    text = ""
    for name in names:
        text = continued(text, name)
    return text


def continued(text: str, more: str) -> str:
    parted = text.endswith(("-", "/")) and text[-2:-1].strip() and not _AND.match(more)
    return text + more if parted or not text else f"{text} {more}"


_Found = tuple[str, tuple[str, ...]] | None


def _row_of_its_own(names: Sequence[str]) -> _Found:
    for at, name in enumerate(names):
        if is_code(name):
            return name.strip(_EDGES), (*names[:at], *names[at + 1 :])
    return None


def _in_front(names: Sequence[str]) -> _Found:
    first, _, rest = names[0].partition(" ") if names else ("", "", "")
    if rest and is_code(first.strip(_EDGES)):
        return first.strip(_EDGES), (rest.strip(_EDGES), *names[1:])
    return None


def _at_the_end(names: Sequence[str]) -> _Found:
    rest, _, last = names[0].rpartition(" ") if names else ("", "", "")
    if rest and is_code(last.strip(_EDGES)):
        return last.strip(_EDGES), (rest.strip(_EDGES), *names[1:])
    return None


def _in_brackets(names: Sequence[str]) -> _Found:
    for at, name in enumerate(names):
        for found in _BRACKETS.finditer(name[:_MAX_NAME]):
            if is_code(found[1]):
                rest = " ".join((name[: found.start()] + name[found.end() :]).split())
                return found[1], (*names[:at], *filter(None, [rest]), *names[at + 1 :])
    return None


def _inside(names: Sequence[str]) -> _Found:
    found = [(at, word) for at, name in enumerate(names) for word in name.split() if is_code(word)]
    if len(found) != 1:
        return None
    at, code = found[0]
    rest = " ".join(word for word in names[at].split() if word != code)
    return code.strip(_EDGES), (*names[:at], *filter(None, [rest]), *names[at + 1 :])


_PLACES: dict[_Place, Callable[[Sequence[str]], _Found]] = {
    _Place.ROW: _row_of_its_own,
    _Place.FRONT: _in_front,
    _Place.BRACKETS: _in_brackets,
    _Place.END: _at_the_end,
    _Place.INSIDE: _inside,
}
