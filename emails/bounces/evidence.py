"""What in a mail speaks for a delivery report: its sender, its title, and what it shows."""

import re

from emails.bounces.causes import names_a_cause
from emails.bounces.phrases import OPENINGS, SUBJECTS
from emails.headers import first_word, has_header, safe_header
from emails.incoming import OPENING, Incoming
from emails.quoting import opens_a_letter

STATUS_TYPES = {"message/delivery-status", "message/global-delivery-status"}
RETURNED_TYPES = {
    "message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers",
    "message/global-headers",
}  # fmt: skip

_DAEMON = re.compile(
    r"(?:mailer[-_.]?daemon|mail[-_.]?daemon|mdaemon|maildaemon|smtp[-_.]?daemon|mmdf|mail[-_.]deliver\w*|mailer|listserv-daemon"
    r"|microsoftexchange[0-9a-f]*|post_master|postmaster|dsn-?reply|non-?delivery)(?:[-+_.][^@]*)?@",
    re.IGNORECASE,
)
# A person may read and write at this address.
_POSTMASTER = re.compile(r"(?:postmaster(?:[-+_.][^@]*)?|mailer)@", re.IGNORECASE)
_DAEMON_NAME = re.compile(
    r"mailer[-_ ]?daemon|mail[-_ ]?daemon|mail deliver\w* (?:sub)?system|mail delivery|delivery (?:sub)?system|mail transport agent"
    r"|dragonfly mail|mail system|microsoft outlook|twfpbcbezwxpdmvyesbtdwjzexn0zw0|interscan|mailmarshal|courier mail server"
    r"|content[- ]filter at|amavisd?\b|viruswall|mail(?:sweeper|scanner)\b",
    re.IGNORECASE,
)
_UNANSWERED = re.compile(r"[^@]{0,40}?(?:no|not|nicht|keine)[-_.]?(?:reply|antwort)", re.IGNORECASE)
_OFFICE_NAME = re.compile(
    r"post ?master|system ?administrator|mail administrator|systemadministrator|administrateur système|administrador del sistema|mail server|mailserver",
    re.IGNORECASE,
)
_REPORT_HEADERS = (
    "X-Failed-Recipients",
    "X-MS-Exchange-Message-Is-Ndr",
    "X-MLServer",
    "X-AHMAILID",
    "X-Bounce-Id",
)
_TAGS = re.compile(r"\s*(?:\[[^\]]{1,30}\]\s*|\*{2,5}[^*]{1,20}\*{2,5}\s*){0,3}")
_PASSED_ON = re.compile(
    r"\s*(?:re|aw|antw|sv|vs|odp|ynt|rif|res|ref|fw|fwd|wg|tr|rv|i|enc|vb|doorst|pd|inoltr?a?|fwd?\[\d\])\s?:",
    re.IGNORECASE,
)
_ABOUT_MAIL = re.compile(
    r"(?:(?:your|the|a) )?(?:e-?mail|message|mail)s?\b[^:]{0,30}?\b(?:not|cannot|can't|couldn't|undeliver\w*|non-?deliver\w*|fail\w*|return\w*"
    r"|reject\w*|refused|blocked|bounced|delay\w*|warning|error)\b"
    r"|(?:mensage[mn]s?|mensajes?|correo|e-?mail|messaggio|bericht|message|courriel|nachricht|wiadomość|zpráva|levél\w*|сообщение|письмо)\b[^:]{0,20}?\b"
    r"(?:devolv\w*|devuelt\w*|retourn\w*|restituit\w*|zwróc\w*|vissza\w*|nedoruč\w*|zurück\w*|rejeit\w*|rechazad\w*|respint\w*|refus\w*|odrzuc\w*|возвращ\w*|отклон\w*"
    r"|unzustell\w*|fehlgeschl\w*|nicht (?:zustell|zugestell|ausgeliefer|übermittel|übertrag)\w*|niet (?:bezorg|afgelever)\w*|non (?:distribu|remis|recapit|delivr)\w*)"
    r"|(?:meddelande\w*|meldinge?n?|besked(?:en)?|e-post(?:en)?|viesti\w*|mesaj\w*|ileti\w*|μήνυμα|메일|메시지)[^:]{0,20}?"
    r"(?:(?:inte|ikke) (?:kunn?a?e? )?(?:levere|sende)\w*|toimit\w*|teslim edile\w*|παραδ\w*|못했|않았|실패)"
)
# Only machines name the address in full: "Your message to anna@example.org was rejected".
_TO_WHOM = re.compile(
    r"(?:your|the|ihre|deine|votre|su|tu|il tuo|uw) (?:e-?mail|message|mail|nachricht|courriel|mensaje|correo|messaggio|bericht)(?: message)?"
    r" (?:(?:could|was|has|is|can) ?not (?:been |be )?(?:delivered |sent )?)?(?:to|an|à|a|para|aan) (?:[^\s@]{1,30} )?[<\"']?[^\s@<>]{1,64}@"
)
_CODE = re.compile(
    r"(?<![\w.])(?:[45][0-5]\d[ -]{1,2}(?:#?[45]\.\d\.\d|[a-z<\"])|#?[45]\.[0-7]\.\d{1,3}(?![.\d]))",
    re.IGNORECASE,
)
# An address that stands on a line of its own, opens one, or is put between angle brackets.
_ADDRESS = re.compile(
    r"(?:^[ \t>\"'|*-]{0,12}(?:[^\W\d]{1,12}:?[ \t]{1,8})?[\"'<(]{0,2}|<)([^\s@<>\"'(:;,]{1,64}@[\w.-]{1,100}[\w])(?=[>)\"':;,\s]|$)",
    re.MULTILINE,
)
_COPY = re.compile(r"^[> \t]{0,4}message-id:", re.IGNORECASE | re.MULTILINE)
# Machines greet too: "Hi. This is the qmail-send program".
_GREETING = re.compile(
    r"(?:dear|hallo|hello|hi|guten|sehr geehrte|liebe\w{0,2}|bonjour|hola)\b(?!.{0,4}this is|.{0,60}we're writing)"
)
_TROUBLE = re.compile(
    r"\bfail|\berror|deliver|bounce|reject|refus|unknown|mailing loop|fehler|zustell|échec|remise|distribu|entrega|consegn|recapit|bezorg|dostarcz|levere|toimit|doruč|kézbes|teslim"
    r"|livr|ошибк|достав|παράδο|退|送達|送信|配信|エラー|전송|발송|오류"
)
_FIRST_WORDS = 60


