"""What mail programs write over a quoted or forwarded mail: a block of headers, a divider, a plea
to answer above a line."""

import re
from collections.abc import Mapping, Sequence

from emails.quoting.attributions import last_wrote

_BLOCK_LINES = 12
_FOREIGN_LINES = 4
"""Lines inside a block that are no known header: a long list of recipients, `Importance:`."""
_CANDIDATES = 1000
_LABEL_LENGTH = 48
_FLAT_LENGTH = 600

_ROLES = {
    "from": """from von de da van od fra från fran från lähettäjä lahettaja feladó felado kimden от від από
        expéditeur expediteur remitente mittente afzender nadawca avsändare avsender afsender odesílatel
        odosielateľ gönderen отправитель відправник αποστολέας 发件人 发信人 寄件者 寄件人 發件人 差出人 送信者 보낸사람
        보낸\xa0사람 saatja no nuo từ đã_gửi_từ dari מאת من de_la""",
    "sent": """sent date gesendet datum envoyé envoye date_d'envoi enviado enviada_em enviado_em fecha data inviato
        data_invio verzonden datum wysłano wyslano wysłane skickat sendt dato lähetetty lahetetty päiväys pvm
        odesláno odeslano dátum elküldve küldve odoslané trimis dată gönderildi gönderme_tarihi tarih дата
        отправлено надіслано дата ημερομηνία στάλθηκε 发送时间 发送日期 日期 傳送時間 寄件日期 發送日期 送信日時 日付 送信日
        보낸날짜 보낸\xa0날짜 날짜 발송일 saadetud data_i_godzina ngày đã_gửi tanggal fecha_de_envío תאריך נשלח تاريخ التاريخ
        gesendet_am verschickt enviado_el enviada envoyé_le date_d'envoi inviato_il verzonden_op data_wysłania päivämäärä received empfangen poslano изпратено""",
    "to": """to an à a para aan til till do komu vastaanottaja címzett cimzett către catre pentru kime alıcı кому до
        προς παραλήπτης destinataire destinatario destinatário 收件人 收件者 宛先 받는사람 받는\xa0사람 수신 kam kellele
        đến kepada אל إلى empfänger za até naar""",
    "cc": """cc kopie copie copia kopia kopi kopio dw kópia másolatot_kap bilgi копия копія κοινοποίηση 抄送 副本 참조 cc:
        bcc""",
    "subject": """subject betreff thema objet asunto oggetto onderwerp assunto temat ämne emne aihe předmět predmet
        tárgy subiect konu тема θέμα 主题 主旨 標題 主題 件名 제목 tēma tema teema chủ_đề subjek perihal נושא الموضوع""",
    "other": "reply-to antwort_an importance wichtigkeit priorität attachments anlagen resent-from sender replyto",
}  # fmt: skip
ROLE_OF = {
    label.replace("_", " ").replace("\xa0", " "): role
    for role, labels in _ROLES.items()
    for label in labels.split()
} | {"보낸 사람": "from", "보낸 날짜": "sent", "받는 사람": "to"}
_DIVIDERS = {
    line.strip()
    for line in """
    original message|originalnachricht|original-nachricht|ursprüngliche nachricht
    urspruengliche nachricht|ursprüngliche e-mail|ursprüngliche mail|original mail|original email|ursprüngliche mitteilung
    anfang weitergeleitete nachricht|anfang weitergeleitete e-mail
    reply message|forwarded message|begin forwarded message|forwarded mail|forwarded email|start of forwarded message
    weitergeleitete nachricht|weitergeleitete e-mail|weitergeleitete mail|original-mail|weiterleitung
    anfang der weitergeleiteten e-mail|anfang der weitergeleiteten nachricht|beginn der weitergeleiteten nachricht
    message d'origine|message d’origine|message original|message initial|message transféré|mail original
    début du message réexpédié|début du message transféré|message réexpédié|mail transféré|e-mail d'origine
    mensaje original|mensaje reenviado|inicio del mensaje reenviado|mensaje originál|correo original
    messaggio originale|messaggio inoltrato|inizio messaggio inoltrato|messaggio inoltrato da|mail originale
    oorspronkelijk bericht|origineel bericht|oorspronkelijke bericht|doorgestuurd bericht|begin doorgestuurd bericht
    mensagem original|mensagem encaminhada|mensagem reencaminhada|início da mensagem encaminhada|início da mensagem reencaminhada
    oryginalna wiadomość|wiadomość oryginalna|wiadomość przekazana dalej|przekazana wiadomość|wiadomość przekazana
    treść przekazanej wiadomości|początek przekazywanej wiadomości|original wiadomość|wiadomość źródłowa
    ursprungligt meddelande|originalmeddelande|ursprungsmeddelande|vidarebefordrat meddelande|vidarebefordrat brev
    vidarebefordrat mejl|orginalmeddelande|oprindelig meddelelse|original meddelelse|originalmeddelelse
    videresendt meddelelse|videresendt besked|oprindelig besked|start på videresendt besked|opprinnelig melding
    original melding|videresendt melding|opprinnelig e-post|videresendt e-post|start på videresendt melding
    alkuperäinen viesti|edelleenlähetetty viesti|välitetty viesti|edelleen lähetetty viesti|välitetty viesti alkaa
    původní zpráva|přeposlaná zpráva|předaná zpráva|původní e-mail|začátek přeposlané zprávy|původní mail
    pôvodná správa|preposlaná správa|eredeti üzenet|továbbított üzenet|továbbított levél|eredeti levél
    mesaj original|mesajul original|mesaj redirecționat|mesaj transmis mai departe|mesaj redirectionat
    orijinal mesaj|özgün ileti|orijinal ileti|asıl mesaj|iletilmiş mesaj|iletilen mesaj|iletilen ileti|yönlendirilen ileti
    исходное сообщение|оригинальное сообщение|пересылаемое сообщение|пересланное сообщение|пересылаемое письмо
    исходное письмо|начало переадресованного сообщения|начало пересылаемого сообщения|пересланное письмо
    вихідне повідомлення|оригінальне повідомлення|початкове повідомлення|переслане повідомлення|перенаправлене повідомлення
    пересилане повідомлення|αρχικό μήνυμα|προωθημένο μήνυμα|αρχή προωθημένου μηνύματος|оригинално съобщение
    препратено съобщение|izvorna poruka|originalna poruka|proslijeđena poruka|izvirno sporočilo|posredovano sporočilo
    algne kiri|edastatud kiri|sākotnējais ziņojums|pirminis pranešimas|persiųstas pranešimas
    原始邮件|原始郵件|原邮件|邮件原件|转发的邮件|转发邮件|轉寄郵件|轉寄的郵件|轉寄訊息|原始信件|原始訊息|转发的邮件信息|开始转发的邮件
    元のメッセージ|オリジナルメッセージ|転送メッセージ|転送されたメッセージ|以下転送|転送されたメール|元のメール
    원본 메시지|원본메시지|원본 메일|원본메일|전달된 메시지|전달된 메일|전달 메시지
    thư gốc|tin nhắn gốc|thư đã chuyển tiếp|pesan asli|pesan terusan|הודעה מקורית|הודעה שהועברה
    الرسالة الأصلية|رسالة معاد توجيهها|missatge original|missatge reenviat|jatorrizko mezua
    """.strip().replace("|", "\n").split("\n")
}  # fmt: skip
_DASHES = "-_*=~#‐‑‒–—―─━"
_AROUND = f" \t\xa0\u3000:：<>[]•.{_DASHES}"
_PASSED_ON = re.compile(
    r"(?:forwarded|weitergeleitet|transmis|transféré|reenviado|inoltrato|doorgestuurd|encaminhado|przekazane|vidarebefordrat)"
    r" (?:message )?(?:by|von|par|por|da|door|przez|av) ",
    re.IGNORECASE,
)
_FORWARD = re.compile(
    r"forward|weiterleit|weitergeleit|transfér|réexpéd|reenvia|encaminha|inoltrat|doorgestuurd|przekaz|vidarebefordra|videresend|edelleen|välitet"
    r"|přeposl|předan|preposl|továbbít|redirec|mai departe|iletil|yönlend|пересыл|пересла|переадр|перенапр|пересил|προωθη|препрат|proslijeđ|posredov"
    r"|edastat|persiųst|转发|轉寄|転送|전달|chuyển tiếp|terusan|reenviat",
    re.IGNORECASE,
)
_DAY = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}")
# What Notes writes: "Ben ---03.11.2025 10:12:13---Guten Tag".
_NOTES_DIVIDER = re.compile(r"\s?-{2,4}\s?\d{1,4}[./-]\d{1,2}[./-]\d{2,4} \d\d[:.]\d\d.{0,8}-{2,4}")
_ANSWER = r"repl(?:y|ies)|respond|antwort\w*|répon\w+|respond\w+|rispond\w+|antwoord\w*|repondre|responda|odpowied\w+|svar\w*|vasta\w*|odpov\w+|ответ\w*"
_ABOVE = r"above|oberhalb|über|ueber|au-dessus|por encima|encima|sopra|boven|acima|powyżej|ovanför|over|yläpuolel\w+|nad|выше"
_LINE = r"line|zeile|linie|ligne|línea|linea|lijn|linha|lini\w+|linjen|raden|viivan|rivin|řádk\w+|черт\w+|строк\w+|text|message"
_REPLY_MARKER = re.compile(
    rf"[\W_]{{0,20}}(?=.{{0,80}}\b(?:{_ANSWER})\b)(?=.{{0,80}}\b(?:{_ABOVE})\b)(?=.{{0,100}}\b(?:{_LINE})\b).{{1,110}}",
    re.IGNORECASE,
)
_DECORATED = re.compile(r"[\s]{0,4}[#\-_=*+>~–—]{2}|.{0,120}[#\-_=*+<~–—]{2}\s{0,4}$")
_RULE = re.compile(r"\s{0,4}[_\-=—─*]{8,200}\s{0,4}")
_DASH_RUN = re.compile(r"[-_*=]{3,}")
_OVER_HEADERS = re.compile(
    r"\s{0,4}(?:-{3,30}[^-\n]{3,80}-{3,30}|message du \d.{0,40})\s{0,4}", re.IGNORECASE
)
_TIME = re.compile(r"\d{1,2}[:.時时]\s?\d\d")
_FLAT_LABEL = re.compile(r"([^\W\d_]{1,20}) ?[:：]")
_BEGINNING = {"from", "sent", "to", "subject"}
_DOUBLE = re.compile(r"--|##|__|==|~~|\*\*|‐‐|––|——|──|━━")
_OPENINGS = (
    "message du ",
    "please reply", "please type", "please respond", "reply above", "type your reply", "bitte antworten",
    "bitte oberhalb", "bitte geben sie ihre antwort", "antworten sie", "ihre antwort", "veuillez répondre",
    "répondre au-dessus", "responda", "por favor, responda", "si prega di rispondere", "rispondi",
    "antwoord", "typ uw antwoord",
)  # fmt: skip
_NOTES_TO = {"an", "to", "à", "para", "a"}
_NOTES_SUBJECT = {"thema", "betreff", "subject", "objet", "asunto", "oggetto"}


