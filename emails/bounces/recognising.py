"""Is a mail a delivery report: by the standard, else by its sender, its subject and its words.

A person who asks about a failed delivery, or passes a report on, is a person: what people write too
counts only in the mail of a machine.
"""

import re

from emails.bounces.causes import names_a_cause
from emails.bounces.phrases import SAID_BY_PEOPLE_TOO, SUBJECTS, UNMISTAKABLE
from emails.headers import first_word, has_header, media_type, parameter, safe_header
from emails.incoming import Incoming
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
    r"|dragonfly mail|mail system|microsoft outlook|twfpbcbezwxpdmvyesbtdwjzexn0zw0|interscan|mailmarshal|courier mail server",
    re.IGNORECASE,
)
_OFFICE_NAME = re.compile(
    r"post ?master|system ?administrator|mail administrator|systemadministrator|administrateur système|administrador del sistema|mail server|mailserver",
    re.IGNORECASE,
)
_TAGS = re.compile(r"\s*(?:\[[^\]]{1,30}\]\s*|\*{2,5}[^*]{1,20}\*{2,5}\s*)?")
_PASSED_ON = re.compile(
    r"\s*(?:re|aw|antw|sv|vs|odp|ynt|rif|res|ref|fw|fwd|wg|tr|rv|i|enc|vb|doorst|pd|inoltr?a?|fwd?\[\d\])\s?:",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"\s*(?:unzustellbar|undeliverable|nicht zustellbar|unzustellbare nachricht|onbestelbaar|non remis|no se puede entregar|non recapitabile)\s?:",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"(?<![\w.])(?:[45][0-5]\d[ -]{1,2}(?:#?[45]\.\d\.\d|[a-z<\"])|#?[45]\.[0-7]\.\d{1,3}(?![.\d]))",
    re.IGNORECASE,
)
# Machines greet too: "Hi. This is the qmail-send program".
_GREETING = re.compile(
    r"(?:dear|hallo|hello|hi|guten|sehr geehrte|liebe\w{0,2}|bonjour|hola)\b(?!.{0,4}this is|.{0,60}we're writing)"
)
_ABOUT_MAIL = re.compile(
    r"(?:(?:your|the|a) )?(?:e-?mail|message|mail)s?\b[^:]{0,30}?\b(?:not|cannot|can't|couldn't|undeliver\w*|non-?deliver\w*|fail\w*|return\w*"
    r"|reject\w*|refused|blocked|bounced|delay\w*|warning|error)\b"
    r"|(?:mensage[mn]s?|mensajes?|correo|e-?mail|messaggio|bericht|message|courriel|nachricht|wiadomość|zpráva|levél\w*|сообщение|письмо)\b[^:]{0,20}?\b"
    r"(?:devolv\w*|devuelt\w*|retourn\w*|restituit\w*|zwróc\w*|vissza\w*|nedoruč\w*|zurück\w*|rejeit\w*|rechazad\w*|respint\w*|refus\w*|odrzuc\w*|возвращ\w*|отклон\w*"
    r"|unzustell\w*|fehlgeschl\w*|nicht (?:zustell|zugestell|ausgeliefer|übermittel)\w*|niet (?:bezorg|afgelever)\w*|non (?:distribu|remis|recapit|delivr)\w*)"
)
# Only machines name the address in full: "Your message to anna@example.org was rejected".
_TO_WHOM = re.compile(
    r"(?:your|the|ihre|deine|votre|su|tu|il tuo|uw) (?:e-?mail|message|mail|nachricht|courriel|mensaje|correo|messaggio|bericht)(?: message)? (?:to|an|à|a|para|aan) (?:[^\s@]{1,30} )?[<\"']?[^\s@<>]{1,64}@"
)
_COPY = re.compile(r"^[> \t]{0,4}message-id:", re.IGNORECASE | re.MULTILINE)
_TROUBLE = re.compile(
    r"\bfail|\berror|deliver|bounce|reject|refus|unknown|mailing loop|fehler|zustell|échec|remise|distribu|entrega|consegn|recapit|bezorg|dostarcz|levere|toimit|doruč|kézbes|teslim"
    r"|livr|ошибк|достав|παράδο|退|送達|送信|配信|エラー|전송|발송|오류"
)
_REFUSED = "was automatically rejected"
_FIRST_WORDS, _OPENING = 60, 400
_REPORT_HEADERS = (
    "X-Failed-Recipients",
    "X-MS-Exchange-Message-Is-Ndr",
    "X-MLServer",
    "X-AHMAILID",
    "X-Bounce-Id",
)


def is_daemon(address: str) -> bool:
    """Return whether an address is that of a mail system itself."""
    return bool(_DAEMON.match(address))


