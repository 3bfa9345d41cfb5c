"""What machines answer in a person's name: notes of absence, acknowledgements, pleas for proof.

Their headers are often lost. Their words are alike in all companies; what people write too counts
only together, and against it counts what only people want: goods, dates, answers.
"""

import re

from emails.automatic.receiving import says_received
from emails.automatic.wording import (
    ABSENT,
    ACKNOWLEDGED,
    BY_MACHINE,
    CERTAIN_TITLES,
    DEPUTIES,
    HELD_BACK,
    PROOF,
    RECEIPT_TITLES,
    SOON,
    TITLES,
    UNREAD,
)
from emails.headers import first_word, has_header
from emails.incoming import Incoming

_ENOUGH = 4
_SHORT = 220
_EARLY = 700
"""Characters in which a note of absence says that somebody is absent."""
_BARE_TITLE = re.compile(
    r"\s{0,3}(?:$|[:：\-–—!.()|\[\]\"“„#\d]|(?:bis|until|till|from|vom|ab|am|auto)\b)"
)
_LABEL = re.compile(r"[^:：]{1,40}[:：]")
_ANSWERS_TITLE = re.compile(
    r"\s{0,3}(?:\*|(?:to|from|for|re|regarding|message|mail|e-?mail|auf|von|zu|des|der|aus|de|du|di|da|del|van|op|na|od|på|til|till|fra|от|на)\b)"
)
# "Out of office: Re: ...": a person's program writes "Re:" in front.
_BEFORE_OURS = re.compile(r"\s{0,3}[:\-–]\s{0,3}(?:re|aw|antw|sv|vs|tr)\s?:")
_UNTIL = re.compile(
    r"\b(?:bis (?:zum|einschl|ein|mi|mo|di|do|fr|sa|so|ende|\d)|vom \d|vom .{1,20} bis|ab (?:dem|\d|mo|di|mi|do|fr)|am \d{1,2}\.|until|till|through|returning|"
    r"back (?:on|in|at)|be back|return (?:on|to)|wieder (?:ab|am|da|erreichbar|im|zurück|für|in|persönlich)|zurück (?:am|ab|in)|jusqu'au|de retour|hasta el|"
    r"regres|fino al|rientr|tot en met|t/m|terug|até|do dnia|wracam|wrócę|till och med|åter|tilbage|tilbake|asti|saakka|do \d|vissza|ig\b|până|kadar|до \d|w dniach \d|frem til|du \d{1,2} au \d|dal \d{1,2} al \d|del \d{1,2} al \d|van \d{1,2} tot|fino a |tot \d|jsem do|έως|μέχρι|indtil|sampai)|까지|まで|以降|返回"
)
_THANKS = re.compile(
    r"^.{0,80}\b(?:dank für (?:ihre|deine|die|eure)|thank you for (?:your|contacting|the|getting|reaching|writing)|thanks for (?:your|contacting|the|getting|reaching|writing)|merci (?:pour|de) (?:votre|ton|nous)|gracias por (?:su|tu)|"
    r"grazie per|(?:be)?dankt? voor|dziękuj\w+ za|tack för|tak for|takk for|kiitos|děkuj|köszön|mulțum|obrigad|спасибо за|дякую за|teşekkür|ευχαριστ|takk|terima kasih)|^.{0,40}(?:감사합니다|ありがとう|感谢|谢谢)"
)
_WANTS = re.compile(
    r"\?|\b\d{1,6} ?(?:stück|stk|st\.|pcs|pieces|units|pièces|pezzi|piezas|kg|knöpfe|knoepfe|buttons|dtzd|gros|kartons?|rollen|meter)\b"
    r"|\bbitte (?:liefern|schicken|senden sie (?:uns|mir|die ware|vorher|es)|bestellen|bestätigen|ändern|stornieren|prüfen|teilen|buchen|melden sie sich vorher|rufen)"
    r"|\b(?:wir|ich) (?:bestelle|benötige|brauche|möchte|hätte gern|bitte um)|hiermit bestelle|(?:können|könnten|würden|kannst|könntest) (?:sie|du)"
    r"|please (?:ship|deliver|send (?:us|me|the|it)|order|confirm|change|cancel|quote|let me know|advise)|\bwe (?:need|order|would like (?!to (?:acknowledge|thank|inform|let|confirm|assure|tell)))|\bi (?:need|would like|'d like) (?!to thank)"
    r"|please (?:close|help|look|fix|explain|tell|call (?:me|us)|check (?:it|this|that|whether|why)|correct|collect|redirect|refund|replace)"
    r"|consegnare|spedire|inviar(?:ci|mi)|\blivrer|expédier|envoyer|entregar|enviar(?:nos|me)|\bleveren|bezorgen|opsturen|bestellen|dostarczy|wysłać|leverera|skicka (?:oss|mig)|\blevere\b|toimitta|doruč|szállít|teslim e|доставить|отгруз|поставить"
    r"|could you|can you|would you|don't ship|do not ship|nicht liefern|keine lieferung|bitte keine |not deliver|vorher liefern|anlieferung"
)
_TICKET = re.compile(
    r"(?:ticket|vorgang|vorgangsnummer|case|request|anfrage|fall|incident|reference|referenz|dossier|bearbeitungsnummer|kenn(?:ung|zeichen)|aktenzeichen|zgłoszeni\w+|ärende|sag)"
    r"[\s:#\-–.(\[]{0,4}(?:id|nr|no|number|nummer|numéro|n°|has been|wurde)?[\s:#\-–.(\[]{0,4}[a-z]{0,5}-?\d{3,}|\b[a-z]{2,10}-\d{2,8}\b|\[[^\]]{0,20}#\s?[a-z0-9-]{3,20}\]|\(#\d{3,}\)|#\d{4,}"
)
# Words between which others stand: "nicht mehr in unserem Unternehmen tätig".
_AWAY = re.compile(
    r"nicht mehr (?:[\w.-]{1,30} ){0,5}(?:tätig|beschäftigt|angestellt)|(?:betrieb|büro|geschäft|firma|praxis|unternehmen|kanzlei|werk|office|shop|company)\w{0,12} (?:[\w.:,-]{1,20} ){0,9}(?:geschlossen|closed)"
    r"|no longer (?:[\w.-]{1,20} ){0,3}(?:with|at|employed|working|works|part of)|attending (?:a|an|the) |(?:am|are|is|be) (?:currently )?(?:unavailable|not available)|(?:office|shop|company|we)\w{0,3} (?:is|are|will be) closed"
    r"|ne (?:fais|fait|travaille) plus|a quitté|ya no (?:trabaj|form)|non (?:lavor|fa|faccio) (?:più|parte)|chius[aoi]\b|cerrad[ao]s?\b|niet meer werkzaam|werkt niet meer|gesloten|nie pracuj|barsel|bortrest|borta|slutat|sluttet|stoppet"
    r"|ei ole enää|äitiysloma|vanhempainvapaa|απουσιάζ|άδεια|휴가|부재|출장|不在|休暇|出張|休假|出差"
    r"|(?:auf|bei|zu) (?:einer |der )?(?:fortbildung|weiterbildung|schulung|seminar|messe|tagung|konferenz|lehrgang|kur)\b|erkrank|krankgeschrieben|im ruhestand|in rente|have retired|has retired|\bjury\b|en formation|de viaje|nieczynn|zamknięt|habe (?:[\w.]{1,12} ){0,7}frei\b|nicht mehr aktiv|nicht besetzt|(?:wird|werden) nicht mehr (?:gelesen|abgerufen|genutzt|betreut|verwendet)"
    r"|wieder (?:[\w.]{1,20} ){0,4}(?:am platz|im büro|für (?:sie|dich|euch) da|erreichbar|im haus|im dienst|anwesend)|sabbatical|leave of absence|jury duty|honeymoon|\bpto\b|back (?:in the office|at my desk|at work)"
    r"|(?:not|no longer) (?:being |actively )?(?:monitored|in use|checked|attended|active)|de retour (?:au bureau|le|à partir)|de vuelta (?:el|en)|rientr(?:erò|o) |weer (?:bereikbaar|aanwezig|op kantoor|terug)"
    r"|maternit|paternit|maternidad|paternidad|zwangerschap|verlof\b|delegacj|permisjon|služební cest|slubn\w+ ciest|kiküldetés|deplasare|iş seyahat|virkamatka|työmatka|tjänsteresa|forretningsrejse|tjenestereise|zakenreis|viaje de (?:negocios|trabajo)|viagem de|trasferta"
    r"|nicht (?:[\w.-]{1,20} ){0,3}im (?:büro|hause?|dienst)\b|ne (?:suis|serai) pas (?:au bureau|disponible|joignable)|no (?:estoy|estaré) (?:en la oficina|disponible)"
    r"|non (?:sono|sarò) (?:in ufficio|disponibile|reperibile)|nie ma mnie w|przebywam|čerpám|dovolen|nejsem v|nie som v|inte på plats|tagit ledigt|ikke til stede|vapaalla|en ole paikalla"
    r"|izindeyim|ofiste değilim|tatilde|в командировке|у відрядженні|nisam u uredu|nisem v pisarni|puhkusel|atostogau|atvaļinājum"
)
# What becomes of mail meanwhile: "I will read your message on Monday".
_MAIL = r"(?:e-?mails?|mails?|messages?|messagerie|inbox|nachricht(?:en)?|anfragen?|post|posteingang|courriels?|correos?|mensajes?|mensage[mn]s?|posta|messaggi[o]?|berichte?n?|wiadomoś\w{1,3}|poczt\w|mejl|beskeder?|meldinger?|viest\w{1,4}|письм\w|сообщени\w)\b"
_HANDLING = re.compile(
    rf"\b(?:lese|beantworte|bearbeite|prüfe|rufe|checke|read(?:ing)?|check(?:ing)?|answer(?:ing)?|monitor(?:ing)?|respond(?:ing)? to|reply(?:ing)? to|access(?:ing)? (?:to )?|consult\w{{1,6}}|lirai|lis|répondr\w{{1,3}} à|lee\w{{1,4}}|responder\w{{1,3}}|revis\w{{1,5}}|acceso|legg\w{{1,5}}|risponder\w{{1,3}}|accesso|lees|beantwoord|odczyt\w{{1,5}}|läser|svarar|læser|leser|luen)"
    rf"\b (?:[\w']{{1,14}} ){{0,3}}{_MAIL}|\b(?:your|my|ihre|deine|meine) {_MAIL} (?:[\w.,]{{1,14}} ){{0,6}}(?:be read|be answered|be processed|gelesen|beantwort\w{{1,3}}|bearbeite\w{{0,2}}|lese)\b"
)
_CLICK = re.compile(r"https?://|\bclick\b|klick")
_DELIVER = re.compile(
    r"(?:your|ihre|the) (?:e-?mails?|messages?|mails?|nachricht)\b.{0,30}?(?:deliver|reach|zugestellt|zustell|accept|released)"
)
_OF_A_FILTER = ("spam", "filter", "human", "junk", "unwanted", "unerwünscht", "sender")
_I_AM = re.compile(r"(?:i am|i'm|ich bin|we are|wir sind) (?:currently |derzeit |zur zeit )?")
# A machine does not know whom it answers.
_BY_NAME = re.compile(
    r"(?:hallo|hi|hello|dear|liebe[rs]?|guten (?:tag|morgen)|sehr geehrte[r]?|lieber) (?:(?:herr|frau|mr|mrs|ms)\.? )?"
    r"(?!herr\b|frau\b|damen|absender|zusammen|alle?\b|kund|partner|geschäfts|kolleg|sender|sir|madam|customer|everyone|team|there|interessent|and\b|und\b)[^\W\d_]{2,30}[ ,!]"
    r"|(?:hej|hei|hoi|beste|bonjour|chère?|hola|estimad[oa]|ciao|gentile|cara?o?|olá|bom dia|ahoj|merhaba|kära|kære|kjære|hyvä|kedves|cześć) (?!alle|client|kund|tous|asiakas|collega)[^\W\d_]{2,30}[,!]"
)
# Who deputises: an address or a number to call.
_REACH = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[a-z]{2}|\+?\d[\d /()-]{6,20}\d")
_PERSONS_TITLE = re.compile(r"\s*(?:re|aw|antw|sv|fw|fwd|wg)\s?:", re.IGNORECASE)