def is_daemon(address: str) -> bool:
    """Return whether an address is that of a mail system itself."""
    return bool(_DAEMON.match(address))


def is_by_daemon(mail: Incoming) -> bool:
    """Return whether its sender, or a header, names a program that delivers mail."""
    named = bool(_DAEMON_NAME.search(_from(mail)))
    return (
        _is_daemon_alone(mail)
        or named
        or any(has_header(mail.head, name) for name in _REPORT_HEADERS)
    )


def is_by_office(mail: Incoming) -> bool:
    """Return whether a mail comes from where machines write, and sometimes people."""
    sender = _from(mail)
    return is_daemon(mail.sender.address) or bool(_OFFICE_NAME.search(sender)) or not sender


def is_by_anybody(mail: Incoming) -> bool:
    """Return whether nothing tells its sender from a person."""
    by_hand = first_word(mail.head, "Auto-Submitted") in ("", "no") and not mail.has_null_path
    if not by_hand or _UNANSWERED.match(mail.sender.address):
        return False
    return not is_by_daemon(mail) and not is_by_office(mail)


def has_null_path(mail: Incoming) -> bool:
    return mail.has_null_path


def is_passed_on(mail: Incoming) -> bool:
    """Return whether somebody answers or passes on: daemons do neither."""
    return bool(_PASSED_ON.match(mail.subject)) and not _is_daemon_alone(mail)


def is_titled(mail: Incoming) -> bool:
    """Return whether the subject is that of a report, in any program's language."""
    tags = _TAGS.match(mail.subject)
    whole = mail.subject.lower().replace("’", "'")
    words = whole[tags.end() if tags else 0 :].lstrip("\"'* ")
    return (
        words.startswith(SUBJECTS) or whole.startswith(SUBJECTS) or bool(_ABOUT_MAIL.match(words))
    )


def opens_like_one(mail: Incoming) -> bool:
    """Return whether it begins as programs introduce themselves."""
    begun = mail.opening[:_FIRST_WORDS]
    return any(phrase in begun for phrase in OPENINGS)


def says_to_whom(mail: Incoming) -> bool:
    return bool(_TO_WHOM.search(mail.opening) or _TO_WHOM.match(mail.subject.lower()))


def shows_address(mail: Incoming) -> bool:
    """Return whether the address of somebody else is set apart."""
    known = {mail.sender.address.lower(), *mail.own_addresses, *mail.to}
    shown = (match[1].lower() for match in _ADDRESS.finditer(mail.text[:OPENING]))
    return any(one not in known and not is_daemon(one) for one in shown)


def shows_code(mail: Incoming) -> bool:
    """Return whether a server's answer is shown."""
    return bool(_CODE.search(mail.opening))


def shows_copy(mail: Incoming) -> bool:
    """Return whether the mail that came back is attached, or its headers are shown."""
    returned = any(leaf.content_type in RETURNED_TYPES for leaf in mail.leaves)
    return returned or bool(_COPY.search(mail.text))


def tells_why(mail: Incoming) -> bool:
    return names_a_cause(mail.opening)


def tells_of_trouble(mail: Incoming) -> bool:
    return bool(_TROUBLE.search(mail.opening))


def answers(mail: Incoming) -> bool:
    """Return whether it calls itself an answer: notes do, programs that deliver seldom."""
    return first_word(mail.head, "Auto-Submitted") == "auto-replied"


def asks(mail: Incoming) -> bool:
    """Return whether it asks: people do, machines state."""
    return "?" in mail.opening


def greets(mail: Incoming) -> bool:
    return opens_a_letter(mail.text) or bool(_GREETING.match(mail.opening))


def came_by_list(mail: Incoming) -> bool:
    return any(has_header(mail.head, name) for name in ("List-Id", "List-Unsubscribe", "List-Post"))


def _is_daemon_alone(mail: Incoming) -> bool:
    address = mail.sender.address
    return is_daemon(address) and not _POSTMASTER.match(address)


def _from(mail: Incoming) -> str:
    return f"{mail.sender.name} {safe_header(mail.head, 'From')[:200]}".strip(" <>")
