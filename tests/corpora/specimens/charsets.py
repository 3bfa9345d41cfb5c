"""The same letter in the alphabets of the world, as declared, misdeclared or not at all."""

import base64
import quopri

from tests.corpora.specimens.specimen import Specimen

GERMAN = "Guten Tag, bitte liefern Sie 500 große Knöpfe für 12,50 € – möglichst früh. Grüße, Jürgen Müßig"
FRENCH = "Bonjour, veuillez nous envoyer les boutons commandés le 3 février, à l'adresse habituelle. Élodie Lefèvre"
POLISH = (
    "Dzień dobry, proszę o przesłanie guzików do końca miesiąca. Z poważaniem, Łukasz Żółtowski"
)
CZECH = "Dobrý den, prosíme o zaslání knoflíků. Děkujeme, Jiří Dvořák"
TURKISH = "Merhaba, düğme siparişimizi onaylayınız lütfen. Saygılarımla, Şükrü Işık"
RUSSIAN = "Добрый день! Просим подтвердить заказ на пуговицы и сообщить срок поставки. С уважением, Иван Петров"
GREEK = "Καλημέρα, θα θέλαμε να παραγγείλουμε κουμπιά για το κατάστημά μας. Γιώργος"
HEBREW = "שלום, אנו מבקשים להזמין כפתורים. אנא שלחו לנו הצעת מחיר"
JAPANESE = "お世話になっております。ボタンを500個注文したいのですが、納期はいつでしょうか。"
CHINESE = "您好，请报价以下产品：纽扣500个，交货期是什么时候？谢谢您的帮助。"
TAIWANESE = "您好，請報價以下產品：鈕扣500個，交貨期是什麼時候？謝謝您的幫助。"
KOREAN = "안녕하세요. 단추 500개를 주문하고 싶습니다. 납기일이 언제인지 알려 주세요."
THAI = "สวัสดีครับ ต้องการสั่งซื้อกระดุม กรุณาส่งใบเสนอราคา ขอบคุณครับ"

# declared, written, way of transfer, text
_LETTERS = (
    ("utf-8", "utf-8", "8bit", GERMAN),
    ("UTF8", "utf-8", "base64", GERMAN),
    ("utf-8", "utf-8-sig", "8bit", GERMAN),
    ("iso-8859-1", "cp1252", "quoted-printable", GERMAN),
    ("ISO-8859-15", "iso8859-15", "8bit", GERMAN.replace("–", "-")),
    ("Windows-1252", "cp1252", "8bit", GERMAN),
    ("us-ascii", "utf-8", "8bit", GERMAN),
    ("us-ascii", "cp1252", "8bit", GERMAN),
    ("utf-8", "cp1252", "8bit", GERMAN),
    ("iso-8859-1", "utf-8", "quoted-printable", GERMAN),
    ("x-unknown", "cp1252", "8bit", GERMAN),
    ("unknown-8bit", "utf-8", "8bit", GERMAN),
    ("cp-850", "cp850", "quoted-printable", GERMAN.replace("€", "EUR").replace("–", "-")),
    ("", "cp850", "8bit", GERMAN.replace("€", "EUR").replace("–", "-")),
    ("macintosh", "mac_roman", "8bit", GERMAN),
    ("", "mac_roman", "8bit", GERMAN),
    ("utf-16", "utf-16", "base64", GERMAN),
    ("utf-7", "utf-7", "7bit", GERMAN),
    ("unicode-1-1-utf-7", "utf-7", "7bit", GERMAN),
    ("ansi_x3.110-1983", "cp1252", "quoted-printable", FRENCH),
    ("iso_8859-1:1987", "iso8859-1", "8bit", FRENCH),
    ("latin1", "latin1", "base64", FRENCH),
    ("iso-8859-2", "iso8859-2", "8bit", POLISH),
    ("windows-1250", "cp1250", "quoted-printable", CZECH),
    ("iso-8859-9", "cp1254", "8bit", TURKISH),
    ("koi8-r", "koi8-r", "8bit", RUSSIAN),
    ("windows-1251", "cp1251", "base64", RUSSIAN),
    ("", "koi8-r", "8bit", RUSSIAN),
    ("us-ascii", "cp1251", "8bit", RUSSIAN),
    ("iso-8859-7", "iso8859-7", "8bit", GREEK),
    ("iso-8859-8-i", "iso8859-8", "8bit", HEBREW),
    ("iso-2022-jp", "iso2022_jp", "7bit", JAPANESE),
    ("", "iso2022_jp", "7bit", JAPANESE),
    ("windows-31j", "cp932", "8bit", JAPANESE),
    ("shift_jis", "cp932", "base64", JAPANESE),
    ("EUC-JP", "euc_jp", "8bit", JAPANESE),
    ("gb2312", "gb18030", "8bit", CHINESE),
    ("hz-gb-2312", "hz", "7bit", CHINESE),
    ("", "gb18030", "8bit", CHINESE),
    ("big5", "big5", "base64", TAIWANESE),
    ("ks_c_5601-1987", "cp949", "8bit", KOREAN),
    ("iso-2022-kr", "iso2022_kr", "7bit", KOREAN),
    ("tis-620", "tis-620", "8bit", THAI),
)
# Charsets that may not be told in an encoded word, or are no charsets.
_UNTOLD = {"", "us-ascii", "x-unknown", "unknown-8bit"}


def specimens():
    for number, (declared, written, way, text) in enumerate(_LETTERS, start=1):
        yield _specimen(number, declared, written, way, text)


def _specimen(number, declared, written, way, text):
    subject = text.replace("–", "-").split(",")[0].split("，")[0].split("。")[0][:30].strip()
    charset = f"; charset={declared}" if declared else ""
    head = [
        b"Message-ID: <charset.%d@kunde.example>" % number,
        b"Date: Tue, %d Mar 2026 08:%02d:00 +0100" % (number % 28 + 1, number),
        b"From: Einkauf <einkauf%d@kunde.example>" % number,
        b"To: info@haus.example",
        b"Subject: " + _header(subject, declared, written, number),
        f"Content-Type: text/plain{charset}".encode(),
        f"Content-Transfer-Encoding: {way}".encode(),
    ]
    octets = text.encode(written)
    body = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring}.get(way, bytes)
    return Specimen(
        name=f"charset {declared or 'none'} written {written}",
        raw=b"\r\n".join([*head, b"", body(octets)]),
        subject=subject,
        sender=f"Einkauf|einkauf{number}@kunde.example",
        to=("|info@haus.example",),
        date=f"2026-03-{number % 28 + 1:02d}T08:{number:02d}:00+01:00",
        message_id=f"<charset.{number}@kunde.example>",
        text=text,
    )


def _header(subject: str, declared: str, written: str, number: int) -> bytes:
    octets = subject.encode(written)
    if declared in _UNTOLD or (declared == "utf-8" and written == "cp1252"):
        return (
            octets
            if written not in ("cp850", "mac_roman", "gb18030", "koi8-r", "cp1251")
            else subject.encode()
        )
    if number % 3 == 0:
        # Raw, in the charset of the text.
        return (
            octets if written not in ("utf-16", "utf-7", "hz", "iso2022_kr") else subject.encode()
        )
    if number % 2:
        return b"=?%s?B?%s?=" % (declared.encode(), base64.b64encode(octets))
    word = quopri.encodestring(octets, header=True).replace(b"=\n", b"").replace(b"?", b"=3F")
    return b"=?%s?q?%s?=" % (declared.encode(), word)
