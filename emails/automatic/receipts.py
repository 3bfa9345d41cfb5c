"""Receipts of delivery and reading (RFC 8098), and answers to invitations (RFC 5546)."""

import re

from emails.headers import parameter
from emails.incoming import Incoming

_RECEIPT_TYPE = "message/disposition-notification"
_SUBJECTS = (
    "gelesen:", "nicht gelesen:", "ungelesen gelöscht:", "zugestellt:", "übermittelt:", "read:", "not read:", "deleted:", "delivered:",
    "relayed:", "lu :", "lu:", "lu\xa0:", "non lu", "non lu :", "leído:", "leido:", "no leído:", "letto:", "non letto:", "gelezen:", "niet gelezen:",
    "lida:", "lido:", "não lida:", "przeczytano:", "nieprzeczytano:", "läst:", "oläst:", "læst:", "lest:", "ulest:", "luettu:", "přečteno:",
    "nepřečteno:", "elolvasva:", "citit:", "okundu:", "прочтено:", "прочитано:", "διαβάστηκε:", "已读:", "已讀:", "開封済み:", "읽음:",
    "lesebestätigung", "empfangsbestätigung", "return receipt", "read receipt", "read-receipt", "delivery receipt", "accusé de lecture",
    "confirmación de lectura", "conferma di lettura", "leesbevestiging", "confirmação de leitura", "potwierdzenie przeczytania", "läskvitto",
    "отчет о прочтении", "уведомление о прочтении",
)  # fmt: skip
_SAID = (
    "wurde gelesen", "gelesen am", "gelesen um", "angezeigt", "was read", "was displayed", "been read", "been displayed", "ungelesen gelöscht",
    "deleted without being read", "no guarantee that", "keine garantie", "this is a receipt", "return receipt for the", "ist eine empfangsbestätigung",
    "dies ist eine lesebestätigung", "delivered to the following", "has been delivered", "was delivered", "zugestellt an", "übermittelt an",
    "wurde den folgenden empfängern zugestellt", "a été lu", "ha sido leído", "fue leído", "è stato letto", "is gelezen", "foi lid", "przeczytan", "har lästs",
    "blev læst", "ble lest", "на прочтен", "прочитан",
)  # fmt: skip
_READ_ON = re.compile(r"wurde am .{0,40}?(?:gelesen|angezeigt|geöffnet)")
_REPLIES = {"reply", "counter", "declinecounter", "refresh"}
_ANSWERED = (
    "zugesagt:", "abgelehnt:", "mit vorbehalt:", "vorläufig zugesagt:", "vorbehaltlich:", "neue zeit vorgeschlagen:", "neuen termin vorgeschlagen:",
    "angenommen:", "accepted:", "declined:", "tentative:", "tentatively accepted:", "new time proposed:", "accepté :", "accepté:", "refusé :",
    "provisoire :", "aceptado:", "aceptada:", "rechazado:", "rechazada:", "provisional:", "accettato:", "rifiutato:", "provvisorio:", "geaccepteerd:",
    "geweigerd:", "voorlopig:", "aceite:", "aceito:", "recusado:", "zaakceptowano:", "odrzucono:", "wstępnie:", "accepterat:", "accepteret:", "akseptert:",
    "hyväksytty:", "přijato:", "elfogadva:", "принято:", "已接受:", "承諾:", "수락됨:",
)  # fmt: skip
_CALENDAR_HEAD = 4000


def is_receipt(mail: Incoming) -> bool:
    """Return whether a mail says that another was delivered or read, and nothing else."""
    if mail.report_type == "disposition-notification":
        return True
    if any(leaf.content_type == _RECEIPT_TYPE for leaf in mail.leaves):
        return True
    if not mail.subject.lower().startswith(_SUBJECTS):
        return False
    said = any(phrase in mail.opening for phrase in _SAID)
    return said or not mail.opening or bool(_READ_ON.search(mail.opening))


def answers_invitation(mail: Incoming) -> bool:
    """Return whether a calendar program accepts or declines an invitation for its user."""
    for leaf in mail.leaves:
        if leaf.content_type == "text/calendar":
            method = parameter(leaf.head, "Content-Type", "method").lower()
            if not method:
                begun = leaf.payload[:_CALENDAR_HEAD].upper()
                method = "reply" if b"METHOD:REPLY" in begun else ""
            return method in _REPLIES
    sealed = any(leaf.content_type.endswith("ms-tnef") for leaf in mail.leaves)
    return sealed and not mail.said and mail.subject.lower().startswith(_ANSWERED)