def is_forward(divider: str) -> bool:
    """Return whether a divider says that what follows was passed on, not answered."""
    return bool(_FORWARD.search(divider[:_FLAT_LENGTH]))


def is_of_groupwise(line: str) -> bool:
    """Return whether a line is ">>> Ben <ben@example.org> 03.11.2025 10:12 >>>"; below it nothing
    is marked as quoted."""
    words = line[:_FLAT_LENGTH].strip()
    return words.startswith(">>> ") and words.endswith(" >>>") and bool(_DAY.search(words))


def headings(lines: Sequence[str], quoted: Sequence[bool]) -> Mapping[int, int]:
    """Return where dividers and blocks of headers begin and on how many lines they stand."""
    found: dict[int, int] = {}
    looked_at = 0
    for at, line in enumerate(lines):
        if quoted[at] or not line.strip() or not _may_begin(line):
            continue
        looked_at += 1
        if looked_at > _CANDIDATES:
            break
        if length := _length(lines, at):
            found[at] = length
        elif length := _notes_length(lines, at):
            start = _notes_start(lines, at)
            found[start] = at - start + length
    return found


def _may_begin(line: str) -> bool:
    """Return quickly whether a closer look is worth it."""
    head = line[:_LABEL_LENGTH]
    if (":" in head or "：" in head) and role_of(head) in _BEGINNING:
        return True
    if _DOUBLE.search(line, 0, _FLAT_LENGTH) or line.startswith(">>>"):
        return True
    words = head.strip().lower()
    return words in _NOTES_TO or words.startswith(_OPENINGS) or words.strip(_AROUND) in _DIVIDERS


