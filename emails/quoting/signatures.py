"""The end of a letter: what its writer did not write for it (contact block, legal notice, "Sent
from my phone")."""

import re
from collections.abc import Sequence

from emails.quoting.closings import is_closing, is_greeting
from emails.quoting.devices import names_a_device, sounds_like_a_device

_LINE_LENGTH = 200
_LONGEST = 40
"""Lines of a signature; behind more than these, a "--" separates parts of the letter."""
_CARD_LINES, _NAME_LENGTH = 3, 50
_RULE = re.compile(r"[-_*=~—–\s\u200b]*")
_DELIMITERS = {"--", "-- ", "—", "–", "___", "---"}
_MARKS = {
    "phone": re.compile(
        r"(?:^|[\s|•·,/])(?:tel|telefon|phone|fon|fax|telefax|mobil|mobile|cell|handy|tél|téléphone|teléfono"
        r"|telefono|telefoon|puh|tlf|direct|durchwahl|office|[tfm])\b[.:\s]{0,4}[+(\d]|(?<!\w)\+\d{1,3}[\s(/.-]{0,2}\d",
        re.IGNORECASE,
    ),
    "web": re.compile(r"www\.|https?://|[\w.+-]{1,64}@[\w-]{1,63}\.|^[\w-]{2,40}\.(?:de|com|net|eu|fr|it|at|ch)\b", re.IGNORECASE),
    "register": re.compile(
        r"\bHR[AB]\b|amtsgericht|handelsregister|registergericht|ust-?id|ust\.-id|steuernummer|steuer-nr|\bvat\b"
        r"|geschäftsführ|vorstand|aufsichtsrat|\bsiret\b|\bsiren\b|\brcs\b|p\. ?iva|\bcif\b|\bkvk\b|\bbtw\b|\bkrs\b"
        r"|\bnip\b|company (?:no|reg)|registered (?:office|in)|managing director|sitz der gesellschaft|\bIBAN\b",
        re.IGNORECASE,
    ),
    "address": re.compile(
        r"(?:^|[\s|,•·])(?:[A-Z]{1,2}-)?\d{4,5}\s{1,3}[A-ZÄÖÜÉ]\w|(?:str\.|straße|strasse|weg|allee|platz|gasse|ring|damm|ufer)\s{1,2}\d"
        r"|\b\d{1,4},? (?:rue|avenue|boulevard|\w{1,30} (?:street|road|lane|avenue|drive))\b|\b(?:via|calle|rua|ul\.) \w"
        r"|\b[A-Z]{1,2}\d[\dA-Z]? \d[A-Z]{2}\b",
    ),
    "company": re.compile(
        r"\b(?:GmbH|AG|KG|OHG|e\.K\.|mbH|Ltd|Limited|Inc|LLC|SARL|SAS|S\.A\.|S\.r\.l|S\.p\.A|B\.V|BV|N\.V|AB|ApS|A/S|Oy|Sp\. z o|s\.r\.o|Kft|SE)\b"
    ),
}  # fmt: skip
_POSTSCRIPT = re.compile(r"\s{0,4}(?:p\.?\s?p?\.?s|n\.?b)\b\.?\s{0,2}[:.\s]", re.IGNORECASE)
# An address under the closing that the letter speaks of: it belongs to the order.
_WHERE_TO = re.compile(
    r"liefer(?:adresse|anschrift|ung an)|rechnungs(?:adresse|anschrift)|versand(?:adresse|anschrift)|(?:delivery|shipping|billing|invoice) address"
    r"|deliver to|ship to|bill to|adresse de (?:livraison|facturation)|dirección de (?:entrega|envío)|indirizzo di",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"\W{0,6}(?:(?:this|the information (?:contained )?in this|the contents? of this|this communication|privileged|confidential)"
    r"[^.\n]{0,60}?(?:e-?mail|message|communication|notice|transmission|confidential)[^.\n]{0,120}?(?:confidential|intended|privileged|legally|recipient|addressee)"
    r"|confidentiality (?:notice|note)|disclaimer\b|(?:legal|important) notice"
    r"|diese (?:e-?mail|nachricht|mail)[^.\n]{0,80}?(?:vertraulich|rechtlich geschützt|bestimmt|adressaten)|(?:der inhalt dieser|die in dieser) (?:e-?mail|nachricht|mail)"
    r"|vertraulichkeitshinweis|rechtlicher hinweis|ce (?:message|courriel|mail)[^.\n]{0,80}?(?:confidentiel|destinataire|exclusi)"
    r"|este (?:mensaje|correo|e-?mail|mensagem)[^.\n]{0,80}?(?:confidencia|destinatari|dirig)|(?:questo|il presente|la presente|le informazioni contenute) [^.\n]{0,80}?(?:riservat|destinatari|confidenzial)"
    r"|(?:dit|de informatie in dit) (?:e-?mail)?(?:bericht)?[^.\n]{0,80}?(?:vertrouwelijk|bestemd|geadresseerde)|(?:niniejsza|ta) wiadomość[^.\n]{0,80}?(?:poufn|adresat)"
    r"|please (?:consider the environment|think (?:of|about) the environment)|bitte (?:denken sie an die umwelt|prüfen sie[^.\n]{0,40}ausdruck)"
    r"|virus-?free\. www|virenfrei\. ?www|diese e-mail wurde von [^.\n]{0,40} auf viren|this e-?mail (?:has been|was) (?:scanned|checked)"
    r"|you received this (?:message|email) because you|sie erhalten diese (?:nachricht|e-?mail), weil)",
    re.IGNORECASE,
)
_LIST_RULE = re.compile(r"_{20,80}\s{0,4}")
_LIST_FOOTER = re.compile(
    r"mailing ?list|/listinfo|/mailman|@lists?\.|@googlegroups|unsubscribe", re.IGNORECASE
)