def titled_absence(mail: Incoming) -> bool:
    """Return whether a subject is that of an automatic reply; who answers one is a person."""
    title = mail.subject.strip().lower().lstrip("[(*")
    if _is_certain(title) and (_LABEL.match(title) or not _wants(mail)):
        return True
    title = _I_AM.sub("", title)
    rests = [title[len(one) :].lstrip("])* ") for one in TITLES if title.startswith(one)]
    if any(_BEFORE_OURS.match(rest) for rest in rests):
        return True
    return any(_BARE_TITLE.match(rest) for rest in rests) and not _wants(mail)


def _is_certain(title: str) -> bool:
    ends = title.rstrip(" !.)]*").endswith(CERTAIN_TITLES) and not _PERSONS_TITLE.match(title)
    rests = [title[len(one) :] for one in CERTAIN_TITLES if title.startswith(one)]
    return ends or any(_BARE_TITLE.match(one) or _ANSWERS_TITLE.match(one) for one in rests)


def tells_of_absence(mail: Incoming) -> bool:
    """Return whether a text, not only its subject, is a note of absence."""
    said = mail.said
    early = said[:_EARLY]
    absent = any(phrase in early for phrase in ABSENT) or bool(_AWAY.search(early))
    handled = bool(_HANDLING.search(early))
    if not (absent or handled):
        return False
    weight = (
        2 + (absent and handled) + bool(_THANKS.search(early[:200])) + bool(_UNTIL.search(said))
    )
    weight += any(one in said for one in DEPUTIES) or bool(_REACH.search(said))
    weight += any(one in said for one in UNREAD)
    weight += 2 * any(one in said for one in BY_MACHINE)
    weight += len(said) <= _SHORT and not _quotes(mail)
    weight += 2 * (_hints(mail) or mail.has_null_path)
    weight -= 3 * _wants(mail) + _quotes(mail) + 2 * bool(_BY_NAME.match(said))
    return weight >= _ENOUGH


