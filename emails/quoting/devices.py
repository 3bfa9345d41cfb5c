"""Lines such as "Sent from my phone" that mail programs add by themselves."""

import re

_LENGTH = 160
_LINK = re.compile(r"\s{0,3}[<\[(] ?https?://[^\s<>]{1,200} ?[>\])]")
_STARTS = (
    "sent from", "sent via", "sent with", "sent using", "sent by", "get outlook for", "get bluemail for", "sent on my",
    "download outlook", "composed on", "typed on my", "written on my",
    "gesendet von", "gesendet mit", "gesendet über", "gesendet aus", "gesendet via", "versendet mit", "versendet von",
    "verschickt von", "verschickt mit", "outlook für", "holen sie sich outlook", "laden sie outlook", "beziehen sie outlook",
    "geschrieben auf meinem", "getippt auf", "unterwegs gesendet",
    "envoyé de", "envoyé depuis", "envoyé à partir", "envoyé avec", "envoyé via", "envoyé par", "envoye de", "envoye depuis",
    "télécharger outlook", "télécharger boxer", "obtenez outlook", "obtenir outlook",
    "enviado desde", "enviado con", "enviado do", "enviado de", "enviado a partir", "enviado através", "enviado pelo", "enviado por",
    "enviado via", "enviado usando", "enviado el", "obtener outlook", "obtenga outlook", "obter o outlook", "obter outlook",
    "descargar outlook", "baixar outlook", "baixe o outlook", "enviat des",
    "inviato da", "inviato dal", "inviato con", "inviato tramite", "scarica outlook", "ottieni outlook", "inviata da",
    "verzonden vanaf", "verzonden van", "verzonden met", "verzonden via", "verstuurd vanaf", "verstuurd vanuit", "verstuurd met",
    "verstuurd van", "verstuurd via", "verzonden vanuit", "download outlook voor", "outlook voor", "outlook downloaden",
    "wysłane z", "wysłano z", "wysłano za", "wysłane za", "wysłane przy", "wysłane przez", "pobierz outlook", "pobierz program outlook",
    "uzyskaj outlook", "uzyskaj aplikację outlook", "wyslane z",
    "skickat från", "skickades från", "skickat via", "skickat med", "hämta outlook", "skaffa outlook",
    "sendt fra", "sendt via", "sendt med", "hent outlook", "få outlook", "last ned outlook", "skaff deg outlook", "skaff outlook",
    "lähetetty", "lähetettiin", "lataa outlook", "hanki outlook",
    "odesláno z", "odesláno ze", "odesláno s", "odesláno přes", "odesláno mobilem", "odoslané z", "odoslané zo", "odoslané cez",
    "získat outlook", "získejte outlook", "stáhnout outlook", "získajte outlook", "poslano z", "poslano s", "poslano iz", "poslané z",
    "elküldve", "küldve", "az üzenetet", "a következőről küldve", "trimis de pe", "trimis din", "trimis cu", "expediat de pe",
    "descărcați outlook", "obțineți outlook",
    "отправлено с", "отправлено из", "отправлено через", "послано с", "скачать outlook", "отправлено от",
    "надіслано з", "надіслано із", "відправлено з", "відправлено із", "изпратено от", "изпратено с", "послато са",
    "στάλθηκε από", "εστάλη από", "απεστάλη από", "στάλθηκε με", "αποστολή από", "λήψη του outlook",
    "saadetud minu", "nosūtīts no", "išsiųsta iš", "đã gửi từ", "được gửi từ", "dikirim dari", "ส่งจาก", "נשלח מ", "أرسلت من", "تم الإرسال من",
    "发自我的", "发自", "寄自", "從我的", "从我的", "傳送自", "获取 outlook", "下载 outlook", "取得 outlook", "iphoneから", "ipadから",
    "私の", "androidから", "나의", "내 ", "iphone'dan", "outlook for",
)  # fmt: skip
_ENDS = (
    "gesendet", "verschickt", "versendet", "beziehen", "herunterladen", "geschrieben", "gönderildi", "から送信", "送信", "で送信",
    "에서 보냄", "보냄", "küldve", "küldött", "傳送", "发送", "發送", "寄出", "downloaden", "で作成", "yuborildi", "edinin",
)  # fmt: skip
_OPENINGS_TO_ENDS = (
    "von mein", "von ", "diese nachricht wurde", "diese mail wurde", "diese e-mail wurde", "diese email wurde", "outlook", "iphone", "ipad",
    "android", "samsung", "私", "나", "내", "從", "从", "gmail", "yahoo", "vom ", "aus ", "mit ", "a ", "az ",
    "mobil", "bu ", "huawei",
)  # fmt: skip
_DEVICE = re.compile(
    r"i-?phon|ipad|ipod|i-?os\b|blackberry|android|samsung|galaxy|huawei|nokia|windows|xperia|smartphone|\bhandy\b|\btablet|xiaomi"
    r"|redmi|oneplus|\bpixel\b|motorola|outlook|yahoo|\bgmx|web\.de|proton|thunderbird|gmail|t-online|telekom|vodafone|verizon|at&t"
    r"|bluemail|k-9|fairemail|mailbird|tutanota|posteo|foxmail|mymail|fastmail|spark\b|\bnine\b|airmail|edison|superhuman|newton mail|missive|\bspike\b|aqua ?mail|mailspring"
    r"|\b(?:mobil|mobiel|mobile|móvil|movil|telef|telém|celular|puhelin|matkapuh|téléphone|telemóvel|cellulare|okostelefon|komórk)\w*"
    r"|laposte|libero|orange|\bsfr\b|wanadoo|seznam|mail\.ru|yandex|яндекс|почт|мобил|смартфон|телефон|κινητ|手机|手機|電話|휴대|qq|邮箱|網易|网易"
    r"|\b(?:zoho|hotmail|icloud|mailbox|mate \d|apple|macbook|imac|mac|pc|phone|\w*phone|surface|honor|oppo|vivo|realme|fairphone|device|gerät)\b"
    r"|(?<!e-)\bmail(?: for| app|\W{0,2}$)|e-?mail-app",
    re.IGNORECASE,
)
_APOLOGY = re.compile(
    r"[\s.\-–,;(]{0,4}(?:please )?(?:excuse|forgive|pardon|bitte entschuldigen|entschuldigen|tippfehler|merci d'excuser|veuillez excuser|disculpe)[^\n]{0,100}",
    re.IGNORECASE,
)
_MOST_WORDS = 9
_FEW_WORDS = 6