def is_delivery_report(mail: Incoming) -> bool:
    """Return whether a mail reports on another's delivery."""
    kind = media_type(mail.head)
    has_status = any(leaf.content_type in STATUS_TYPES for leaf in mail.leaves)
    if kind == "multipart/report":
        report = parameter(mail.head, "Content-Type", "report-type").lower()
        # Dovecot reports as read what it refuses to store.
        refused = _REFUSED in mail.opening
        return (
            report == "delivery-status"
            or has_status
            or refused
            or (not report and _looks_like_one(mail))
        )
    if _is_persons_subject(mail):
        return False
    return _looks_like_one(mail) or (has_status and (_by_machine(mail) or _by_office(mail)))


def _is_persons_subject(mail: Incoming) -> bool:
    """Return whether somebody answers or passes on: daemons do neither."""
    return bool(_PASSED_ON.match(mail.subject)) and not _is_daemon_itself(mail)


def _looks_like_one(mail: Incoming) -> bool:
    titled = _is_titled(mail.subject)
    if _says(mail.opening, UNMISTAKABLE) and (_by_machine(mail) or _by_office(mail)):
        return True
    if _is_daemon_itself(mail):
        trouble = _TROUBLE.search(mail.opening) or _tells_of_failure(mail)
        return titled or _shows_server(mail) or bool(trouble)
    if _is_named_daemon(mail):
        return titled or _shows_server(mail)
    if _by_machine(mail):
        return _is_machines(mail, titled=titled)
    if _by_office(mail):
        shows = bool(_CODE.search(mail.opening)) and "@" in mail.opening and not _greets(mail)
        return bool(_LABELLED.match(mail.subject)) or shows or (titled and _names_address(mail))
    return _begins_like_one(mail, titled=titled)


def _is_machines(mail: Incoming, *, titled: bool) -> bool:
    if not titled:
        return _by_office(mail) and _shows_server(mail)
    plain = mail.has_null_path and _says(mail.opening, SAID_BY_PEOPLE_TOO)
    return plain or _shows_server(mail) or not mail.opening


def _names_address(mail: Incoming) -> bool:
    """Return whether a server's words are shown, or an address that failed."""
    if _shows_server(mail):
        return True
    return "@" in mail.opening and _tells_of_failure(mail) and not _greets(mail)


def _tells_of_failure(mail: Incoming) -> bool:
    return _says(mail.opening, SAID_BY_PEOPLE_TOO) or names_a_cause(mail.opening)


def _begins_like_one(mail: Incoming, *, titled: bool) -> bool:
    """Return whether a mail of any sender begins as only machines begin."""
    if _greets(mail):
        return False
    if _says(mail.opening[:_FIRST_WORDS], UNMISTAKABLE):
        return True
    shown = _returns_a_mail(mail) or bool(_TO_WHOM.match(mail.opening))
    if titled and shown and _tells_of_failure(mail):
        return True
    begins = _says(mail.opening[:_OPENING], UNMISTAKABLE)
    return begins and (titled or bool(_CODE.search(mail.opening)))


def _is_daemon_itself(mail: Incoming) -> bool:
    address = mail.sender.address
    return is_daemon(address) and not _POSTMASTER.match(address)


def _is_named_daemon(mail: Incoming) -> bool:
    return bool(_DAEMON_NAME.search(_from(mail))) or any(
        has_header(mail.head, name) for name in _REPORT_HEADERS
    )


def _by_machine(mail: Incoming) -> bool:
    """Return whether nobody wrote this by hand."""
    submitted = first_word(mail.head, "Auto-Submitted")
    return mail.has_null_path or submitted not in ("", "no") or _is_named_daemon(mail)


def _by_office(mail: Incoming) -> bool:
    """Return whether a mail comes from where machines write, and sometimes people."""
    return (
        is_daemon(mail.sender.address) or bool(_OFFICE_NAME.search(_from(mail))) or not _from(mail)
    )


def _from(mail: Incoming) -> str:
    return f"{mail.sender.name} {safe_header(mail.head, 'From')[:200]}".strip(" <>")


def _is_titled(subject: str) -> bool:
    tags = _TAGS.match(subject)
    whole = subject.lower().replace("’", "'")
    words = whole[tags.end() if tags else 0 :].lstrip("\"'* ")
    return (
        words.startswith(SUBJECTS) or whole.startswith(SUBJECTS) or bool(_ABOUT_MAIL.match(words))
    )


def _shows_server(mail: Incoming) -> bool:
    """Return whether a server's answer or the mail that came back is shown."""
    return bool(_CODE.search(mail.opening)) or any(
        leaf.content_type in RETURNED_TYPES for leaf in mail.leaves
    )


def _returns_a_mail(mail: Incoming) -> bool:
    """Return whether a mail of ours is attached, or its headers are shown."""
    returned = any(leaf.content_type in RETURNED_TYPES for leaf in mail.leaves)
    return returned or bool(_COPY.search(mail.text))


def _greets(mail: Incoming) -> bool:
    return opens_a_letter(mail.text) or bool(_GREETING.match(mail.opening))


def _says(text: str, phrases: tuple[str, ...]) -> bool:
    return any(phrase in text for phrase in phrases)
