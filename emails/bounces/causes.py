"""Why a mail did not arrive: enhanced status codes (RFC 3463), reply codes and what servers say."""

import re

from emails.data import BounceReason

_SAID = (
    (BounceReason.MAILBOX_FULL, "2.2", (
        "mailbox full", "mailbox is full", "mailbox over", "mailbox has exceeded", "mailbox exceeds", "exceeds allowed size", "exceeds the allowed size", "over quota", "overquota", "quota exceed",
        "exceeded its disk quota", "exceeded the quota", "exceeded storage", "exceeds storage", "storage allocation", "quota full",
        "disk quota", "inbox is full", "inbox full", "not enough space", "insufficient disk", "mailbox size limit", "out of space",
        "user is over", "would exceed mailbox", "mailfolder is full", "account is full", "postfach ist voll", "postfach voll",
        "speicherplatz", "kontingent", "boîte pleine", "boite pleine", "buzón lleno", "casella piena", "переполнен", "邮箱已满", "容量",
        "mailbox limit", "message box full", "box full", "quota violation", "quota has been", "exceeded quota", "quotaexceeded",
    )),
    (BounceReason.RELAY_DENIED, "7.1", (
        "relaying denied", "relay denied", "relay not permitted", "relay access denied", "unable to relay", "not permitted to relay",
        "relaying not", "relay prohibited", "we do not relay", "not relay", "no relaying", "cannot relay", "relay is not", "mail relay",
    )),
    (BounceReason.LOOP, "4.6", (
        "too many hops", "hop count", "mail loop", "loops back", "mail forwarding loop", "routing loop", "loop detected", "loop count",
        "looping", "too many received", "schleife",
    )),
    (BounceReason.TOO_BIG, "3.4", (
        "message too large", "message too big", "size limit", "exceeds the maximum", "message size exceeds", "maximum message size",
        "exceeds size", "too large", "exceeds fixed limit", "message is larger", "exceeded max", "zu groß", "size exceed", "mail too big",
    )),
    (BounceReason.HOST_UNKNOWN, "1.2", (
        "host unknown", "unknown host", "host not found", "host or domain name not found", "domain not found", "domain couldn't be found",
        "domain could not be found", "no such domain", "domain does not exist", "domain doesn't exist", "name service error", "unrouteable",
        "unrouted", "unroutable", "name server: host not found", "dns error", "no mx", "no mail server", "couldn't find any host",
        "could not find a mail", "nxdomain", "domain is not", "unknown domain", "illegal host", "bad destination host", "invalid domain",
        "no route to host", "all relevant mx records", "retrydns", "domain kann nicht", "domain wurde nicht", "domäne", "smtp routing error",
    )),
    (BounceReason.USER_UNKNOWN, "1.1", (
        "user unknown", "unknown user", "no such user", "unknown recipient", "recipient unknown", "no such recipient", "no such address",
        "no such mailbox", "no mailbox", "no such person", "user inexist", "usuário inexist", "usuario inexist", "mailbox unavailable", "mailbox not found", "mailbox does not exist", "mailbox doesn't exist", "user not found",
        "does not exist", "doesn't exist", "recipient not found", "recipnotfound", "recipientnotfound", "address not found", "address couldn't be found",
        "address could not be found", "invalid recipient", "invalid mailbox", "invalid address", "invalid user", "not a valid", "not listed in",
        "recipient rejected", "recipient address rejected", "address rejected", "unknown address", "address unknown", "unknown local", "no account",
        "not our customer", "not known", "is unknown", "unknown email", "addressee unknown", "bad address", "bad destination mailbox", "doesn't have a",
        "not have an account", "user doesn't", "unknown or illegal alias", "no longer available", "no longer valid", "no longer on server",
        "no valid recipients", "name is not recognized", "not recognised", "not recognized", "undeliverable address", "account is disabled",
        "mailbox disabled", "mailbox is disabled", "account disabled", "account that you tried to reach is", "inactive", "empfänger unbekannt",
        "unbekannter empfänger", "existiert nicht", "nicht gefunden", "adresse ist unbekannt", "inconnu", "n'existe pas", "no existe", "desconocido",
        "sconosciuto", "non esiste", "onbekend", "bestaat niet", "nieznany", "nie istnieje", "не существует", "не найден", "недействител",
        "宛先不明", "存在しない", "不存在", "존재하지", "unknown", "this user",
    )),
    (BounceReason.EXPIRED, "4.7", (
        "message expired", "delivery time expired", "retry time", "retry timeout", "timed out", "timeout", "queue too long", "in the queue too long",
        "been in queue", "too long in queue", "couldn't be delivered in time", "expired", "too old", "undeliverable for", "connection refused",
        "could not be contacted", "unable to connect", "cannot connect", "couldn't connect", "not responding", "did not respond", "lost connection",
        "conversation with", "network is unreachable", "connection dropped", "delivery attempts have failed", "zeitüberschreitung", "deferred",
    )),
    (BounceReason.POLICY, "7.1", (
        "spam", "blocked", "blacklist", "block list", "blocklist", "blackhole", "black list", "reputation", "spamhaus", "dnsbl", "rbl", "policy", "spf",
        "dkim", "dmarc", "not authorized", "not authorised", "unauthorized", "access denied", "virus", "content rejected", "message rejected", "prohibited",
        "greylist", "graylist", "rejected by", "message refused", "not allowed", "not permitted", "permission to post", "banned", "junk", "unsolicited",
        "ptr record", "reverse dns", "rejected", "refused", "denied", "abgelehnt", "verweigert", "rechazado", "rifiutato", "refusé", "forbidden",
    )),
)  # fmt: skip
_OF_STATUS = {
    "1.0": BounceReason.USER_UNKNOWN, "1.1": BounceReason.USER_UNKNOWN, "1.2": BounceReason.HOST_UNKNOWN,
    "1.3": BounceReason.USER_UNKNOWN, "1.4": BounceReason.USER_UNKNOWN, "1.6": BounceReason.USER_UNKNOWN,
    "1.10": BounceReason.USER_UNKNOWN, "2.0": BounceReason.MAILBOX_DISABLED, "2.1": BounceReason.MAILBOX_DISABLED,
    "2.2": BounceReason.MAILBOX_FULL, "2.3": BounceReason.TOO_BIG, "3.1": BounceReason.MAILBOX_FULL,
    "3.4": BounceReason.TOO_BIG, "4.1": BounceReason.EXPIRED, "4.2": BounceReason.EXPIRED,
    "4.3": BounceReason.HOST_UNKNOWN, "4.4": BounceReason.HOST_UNKNOWN, "4.6": BounceReason.LOOP,
    "4.7": BounceReason.EXPIRED, "4.14": BounceReason.LOOP, "4.310": BounceReason.HOST_UNKNOWN,
    "4.316": BounceReason.EXPIRED,
}  # fmt: skip
_OF_SUBJECT = {
    "1": BounceReason.USER_UNKNOWN, "2": BounceReason.MAILBOX_DISABLED, "4": BounceReason.EXPIRED,
    "6": BounceReason.CONTENT, "7": BounceReason.POLICY,
}  # fmt: skip
_ENHANCED = re.compile(r"(?<![\d.])([45])\.([0-7])\.(\d{1,3})(?!\.?\d)")
_REPLY_CODE = re.compile(
    r"(?:^|(?<=[\s:;<(\[\"'#]))([45])[0-5]\d(?:[ -]|(?=[,;:)]))(?=\s?[^\s\d.,:;)])", re.MULTILINE
)
_FULL_BY_CODE = re.compile(r"(?:^|[\s:#(])(?:[45]52)[ -](?!5\.[13-7])")