def names_a_device(line: str) -> bool:
    """Return whether a program on a phone, a tablet or a PC names itself in this line."""
    words = _sender_line(line)
    if not words:
        return (
            bool(line.strip())
            and bool(_APOLOGY.fullmatch(line[:_LENGTH]))
            and "typo" in line.lower()
        )
    return bool(_DEVICE.search(words)) and _is_plain(words, _MOST_WORDS)


def sounds_like_a_device(line: str) -> bool:
    """Return whether a last line reads like one: "Sent from a small screen"."""
    words = _sender_line(line)
    return words.startswith(("sent from ", "gesendet von meinem ", "envoyé de mon ")) and _is_plain(
        words, _FEW_WORDS + 2
    )


def _sender_line(line: str) -> str:
    short = line.strip(" \t\xa0*_–—-")
    if not short or len(short) > 2 * _LENGTH:
        return ""
    words = _LINK.sub("", short.lower()).strip(" .!。")
    begins = words.startswith(_STARTS)
    return (
        words if begins or (words.endswith(_ENDS) and words.startswith(_OPENINGS_TO_ENDS)) else ""
    )


def _is_plain(words: str, most: int) -> bool:
    """Return whether this is no sentence of a person's: short, without pauses and questions."""
    first = re.split(
        r"[.;!] |, (?=powered|please|excuse|so |bitte|sorry)| - |\|", words, maxsplit=1
    )[0]
    return len(first.split()) <= most + 3 * ("nachricht wurde" in first) and not re.search(
        r", |[?;:]", first
    )