def split(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the lines of a letter and those of its signature."""
    kept, dropped = _without_devices(_trimmed(lines))
    for find in (_delimiter, _list_footer, _notice, _contact_block, _loose_block):
        at = find(kept)
        if at is not None:
            postscript = _postscript(kept, at)
            dropped = [*kept[at:postscript], *dropped]
            kept = _trimmed([*kept[:at], *([""] if kept[postscript:] else []), *kept[postscript:]])
    return kept, _trimmed(dropped)


def says_something(lines: Sequence[str]) -> bool:
    """Return whether there is more than a greeting, a closing and a name."""
    lines = [line for line in lines if line.strip()][:_LONGEST]
    end = next((at for at, line in enumerate(lines) if is_closing(line)), len(lines))
    if len(lines) - end > 4:
        return True
    return any(not (_is_rule(line) or is_greeting(line)) for line in lines[:end])


def _is_rule(line: str) -> bool:
    return bool(_RULE.fullmatch(line[:_LINE_LENGTH])) and len(line) <= _LINE_LENGTH


def _trimmed(lines: Sequence[str]) -> list[str]:
    start, end = 0, len(lines)
    while end > start and _is_rule(lines[end - 1]):
        end -= 1
    while start < end and not lines[start].strip():
        start += 1
    return list(lines[start:end])


def _without_devices(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    first = max(len(lines) - _LONGEST, 0)
    dropped = [line for line in lines[first:] if names_a_device(line)]
    ending = [line for line in lines[first:] if line not in dropped]
    kept = _trimmed([*lines[:first], *ending])
    if kept and sounds_like_a_device(kept[-1]) and len(kept) > 1:
        dropped.insert(0, kept.pop())
    return _trimmed(kept), dropped


def _delimiter(lines: Sequence[str]) -> int | None:
    """Return where a signature begins by RFC 3676, 4.3; the blank after the dashes gets lost."""
    first = max(len(lines) - _LONGEST, 1)
    dashes = [at for at in range(first, len(lines)) if lines[at].rstrip() == "--"]
    exact = [at for at in dashes if lines[at] == "-- "]
    if exact or len(dashes) == 1:
        return exact[0] if exact else dashes[0]
    # More than one separates the parts of a letter.
    ruled = (at for at in range(first, len(lines)) if lines[at].strip() in _DELIMITERS)
    return next(
        (at for at in ruled if _is_contact(lines[at + 1 :]) or _is_card(lines[at + 1 :])), None
    )


def _is_card(lines: Sequence[str]) -> bool:
    """Return whether no more than a name and a way to reach its bearer stand below a rule."""
    said = [line for line in lines if line.strip()]
    if any(_WHERE_TO.search(line[:_LINE_LENGTH]) for line in said):
        return False
    reached = {kind for line in said[:_CARD_LINES] for kind in _marks(line)} & {"phone", "web"}
    return 1 < len(said) <= _CARD_LINES and len(said[0]) <= _NAME_LENGTH and bool(reached)


def _list_footer(lines: Sequence[str]) -> int | None:
    for at in range(max(len(lines) - 8, 1), len(lines)):
        rest = "\n".join(line[:_LINE_LENGTH] for line in lines[at + 1 :])
        if _LIST_RULE.fullmatch(lines[at][:_LINE_LENGTH]) and _LIST_FOOTER.search(rest):
            return at
    return None


def _notice(lines: Sequence[str]) -> int | None:
    """Return where a legal notice begins: a paragraph of its own, never the first."""
    for at in range(max(len(lines) - 2 * _LONGEST, 2), len(lines)):
        begins = not lines[at - 1].strip() or _is_rule(lines[at - 1])
        if begins and lines[at].strip() and _NOTICE.match(_paragraph(lines, at)):
            return at
    return None


def _paragraph(lines: Sequence[str], at: int) -> str:
    return " ".join(line[:_LINE_LENGTH].strip() for line in lines[at : at + 3])


def _contact_block(lines: Sequence[str]) -> int | None:
    """Return where the contact block below closing and name begins."""
    first = max(len(lines) - _LONGEST, 0)
    closings = [at for at in range(first, len(lines)) if is_closing(lines[at])]
    if not closings:
        return None
    below = [at for at in range(closings[-1] + 1, len(lines)) if lines[at].strip()]
    if below and not _marks(lines[below[0]]):
        below = below[1:]
    return below[0] if below and _is_contact([lines[at] for at in below]) else None


def _loose_block(lines: Sequence[str]) -> int | None:
    """Return where a contact block begins that no closing stands over: the last paragraph."""
    start = len(lines)
    while start and lines[start - 1].strip() and len(lines) - start < _LONGEST:
        start -= 1
    block, above = lines[start:], [line for line in lines[:start] if line.strip()]
    if not above or above[-1].rstrip().endswith(":") or len(block) < 3 or len(above) < 2:
        return None
    if any(line.rstrip().endswith((".", "?", "!", ":")) or len(line) > 90 for line in block):
        return None
    kinds = {kind for line in block for kind in _marks(line)}
    if not {"phone", "web"} <= kinds or not _is_contact(block):
        return None
    return start if _marks(block[0]) else start + 1


def _is_contact(lines: Sequence[str]) -> bool:
    """Return whether lines are a contact block: two tell how to reach the writer."""
    lines = [line for line in lines if line.strip()]
    if (
        not lines
        or len(lines) > _LONGEST
        or any(_WHERE_TO.search(line[:_LINE_LENGTH]) for line in lines)
    ):
        return False
    marked = [line for line in lines if _marks(line)]
    return len(marked) >= 2 or (len(marked) == 1 and len(_marks(marked[0])) >= 2)


def _marks(line: str) -> set[str]:
    short = line[:_LINE_LENGTH].strip()
    return {kind for kind, pattern in _MARKS.items() if pattern.search(short)}


def _postscript(lines: Sequence[str], at: int) -> int:
    """Return where words of the writer begin again below the signature."""
    return next((n for n in range(at, len(lines)) if _POSTSCRIPT.match(lines[n])), len(lines))