def role_of(line: str) -> str:
    """Return which header a line such as `*Von:* Ben` is, "" where it is none."""
    head = line[:_LABEL_LENGTH].replace("：", ":")
    label, colon, _ = head.partition(":")
    return ROLE_OF.get(label.replace("\xa0", " ").strip(" \t*_|>").lower(), "") if colon else ""


def _length(lines: Sequence[str], at: int) -> int:
    line = lines[at][:_FLAT_LENGTH]
    if _is_divider(line) or _is_reply_marker(line) or _NOTES_DIVIDER.search(line):
        return 1
    if is_of_groupwise(line):
        return 1
    if _OVER_HEADERS.fullmatch(line) and role_of(_next(lines, at)) in _BEGINNING:
        return 1
    if _RULE.fullmatch(line) and _is_unknown_block(lines[at + 1 : at + 8]):
        return 1
    if _names_all_in_one_line(line):
        return 1
    return _block_length(lines, at)


def _next(lines: Sequence[str], at: int) -> str:
    return next((line for line in lines[at + 1 : at + 4] if line.strip()), "")


def _is_divider(line: str) -> bool:
    stripped = line.strip()
    words = line.strip(_AROUND).lower()
    dashed = stripped[:2].strip(_DASHES) == "" or stripped[-2:].strip(_DASHES) == ""
    if words in _DIVIDERS:
        return dashed or stripped.endswith((":", "："))
    if not dashed or not words:
        return False
    # The line end behind it may be lost: "-----Original Message----- From: Ben"
    if any(piece.strip().lower() in _DIVIDERS for piece in _DASH_RUN.split(stripped[:100])):
        return True
    # Zoho and Notes put dashes around "Ben wrote".
    return bool(_PASSED_ON.match(words)) or (
        stripped.startswith("--") and last_wrote(words[-40:]) is not None
    )


