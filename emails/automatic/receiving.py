"""How help desks of many languages say that a request came in: what came, and that it is there.

Both words stand in one sentence, in either order; each is the beginning of a word. In small letters.
"""

import re

_SENTENCE = 90
_PAIRS = (
    # English
    ("request|message|inquiry|enquiry|e-?mail|mail|ticket|case|query|report|submission|application",
     "received|got your|got it|registered|recorded|logged|created|opened|assigned|being reviewed|has been queued|is in our queue|awaits moderator|held until"),
    # German
    ("anfrage|nachricht|e-?mail|mail|anliegen|meldung|ticket|schreiben|vorgang|bewerbung|kontaktaufnahme",
     "eingegangen|angekommen|eingetroffen|erhalten|erfasst|registriert|angelegt|eröffnet|eroeffnet|aufgenommen|empfangen|zugestellt worden|unter der nummer"),
    # French
    ("demande|message|e-?mail|courriel|ticket|requête|courrier", "reçu|enregistr|pris en compte|prise en compte|prise en charge|créé|ouvert|porte le numéro|parvenu|bien arrivé"),
    # Spanish
    ("solicitud|consulta|mensaje|correo|ticket|petición|incidencia", "recibid|registrad|cread|abiert|asignad"),
    # Italian
    ("richiesta|messaggio|e-?mail|segnalazione|ticket|comunicazione", "ricevut|registrat|pres[oa] in carico|apert|creat|inoltrat"),
    # Dutch
    ("vraag|bericht|e-?mail|verzoek|aanvraag|melding|ticket|mail", "ontvangen|geregistreerd|aangemaakt|in behandeling|in goede orde"),
    # Polish
    ("zgłoszeni|wiadomoś|zapytani|e-?mail|ticket|spraw", "otrzymal|zarejestrowan|przyję|utworzon|wpłyn|dotarł"),
    # Portuguese
    ("pedido|mensagem|solicitação|e-?mail|chamado|ticket|contacto|contato", "recebemos|recebid|regist|criad|abert"),
    # Swedish, Danish, Norwegian
    ("ärende|meddelande|förfrågan|mejl|mail|e-post|henvendelse|besked|melding|sag|sak|forespørsel", "mottagit|tagit emot|mottag|modtage|mottatt|registrer|oprettet|opprettet|skapat"),
    # Finnish
    ("viesti|pyyntö|pyyntönne|yhteydenotto|sähköposti", "vastaanot|kirjat|rekisteröi|saapunut|saimme"),
    # Czech, Slovak
    ("požadav|zpráv|e-?mail|dotaz|tiket|správ|žiados", "přijal|přijat|obdržel|zaregistr|založen|vytvořen|prijal|prijat"),
    # Hungarian, Romanian, Turkish
    ("üzenet|kérés|level|bejelent|megkeres", "megkapt|rögzít|beérkez|érkezett|iktat"),
    ("mesaj|solicitare|cerere|e-?mail", "primit|înregistrat|recepționat"),
    ("taleb|mesaj|başvuru|e-?posta|bildirim", "alındı|almış|aldık|oluştur|ulaş|kayd"),
    # Russian, Ukrainian, Greek
    ("обращени|сообщени|заявк|письм|запрос|запит|звернен|повідомлен", "получ|зарегистр|принят|создан|отриман|зареєстр|прийнят"),
    ("μήνυμα|αίτημα|αίτημά|email", "λάβαμε|ελήφθη|καταχωρ|παραλάβαμε"),
)  # fmt: skip
# Chinese, Japanese, Korean: no blanks between words
_UNSPACED = (
    "邮件|郵件|信件|来信|问题|请求|諮詢|メール|お問い合わせ|問合せ|문의|메일|요청",
    "收到|受理|受け付け|受付|承りました|접수|받았습니다",
)
_HALVES = (
    *((re.compile(rf"(?<!\w)(?:{things})"), re.compile(states)) for things, states in _PAIRS),
    tuple(map(re.compile, _UNSPACED)),
)
_MOST = 40


def says_received(text: str) -> bool:
    """Return whether a text says that a request or a message came in."""
    return any(_together(text, thing, state) for thing, state in _HALVES)


def _together(text: str, thing: "re.Pattern[str]", state: "re.Pattern[str]") -> bool:
    for count, found in enumerate(state.finditer(text)):
        if count > _MOST:
            break
        before = text[max(found.start() - _SENTENCE, 0) : found.start()].rpartition(". ")[2]
        after = text[found.end() : found.end() + _SENTENCE].partition(". ")[0]
        if thing.search(before) or thing.search(after):
            return True
    return False