def cause_of(text: str, reported: str = "", *, delayed: bool = False) -> tuple[str, BounceReason]:
    """Return the most exact status of what a server said, and the reason; "" where it is silent.

    `reported` is the status that the report gives; it counts unless it only says "failed".
    """
    text = text[:4000]
    status = reported if _is_exact(reported) else _enhanced(text, reported)
    said, reason = _said(text.lower())
    if _is_exact(status):
        return status, _exact_reason(status, reason)
    kind = status[:1] or _kind(text, reason, delayed=delayed)
    if not kind:
        return "", BounceReason.OTHER
    if reason is BounceReason.OTHER and _FULL_BY_CODE.search(text):
        return f"{kind}.2.2", BounceReason.MAILBOX_FULL
    return (f"{kind}.{said}" if said else status or f"{kind}.0.0"), reason


def names_a_cause(text: str) -> bool:
    """Return whether a text in small letters says why mail does not arrive."""
    return _said(text)[1] is not BounceReason.OTHER


def _is_exact(status: str) -> bool:
    return bool(status) and not status.endswith((".0.0", ".1.0"))


def _enhanced(text: str, reported: str) -> str:
    found = [
        match[0]
        for match in _ENHANCED.finditer(text)
        if match[0][0] == (reported[:1] or match[0][0])
    ]
    return next(filter(_is_exact, found), found[0] if found else reported)


def _said(text: str) -> tuple[str, BounceReason]:
    for reason, detail, phrases in _SAID:
        if any(phrase in text for phrase in phrases):
            return detail, reason
    return "", BounceReason.OTHER


def _exact_reason(status: str, said: BounceReason) -> BounceReason:
    kind, _, detail = status.partition(".")
    subject = detail.partition(".")[0]
    if subject == "7" and said is BounceReason.RELAY_DENIED:
        return said
    if status == "5.4.1" and said is BounceReason.USER_UNKNOWN:
        return said
    if kind not in ("4", "5"):
        return BounceReason.OTHER
    return _OF_STATUS.get(detail) or _OF_SUBJECT.get(subject, BounceReason.OTHER)


def _kind(text: str, reason: BounceReason, *, delayed: bool) -> str:
    if delayed:
        return "4"
    codes = [code[1] for code in _REPLY_CODE.finditer(text)]
    if codes:
        # Of a transcript the last word counts: "421 ... Deferred", then "550 ... Host unknown".
        return max(codes)
    return "" if reason is BounceReason.OTHER else "5"