def _is_reply_marker(line: str) -> bool:
    short = line.strip()
    if len(short) > 130 or not _REPLY_MARKER.fullmatch(short):
        return False
    return bool(_DECORATED.match(short)) or len(short) <= 60


def _block_length(lines: Sequence[str], at: int) -> int:
    """Return how many lines a block of headers takes; 0 where these are other lines."""
    if role_of(lines[at]) in ("", "other", "cc"):
        return 0
    roles: dict[str, str] = {}
    foreign = length = 0
    for offset, line in enumerate(lines[at : at + _BLOCK_LINES]):
        role = role_of(line)
        if role and role not in roles:
            roles[role] = line[:_FLAT_LENGTH]
            length = offset + 1
        elif line.strip():
            foreign += 1
        if foreign > _FOREIGN_LINES:
            break
    return length if _is_of_a_mail(roles) else 0


def _is_of_a_mail(roles: Mapping[str, str]) -> bool:
    if "from" not in roles or len(roles.keys() - {"other"}) < 3:
        return False
    addressed = any("@" in line or "<" in line for line in roles.values())
    if "subject" in roles:
        return addressed or "sent" in roles
    return addressed and bool(_TIME.search(roles.get("sent", "")))


def _is_unknown_block(lines: Sequence[str]) -> bool:
    """Return whether headers of a mail in any language stand here: after a rule, with an address."""
    block: list[str] = []
    for line in lines:
        if not line.strip():
            if block:
                break
            continue
        label, colon, _ = line[:_LABEL_LENGTH].replace("：", ":").partition(":")
        if not colon or len(label.split()) > 3:
            break
        block.append(line[:_FLAT_LENGTH])
    text = "\n".join(block)
    return len(block) >= 3 and "@" in text and bool(_TIME.search(text))


def _names_all_in_one_line(line: str) -> bool:
    """Return whether a block of headers lost its line ends."""
    if role_of(line) != "from":
        return False
    roles = {ROLE_OF.get(label.lower(), "") for label in _FLAT_LABEL.findall(line)}
    return {"from", "sent", "subject"} <= roles and ("@" in line or "to" in roles)


def _notes_length(lines: Sequence[str], at: int) -> int:
    """Return on how many lines Notes names recipients and subject, each label on its own line."""
    following = [line[:_LABEL_LENGTH].strip().lower() for line in lines[at : at + 10]]
    if following[0] not in _NOTES_TO or _notes_start(lines, at) == at:
        return 0
    return next((n + 1 for n, one in enumerate(following) if one in _NOTES_SUBJECT), 0)


def _notes_start(lines: Sequence[str], at: int) -> int:
    """Return where the writer's name and the time stand over the recipients."""
    above = range(max(at - 4, 0), at)
    dated = next((n for n in above if _TIME.search(lines[n][:_LABEL_LENGTH])), at)
    return max(dated - 1, 0) if dated < at else at