def acknowledges(mail: Incoming) -> bool:
    """Return whether a text only says that a request came in."""
    said, title = mail.said, mail.subject.lower()
    titled = any(one in title for one in RECEIPT_TITLES) or says_received(title)
    early = said[:_EARLY]
    told = any(one in said for one in ACKNOWLEDGED) or says_received(early)
    if not (titled or told):
        return False
    numbered = bool(_TICKET.search(f"{title} {said}"))
    automatic = any(one in said for one in BY_MACHINE)
    weight = 2 * (told + titled + automatic) + numbered + any(one in said for one in SOON)
    weight += bool(_THANKS.search(early)) - bool(_BY_NAME.match(said))
    return weight - 3 * _wants(mail) >= _ENOUGH


def asks_for_proof(mail: Incoming) -> bool:
    """Return whether a filter holds our mail until its sender proves to be a person."""
    text = f"{mail.subject.lower()} {mail.opening}"
    if any(one in text for one in PROOF):
        return True
    held = any(one in text for one in HELD_BACK) or bool(_DELIVER.search(text))
    return held and bool(_CLICK.search(text)) and any(one in text for one in _OF_A_FILTER)


def _wants(mail: Incoming) -> bool:
    return bool(_WANTS.search(mail.said))


def _hints(mail: Incoming) -> bool:
    """Return whether headers or subject point to a machine without saying so for sure."""
    title = mail.subject.lower()
    suppressed = first_word(mail.head, "X-Auto-Response-Suppress") != ""
    named = any(one in title for one in (*TITLES, *CERTAIN_TITLES)) or title.startswith("auto:")
    return (
        suppressed
        or has_header(mail.head, "X-MS-Exchange-Inbox-Rules-Loop")
        or (named and not _PERSONS_TITLE.match(title))
    )


def _quotes(mail: Incoming) -> bool:
    """Return whether there is an earlier mail below: most machines answer without it."""
    return len(mail.text.split()) > 2 * len(mail.own_words.split()) + 40
