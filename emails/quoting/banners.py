"""What the recipient's mail gateway puts over or under a letter: "This mail came from outside"."""

import re
from collections.abc import Sequence

_LINES = 6
"""Lines of one warning."""
_LENGTH = 700
_ALERT = (
    r"(?:caution|warning|attention|alert|notice|important|achtung|vorsicht|warnung|hinweis|wichtig|attenzione|avvertenza|avertissement|prudence"
    r"|cuidado|atención|atenção|let op|waarschuwing|uwaga|ostrzeżenie|varning|advarsel|varoitus|upozornění|extern\w{0,4}|external\w{0,3}|ext)\b"
)
_MAIL = r"(?:e-?mails?|mails?|message|nachricht|mitteilung|courriel|correo|mensaje|mensagem|messaggio|bericht|wiadomość|meddelande\w*|sender|absender\w*)"
_OUTSIDE = (
    r"(?:from (?:an )?external|external (?:sender|source|e-?mail|address|recipient)|outside (?:of )?(?:the|your|our|this|my)\b|extern\w{0,3} (?:absender\w*|quelle|e-?mail|mail|adresse)"
    r"|au(?:ß|ss)erhalb (?:der|des|ihrer|unserer|von)\b|expéditeur externe|(?:à l'|l'|de l')extérieur|remitente externo|fuera de (?:la|su|nuestra)\b|de fora da"
    r"|mittente esterno|esterna? all|externe afzender|van buiten|buiten (?:de|uw|onze)\b|z zewnątrz|spoza|utanför|uden ?for|utenfor|ulkopuol\w+)"
)
_WARNING = re.compile(
    rf"\W{{0,8}}(?:{_ALERT}.{{0,120}}?{_OUTSIDE}"
    rf"|(?:this|the following|diese|dieses|ce|cette|este|esta|questa|questo|dit|deze|ta|detta|denne|tämä)\b.{{0,30}}?\b{_MAIL}\b.{{0,80}}?{_OUTSIDE}"
    r"|(?:you|some people who received this message) don't often (?:get|receive)"
    r"|(?:sie erhalten|einige personen, die diese nachricht erhalten haben, erhalten) (?:nicht (?:oft|häufig)|häufig keine|nur selten|selten)"
    r"|vous ne recevez pas souvent|no suele recibir|non si riceve spesso|u ontvangt niet vaak"
    r"|[\[(*<]{1,4}\s?ext(?:ern\w{0,3})?\s?[\])*>]{1,4}$|external (?:e-?mail|sender|message)[.!]?$|externe (?:e-?mail|nachricht)[.!]?$)",
    re.IGNORECASE,
)


def without_banners(lines: Sequence[str]) -> list[str]:
    """Return the lines of a letter without a gateway's warning as first or last paragraph."""
    start, end = _paragraph(lines)
    last = len(lines) - _paragraph(lines[::-1])[1]
    if last <= start:
        # All that it says stands in one paragraph.
        return list(lines)
    above = end if _warns(lines[start:end]) else 0
    return list(lines[above : last if _warns(lines[last:]) else len(lines)])


def _paragraph(lines: Sequence[str]) -> tuple[int, int]:
    """Return where the first paragraph begins and ends."""
    start = next((at for at, line in enumerate(lines) if line.strip()), len(lines))
    end = next((at for at in range(start, len(lines)) if not lines[at].strip()), len(lines))
    return start, end


def _warns(paragraph: Sequence[str]) -> bool:
    if len(paragraph) > _LINES:
        return False
    text = " ".join(line.strip() for line in paragraph)[:_LENGTH]
    return bool(_WARNING.match(text.replace("’", "'")))
