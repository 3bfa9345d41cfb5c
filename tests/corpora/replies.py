"""Replies of many programs and languages, and fresh letters that only look like replies."""

from dataclasses import dataclass
from pathlib import Path

from emails.parsing import parse
from tests.corpora.figure import Figure

DATA = Path(__file__).parent / "data" / "replies"
"""In each file a name, the mail, "=>" and the words that are its writer's own; names in
programs.txt and unseen.txt begin with the language. The first 70 in unseen.txt were written by
somebody who had not seen the code: it read 66 right at first sight. Of the 60 behind them, written
once it was mended, it read 57 at first."""
QUESTION = "How many buttons of KN-10 do you need, and until when?\nKind regards\nBen Baker"


@dataclass(frozen=True, slots=True)
class Speech:
    """How programs of one language speak."""

    words: str
    gmail: str
    apple: str
    labels: str
    """From, Sent, To, Subject with their colons, as Outlook has them."""
    divider: str
    device: str


SPEECHES = {
    "de": Speech(
        "Guten Tag Herr Baker,\n\nbitte 500 Stück bis Freitag.\n\nViele Grüße\nAnna Berger",
        "Am Mo., 3. Nov. 2025 um 10:12 Uhr schrieb Ben Baker <ben@house.example>:",
        "Am 03.11.2025 um 10:12 schrieb Ben Baker <ben@house.example>:",
        "Von:|Gesendet:|An:|Betreff:",
        "-----Ursprüngliche Nachricht-----",
        "Von meinem iPhone gesendet",
    ),
    "en": Speech(
        "Hello Ben,\n\n500 pieces by Friday, please.\n\nBest regards\nAnna Berger",
        "On Mon, Nov 3, 2025 at 10:12 AM Ben Baker <ben@house.example> wrote:",
        "On 3 Nov 2025, at 10:12, Ben Baker <ben@house.example> wrote:",
        "From:|Sent:|To:|Subject:",
        "-----Original Message-----",
        "Sent from my iPhone",
    ),
    "fr": Speech(
        "Bonjour Ben,\n\n500 pièces avant vendredi, merci.\n\nCordialement,\nAnne Moreau",
        "Le lun. 3 nov. 2025 à 10:12, Ben Baker <ben@house.example> a écrit :",
        "Le 3 nov. 2025 à 10:12, Ben Baker <ben@house.example> a écrit :",
        "De :|Envoyé :|À :|Objet :",
        "-----Message d'origine-----",
        "Envoyé de mon iPhone",
    ),
    "es": Speech(
        "Hola Ben,\n\n500 unidades antes del viernes, por favor.\n\nUn saludo,\nAna Gil",
        "El lun, 3 nov 2025 a las 10:12, Ben Baker (<ben@house.example>) escribió:",
        "El 3 nov 2025, a las 10:12, Ben Baker <ben@house.example> escribió:",
        "De:|Enviado:|Para:|Asunto:",
        "-----Mensaje original-----",
        "Enviado desde mi iPhone",
    ),
    "it": Speech(
        "Buongiorno Ben,\n\n500 pezzi entro venerdì, grazie.\n\nCordiali saluti\nAnna Conti",
        "Il giorno lun 3 nov 2025 alle ore 10:12 Ben Baker <ben@house.example> ha scritto:",
        "Il giorno 3 nov 2025, alle ore 10:12, Ben Baker <ben@house.example> ha scritto:",
        "Da:|Inviato:|A:|Oggetto:",
        "-----Messaggio originale-----",
        "Inviato da iPhone",
    ),
    "nl": Speech(
        "Beste Ben,\n\nGraag 500 stuks voor vrijdag.\n\nMet vriendelijke groet,\nAnna de Vries",
        "Op ma 3 nov 2025 om 10:12 schreef Ben Baker <ben@house.example>:",
        "Op 3 nov. 2025, om 10:12 heeft Ben Baker <ben@house.example> het volgende geschreven:",
        "Van:|Verzonden:|Aan:|Onderwerp:",
        "-----Oorspronkelijk bericht-----",
        "Verstuurd vanaf mijn iPhone",
    ),
    "pt": Speech(
        "Olá Ben,\n\n500 peças até sexta-feira, por favor.\n\nCumprimentos\nAna Lopes",
        "Ben Baker <ben@house.example> escreveu (segunda, 3/11/2025 à(s) 10:12):",
        "No dia 3 de nov. de 2025, às 10:12, Ben Baker <ben@house.example> escreveu:",
        "De:|Enviada em:|Para:|Assunto:",
        "-----Mensagem original-----",
        "Enviado do meu iPhone",
    ),
    "pl": Speech(
        "Dzień dobry,\n\nprosimy o 500 sztuk do piątku.\n\nPozdrawiam\nAnna Nowak",
        "pon., 3 lis 2025 o 10:12 Ben Baker <ben@house.example> napisał(a):",
        "Wiadomość napisana przez Ben Baker <ben@house.example> w dniu 03.11.2025, o godz. 10:12:",
        "Od:|Wysłano:|Do:|Temat:",
        "-----Oryginalna wiadomość-----",
        "Wysłane z iPhone'a",
    ),
    "sv": Speech(
        "Hej Ben,\n\n500 stycken till fredag, tack.\n\nVänliga hälsningar\nAnna Berg",
        "Den mån 3 nov. 2025 kl 10:12 skrev Ben Baker <ben@house.example>:",
        "3 nov. 2025 kl. 10:12 skrev Ben Baker <ben@house.example>:",
        "Från:|Skickat:|Till:|Ämne:",
        "-----Ursprungligt meddelande-----",
        "Skickat från min iPhone",
    ),
    "da": Speech(
        "Hej Ben,\n\n500 stk. inden fredag, tak.\n\nVenlig hilsen\nAnne Holm",
        "Den man. 3. nov. 2025 kl. 10.12 skrev Ben Baker <ben@house.example>:",
        "Den 3. nov. 2025 kl. 10.12 skrev Ben Baker <ben@house.example>:",
        "Fra:|Sendt:|Til:|Emne:",
        "-----Oprindelig meddelelse-----",
        "Sendt fra min iPhone",
    ),
    "no": Speech(
        "Hei Ben,\n\n500 stykker innen fredag, takk.\n\nMed vennlig hilsen\nAnne Dahl",
        "man. 3. nov. 2025 kl. 10:12 skrev Ben Baker <ben@house.example>:",
        "3. nov. 2025 kl. 10:12 skrev Ben Baker <ben@house.example>:",
        "Fra:|Sendt:|Til:|Emne:",
        "-----Opprinnelig melding-----",
        "Sendt fra min iPhone",
    ),
    "fi": Speech(
        "Hei Ben,\n\n500 kappaletta perjantaiksi, kiitos.\n\nTerveisin\nAnna Laine",
        "ma 3.11.2025 klo 10.12 Ben Baker (ben@house.example) kirjoitti:",
        "Ben Baker <ben@house.example> kirjoitti 3.11.2025 kello 10.12:",
        "Lähettäjä:|Lähetetty:|Vastaanottaja:|Aihe:",
        "-----Alkuperäinen viesti-----",
        "Lähetetty iPhonesta",
    ),
    "cs": Speech(
        "Dobrý den,\n\nprosím 500 kusů do pátku.\n\nS pozdravem\nAnna Nováková",
        "po 3. 11. 2025 v 10:12 odesílatel Ben Baker <ben@house.example> napsal:",
        "3. 11. 2025 v 10:12, Ben Baker <ben@house.example>:",
        "Od:|Odesláno:|Komu:|Předmět:",
        "-----Původní zpráva-----",
        "Odesláno z iPhonu",
    ),
    "hu": Speech(
        "Jó napot,\n\n500 darabot kérünk péntekig.\n\nÜdvözlettel\nNagy Anna",
        "Ben Baker <ben@house.example> ezt írta (időpont: 2025. nov. 3., H, 10:12):",
        "2025. nov. 3. dátummal, 10:12 időpontban Ben Baker <ben@house.example> írta:",
        "Feladó:|Elküldve:|Címzett:|Tárgy:",
        "-----Eredeti üzenet-----",
        "Az iPhone-omról küldve",
    ),
    "ro": Speech(
        "Bună ziua,\n\n500 de bucăți până vineri, vă rog.\n\nCu stimă\nAna Pop",
        "Pe lun., 3 nov. 2025 la 10:12, Ben Baker <ben@house.example> a scris:",
        "Pe 3 nov. 2025, la 10:12, Ben Baker <ben@house.example> a scris:",
        "De la:|Trimis:|Către:|Subiect:",
        "-----Mesaj original-----",
        "Trimis de pe iPhone-ul meu",
    ),
    "tr": Speech(
        "Merhaba Ben,\n\ncumaya kadar 500 adet lütfen.\n\nSaygılarımla\nAyşe Demir",
        "Ben Baker <ben@house.example>, 3 Kas 2025 Pzt, 10:12 tarihinde şunu yazdı:",
        "Ben Baker <ben@house.example> şunları yazdı (3 Kas 2025 10:12):",
        "Kimden:|Gönderildi:|Kime:|Konu:",
        "-----Orijinal Mesaj-----",
        "iPhone'umdan gönderildi",
    ),
    "ru": Speech(
        "Добрый день!\n\n500 штук до пятницы, пожалуйста.\n\nС уважением,\nАнна Иванова",
        "пн, 3 нояб. 2025 г. в 10:12, Ben Baker <ben@house.example>:",
        "3 нояб. 2025 г., в 10:12, Ben Baker <ben@house.example> написал(а):",
        "От:|Отправлено:|Кому:|Тема:",
        "-----Исходное сообщение-----",
        "Отправлено с iPhone",
    ),
    "uk": Speech(
        "Добрий день!\n\n500 штук до п'ятниці, будь ласка.\n\nЗ повагою\nАнна Коваль",
        "пн, 3 лист. 2025 р. о 10:12 Ben Baker <ben@house.example> пише:",
        "3 лист. 2025 р. о 10:12 Ben Baker <ben@house.example> написав(ла):",
        "Від:|Надіслано:|Кому:|Тема:",
        "-----Оригінальне повідомлення-----",
        "Надіслано з iPhone",
    ),
    "el": Speech(
        "Καλημέρα,\n\n500 τεμάχια έως την Παρασκευή.\n\nΜε εκτίμηση\nΆννα Παππά",
        "Στις Δευ 3 Νοε 2025 στις 10:12 π.μ., ο χρήστης Ben Baker <ben@house.example> έγραψε:",
        "3 Νοε 2025, 10:12, ο χρήστης «Ben Baker <ben@house.example>» έγραψε:",
        "Από:|Στάλθηκε:|Προς:|Θέμα:",
        "-----Αρχικό μήνυμα-----",
        "Στάλθηκε από το iPhone μου",
    ),
    "zh": Speech(
        "您好，\n\n请在周五之前发500个。\n\n谢谢\n安娜",
        "Ben Baker <ben@house.example> 于2025年11月3日周一 10:12写道：",
        "在 2025年11月3日，10:12，Ben Baker <ben@house.example> 写道：",
        "发件人：|发送时间：|收件人：|主题：",
        "------------------ 原始邮件 ------------------",
        "发自我的iPhone",
    ),
    "ja": Speech(
        "お世話になっております。\n\n金曜日までに500個お願いします。\n\nよろしくお願いいたします。\nアンナ",
        "2025年11月3日(月) 10:12 Ben Baker <ben@house.example>:",
        "2025/11/03 10:12、Ben Baker <ben@house.example>のメール:",
        "差出人:|送信日時:|宛先:|件名:",
        "-----元のメッセージ-----",
        "iPhoneから送信",
    ),
    "ko": Speech(
        "안녕하세요,\n\n금요일까지 500개 부탁드립니다.\n\n감사합니다\n안나",
        "2025년 11월 3일 (월) 오전 10:12, Ben Baker <ben@house.example>님이 작성:",
        "2025. 11. 3. 오전 10:12, Ben Baker <ben@house.example> 작성:",
        "보낸 사람:|보낸 날짜:|받는 사람:|제목:",
        "-----원본 메시지-----",
        "나의 iPhone에서 보냄",
    ),
}


def quoted(text):
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _block(speech):
    values = (
        "Ben Baker <ben@house.example>",
        "03.11.2025 10:12",
        "Anna <anna@kunde.example>",
        "KN-10",
    )
    return "\n".join(
        f"{label} {value}" for label, value in zip(speech.labels.split("|"), values, strict=True)
    )


def _wrapped(line):
    """The attribution as Gmail breaks it behind 70 or so characters: before the address."""
    head, mark, tail = line.partition("<")
    return f"{head}{mark}\n{tail}" if mark else line


def _shapes(speech):
    own, device = speech.words, speech.device
    return {
        "gmail": f"{own}\n\n{speech.gmail}\n\n{quoted(QUESTION)}\n",
        "gmail, wrapped": f"{own}\n\n{_wrapped(speech.gmail)}\n\n{quoted(QUESTION)}\n",
        "gmail, unmarked": f"{own}\n\n{speech.gmail}\n\n{QUESTION}\n",
        "apple": f"{own}\n\n> {speech.apple}\n> \n{quoted(QUESTION)}\n",
        "phone": f"{own}\n\n{device}\n\n{speech.apple}\n\n{QUESTION}\n",
        "outlook": f"{own}\n\n{_block(speech)}\n\n{QUESTION}\n",
        "outlook, rule": f"{own}\n\n________________________________\n{_block(speech)}\n\n{QUESTION}\n",
        "outlook, divider": f"{own}\n\n{speech.divider}\n{_block(speech)}\n\n{QUESTION}\n",
        "divider alone": f"{own}\n\n{speech.divider}\n{quoted(QUESTION)}\n",
        "below": f"{speech.gmail}\n{quoted(QUESTION)}\n\n{own}\n",
    }


DE = SPEECHES["de"].words
CONTACT = (
    "Atelier Nord GmbH\nHafenstr. 12\n20457 Hamburg\nTel. +49 40 123456-0\nanna@atelier-nord.example\n"
    "Amtsgericht Hamburg HRB 12345"
)
GERMAN = {
    "thunderbird": f"{DE}\n\nAm 03.11.25 um 10:12 schrieb Ben Baker:\n{quoted(QUESTION)}",
    "thunderbird, signature": f"{DE}\n-- \n{CONTACT}\n\nAm 03.11.25 um 10:12 schrieb Ben Baker:\n{quoted(QUESTION)}",
    "gmx": f'{DE}\n\nGesendet: Montag, 3. November 2025 um 10:12 Uhr\nVon: "Ben Baker" <ben@house.example>\nAn: anna@kunde.example\nBetreff: KN-10\n{QUESTION}',
    "gmx, nested": f'{DE}\n \n\nGesendet: Montag, 03. November 2025 um 10:12 Uhr\nVon: "Ben Baker" <ben@house.example>\nAn: "Anna" <anna@kunde.example>\nCc: lager@kunde.example\nBetreff: Re: Aw: KN-10\n\n{QUESTION}',
    "gmx, old": f"{DE}\n\n-------- Original-Nachricht --------\n> Datum: Mon, 03 Nov 2025 10:12:13 +0100\n> Von: Ben <ben@house.example>\n> An: anna@kunde.example\n> Betreff: KN-10\n\n{quoted(QUESTION)}",
    "gmx app": f"{DE}\n\n-- \nDiese Nachricht wurde von meinem Android Mobiltelefon mit GMX Mail gesendet.\nAm 03.11.25, 10:12 schrieb Ben Baker <ben@house.example>:\n{quoted(QUESTION)}",
    "web.de app": f"{DE}\n\nGesendet mit der WEB.DE Mail App\n\nAm 03.11.25, 10:12, Ben <ben@house.example> schrieb:\n{quoted(QUESTION)}",
    "outlook ios": f"{DE}\n\nGesendet von Outlook für iOS<https://aka.ms/o0ukef>\n________________________________\nVon: Ben Baker <ben@house.example>\nGesendet: Montag, November 3, 2025 10:12:13 AM\nAn: Anna <anna@kunde.example>\nBetreff: KN-10\n\n{QUESTION}",
    "outlook android": f"{DE}\n\nHolen Sie sich Outlook für Android<https://aka.ms/AAb9ysg>\n________________________________\nFrom: Ben Baker <ben@house.example>\nSent: Monday, November 3, 2025 10:12:13 AM\nTo: Anna <anna@kunde.example>\nSubject: KN-10\n\n{QUESTION}",
    "outlook, contact": f"{DE}\n\n{CONTACT}\n\nVon: Ben Baker <ben@house.example>\nGesendet: Montag, 3. November 2025 10:12\nAn: Anna <anna@kunde.example>\nCc: Lager\nBetreff: KN-10\n\n{QUESTION}",
    "outlook, bold": f"{DE}\n\n*Von:* Ben Baker <ben@house.example>\n*Gesendet:* Montag, 3. November 2025 10:12\n*An:* Anna\n*Betreff:* KN-10\n*Priorität:* Hoch\n\n{QUESTION}",
    "outlook, blank lines": f"{DE}\n\nVon: Ben Baker <ben@house.example>\n\nGesendet: Montag, 3. November 2025 10:12\n\nAn: Anna <anna@kunde.example>\n\nBetreff: KN-10\n\n{QUESTION}",
    "outlook, mailto": f"{DE}\n\nVon: Ben Baker [mailto:ben@house.example] \nGesendet: Montag, 3. November 2025 10:12\nAn: Anna\nBetreff: KN-10\n\n{QUESTION}",
    "outlook, many recipients": f"{DE}\n\nVon: Ben Baker\nGesendet: Montag, 3. November 2025 10:12\nAn: Anna Berger; Otto Lager;\n Clara Einkauf; Max Muster\nCc: Team\nBetreff: KN-10\n\n{QUESTION}",
    "exchange": f"{DE}\n\n-----Ursprünglicher Termin-----\nVon: Ben Baker\nGesendet: Montag, 3. November 2025 10:12\nAn: Anna\nBetreff: KN-10\n\n{QUESTION}",
    "samsung": f"{DE}\n\n\n\nVon meinem Galaxy gesendet\n\n\n-------- Ursprüngliche Nachricht --------\nVon: Ben Baker <ben@house.example>\nDatum: 03.11.25 10:12 (GMT+01:00)\nAn: Anna <anna@kunde.example>\nBetreff: KN-10\n\n{QUESTION}",
    "yahoo": f"{DE}\n\nAm Montag, 3. November 2025 um 10:12:13 MEZ hat Ben Baker <ben@house.example> Folgendes geschrieben:  \n \n {QUESTION}",
    "yahoo, phone": f"{DE}\n\nVon Yahoo Mail auf Android gesendet \n \n  Am Mo., Nov. 3, 2025 at 10:12 schrieb Ben Baker<ben@house.example>:   {QUESTION}",
    "notes": f"{DE}\n\n\n\nBen Baker/Haus/DE\n03.11.2025 10:12\n\nAn\nAnna Berger/Kunde/DE@KUNDE\nKopie\n\nThema\nKN-10\n\n{QUESTION}",
    "notes, labels": f"{DE}\n\n\n\nVon:        Ben Baker <ben@house.example>\nAn:        anna@kunde.example\nDatum:        03.11.2025 10:12\nBetreff:        KN-10\n________________________________\n\n{QUESTION}",
    "notes, web": f"{DE}\n\n-----Ben Baker <ben@house.example> schrieb: -----\nAn: anna@kunde.example\nVon: Ben Baker <ben@house.example>\nDatum: 03.11.2025 10:12\nBetreff: KN-10\n\n{QUESTION}",
    "notes, passed on": f"{DE}\n\n----- Weitergeleitet von Ben Baker/Haus/DE am 03.11.2025 10:12 -----\n\n{QUESTION}",
    "exchange active sync": f"{DE}\n\n---- Ben Baker schrieb ----\n\n{QUESTION}",
    "horde": f"{DE}\n\nZitat von Ben Baker <ben@house.example>:\n\n{quoted(QUESTION)}",
    "horde, alone": f"{DE}\n\nBen Baker <ben@house.example> schrieb:\n\n{quoted(QUESTION)}",
    "proton": f"{DE}\n\nMit Proton Mail sicherer E-Mail gesendet.\n\nAm Montag, 3. November 2025 um 10:12 schrieb Ben Baker <ben@house.example>:\n\n{quoted(QUESTION)}",
    "name first": f"{DE}\n\nBen Baker <ben@house.example> schrieb am Mo., 3. Nov. 2025, 10:12:\n\n{quoted(QUESTION)}",
    "iso date": f"{DE}\n\n2025-11-03 10:12 GMT+01:00 Ben Baker <ben@house.example>:\n\n{quoted(QUESTION)}",
    "no address": f"{DE}\n\nAm 3. November 2025 10:12:13 MEZ schrieb Ben Baker:\n{quoted(QUESTION)}",
    "k-9": f"{DE}\n-- \nDiese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.\n\nAm 3. November 2025 10:12:13 MEZ schrieb Ben Baker <ben@house.example>:\n{quoted(QUESTION)}",
    "wrapped thrice": f"{DE}\n\nAm Mo., 3. Nov. 2025 um 10:12 Uhr schrieb Ben\nBaker, Einkauf und Vertrieb <\nben@house.example>:\n\n{quoted(QUESTION)}",
    "wrapped early": f"{DE}\n\nAm Montag, dem 3. November 2025 um\n10:12 Uhr schrieb Ben Baker <ben@house.example>:\n\n{quoted(QUESTION)}",
    "ticket marker": f"{DE}\n\n--- Bitte oberhalb dieser Zeile antworten ---\n\nIhr Ticket 4711\n{QUESTION}",
    "marker, quoted": f"{DE}\n\nAm 3. Nov. 2025 um 10:12 schrieb Haus Service <hilfe@house.example>:\n> ##- Bitte antworten Sie oberhalb dieser Zeile -##\n{quoted(QUESTION)}",
    "english marker": f"{DE}\n\n##- Please type your reply above this line -##\n{QUESTION}",
    "legal notice": f"{DE}\n\nDiese E-Mail enthält vertrauliche und/oder rechtlich geschützte Informationen. Wenn Sie nicht der\nrichtige Adressat sind, vernichten Sie diese Mail.\n\nVon: Ben <ben@house.example>\nGesendet: Montag, 3. November 2025 10:12\nAn: Anna\nBetreff: KN-10\n\n{QUESTION}",
    "contact and notice": f"{DE}\nEinkauf\n\n{CONTACT}\n\nDer Inhalt dieser E-Mail ist vertraulich.\n",
    "passed on": f"{DE}\n\n-------- Weitergeleitete Nachricht --------\nBetreff: \tKN-10\nDatum: \tMon, 3 Nov 2025 10:12:13 +0100\nVon: \tBen <ben@house.example>\nAn: \tanna@kunde.example\n\n{QUESTION}",
    "gmail, passed on": f"{DE}\n\n---------- Forwarded message ---------\nVon: Ben Baker <ben@house.example>\nDate: Mo., 3. Nov. 2025 um 10:12 Uhr\nSubject: KN-10\nTo: Anna <anna@kunde.example>\n\n\n{QUESTION}",
    "apple, passed on": f"{DE}\n\nAnfang der weitergeleiteten Nachricht:\n\nVon: Ben Baker <ben@house.example>\nBetreff: KN-10\nDatum: 3. November 2025 um 10:12:13 MEZ\nAn: anna@kunde.example\n\n{QUESTION}",
    "long quotes broken": f"{DE}\n\nAm 03.11.25 um 10:12 schrieb Ben Baker:\n> Wir wollten noch einmal nachfragen, wie viele von den Knöpfen der Nummer\nvier gebraucht\n> werden.",
    "thanks alone": f"Danke, passt!\n\nAm 03.11.25 um 10:12 schrieb Ben Baker:\n{quoted(QUESTION)}",
}
GERMAN_WORDS = {"contact and notice": DE, "thanks alone": "Danke, passt!"}

SPECIAL = {
    "answers between": (
        "On Mon, Nov 3, 2025 at 10:12 AM Ben Baker <ben@house.example> wrote:\n> How many?\n\n500 pieces\n\n> Until when?\n\nFriday\n-- \nAnna",
        "500 pieces\n\nFriday",
    ),
    "answers between, German": (
        "Hallo Ben,\n\nAntworten im Text:\n\nAm 03.11.25 um 10:12 schrieb Ben:\n> Wie viele?\n500 Stück\n> Bis wann?\nFreitag\n\nGruß\nAnna",
        "Hallo Ben,\n\nAntworten im Text:\n\n500 Stück\nFreitag\n\nGruß\nAnna",
    ),
    "answers, nothing said above": ("> How many?\n500\n> Until when?\nFriday", "500\nFriday"),
    "two depths": (
        f"500 please.\n\nOn 3 Nov 2025 at 10:12, Ben wrote:\n{quoted(quoted(QUESTION))}\n{quoted(QUESTION)}",
        "500 please.",
    ),
    "mailing list": (
        "Use the blue ones.\n\nAnna\n_______________________________________________\nbuttons mailing list\nbuttons@lists.example\nhttps://lists.example/listinfo/buttons",
        "Use the blue ones.\n\nAnna",
    ),
    "desk is no phone": (
        "Here is another mail.\n\nSent from my desk, it is so much easier than my phone.",
        "Here is another mail.\n\nSent from my desk, it is so much easier than my phone.",
    ),
    "carrier": ("Here it is.\n\nSent from my Verizon Wireless BlackBerry", "Here it is."),
    "zoho": (
        f"500, please.\n\n\n\n---- On Mon, 03 Nov 2025 10:12:13 +0100 Ben Baker <ben@house.example> wrote ---\n\n{QUESTION}",
        "500, please.",
    ),
    "proton": (
        f"500, please.\n\nSent with Proton Mail secure email.\n\nOn Monday, November 3rd, 2025 at 10:12, Ben <ben@house.example> wrote:\n\n{quoted(QUESTION)}",
        "500, please.",
    ),
    "proton, old": (
        f"500, please.\n\nSent with ProtonMail Secure Email.\n\n‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐\nOn Monday, November 3, 2025 10:12 AM, Ben <ben@house.example> wrote:\n\n{quoted(QUESTION)}",
        "500, please.",
    ),
    "yahoo, old": (
        f"500, please.\n\n--- On Mon, 11/3/25, Ben Baker <ben@house.example> wrote:\n\nFrom: Ben Baker <ben@house.example>\nSubject: KN-10\n\n{QUESTION}",
        "500, please.",
    ),
    "hotmail": (
        f"500, please.\n\nDate: Mon, 3 Nov 2025 10:12:13 +0100\nSubject: KN-10\nFrom: ben@house.example\nTo: anna@kunde.example\n\n{QUESTION}",
        "500, please.",
    ),
    "blackberry": (
        f"500, please.\nSent via BlackBerry from T-Mobile\n\n-----Original Message-----\nFrom: Ben <ben@house.example>\nDate: Mon, 3 Nov 2025 10:12:13 \nTo: <anna@kunde.example>\nReply-To: ben@house.example\nSubject: KN-10\n\n{QUESTION}",
        "500, please.",
    ),
    "greedy on": (
        "On your side you can run:\n\n    make buttons\n\nThis should work (on any machine).\n\nOn 3 Nov 2025, at 2:47, Ben Baker wrote:\n\n> I am stuck.",
        "On your side you can run:\n\n    make buttons\n\nThis should work (on any machine).",
    ),
    "colon before": (
        "Thank you, this helps.\n\nOne outstanding question I had:\n\nWhich blue?\n\nOn Nov 3, 2025, at 10:12 PM, Ben Baker wrote:\n\n> The good one",
        "Thank you, this helps.\n\nOne outstanding question I had:\n\nWhich blue?",
    ),
    "postscript": (
        f"Hello,\n\n500 please.\n\nKind regards\nAnna Berger\n\nNord Ltd\nPhone: +44 20 123456\nwww.nord.example\n\nPS: blue ones!\n\nOn 3 Nov 2025, Ben <ben@house.example> wrote:\n{quoted(QUESTION)}",
        "Hello,\n\n500 please.\n\nKind regards\nAnna Berger\n\nPS: blue ones!",
    ),
    "flat block": (
        f"500, please. From: Ben\n\nFrom: Ben Baker <ben@house.example> Sent: Monday, November 3, 2025 10:12 AM To: Anna Subject: KN-10\n{QUESTION}",
        "500, please. From: Ben",
    ),
    "catalan": (
        f"500, si us plau.\n\nMissatge de Ben Baker <ben@house.example> del dia dl., 3 de nov. 2025 a les 10:12:\n\n{quoted(QUESTION)}",
        "500, si us plau.",
    ),
    "vietnamese": (
        f"500 cái.\n\nVào Th 2, 3 thg 11, 2025 vào lúc 10:12 Ben Baker <ben@house.example> đã viết:\n\n{quoted(QUESTION)}",
        "500 cái.",
    ),
    "indonesian": (
        f"500 buah.\n\nPada Sen, 3 Nov 2025 pukul 10.12 Ben Baker <ben@house.example> menulis:\n\n{quoted(QUESTION)}",
        "500 buah.",
    ),
    "hebrew": (
        f"500 יחידות.\n\n\u202bבתאריך יום ב׳, 3 בנוב׳ 2025 ב-10:12 מאת \u202aBen Baker\u202c\u200f <\u202aben@house.example\u202c\u200f>:\u202c\n\n{quoted(QUESTION)}",
        "500 יחידות.",
    ),
    "croatian": (
        f"500 komada.\n\npon, 3. stu 2025. u 10:12 Ben Baker <ben@house.example> napisao je:\n\n{quoted(QUESTION)}",
        "500 komada.",
    ),
    "slovak": (
        f"500 kusov.\n\npo 3. 11. 2025 o 10:12 Ben Baker <ben@house.example> napísal(a):\n\n{quoted(QUESTION)}",
        "500 kusov.",
    ),
    "unknown language after a rule": (
        f"500.\n\n________________________________\nSeoltóir: Ben <ben@house.example>\nSeolta: 3.11.2025 10:12\nChuig: Anna\nÁbhar: KN-10\n\n{QUESTION}",
        "500.",
    ),
    "passed on without a word": (
        "-------- Weitergeleitete Nachricht --------\nVon: Otto <otto@kunde.example>\nAn: Anna\nBetreff: Bestellung\nDatum: heute 10:12\n\nBitte 500 Stück KN-10.",
        None,
    ),
    "passed on with a name only": (
        "Viele Grüße\nAnna Berger\n\nAnfang der weitergeleiteten Nachricht:\n\nVon: Otto\nBetreff: Bestellung\n\nBitte 500 Stück KN-10.",
        None,
    ),
}

FRESH = (
    "Guten Tag,\n\nam Montag schrieb ich Ihnen:\nBitte 500 Stück.\n\nDas war falsch, es sind 600.\n\nGruß\nAnna",
    "Guten Tag,\n\nam 03.11.2025 um 10:12 schrieb ich Ihnen:\n500 Stück. Richtig sind 600.",
    "Hello,\n\non 3 Nov 2025 at 10:12 I wrote to you:\n500 pieces. It should be 600.",
    "Transport\n\nFrom: Hamburg\nTo: Berlin\nDate: 12 Nov 2026 10:30\nWeight: 500 kg\n\nPlease quote.",
    "Von: Hamburg\nNach: Berlin\nDatum: 12.11.2026\nGewicht: 500 kg\n\nBitte um ein Angebot.",
    "Liste\n\n> 500 Stück: 3 % Rabatt\n> 1000 Stück: 5 % Rabatt\n\nGilt das noch?",
    "Größe > 15 mm\nFarbe: blau\n\nBitte ein Angebot.",
    "Artikel -- Menge\nKN-10 -- 500\nKN-20 -- 200",
    "Teil A\n--\nKN-10 500 Stück\n--\nTeil B\nKN-20 200 Stück\nKN-30 100 Stück",
    "Bitte liefern Sie an:\n\nAtelier Nord GmbH\nHafenstr. 12\n20457 Hamburg\nTel. 040 123456\nlager@nord.example",
    "Bitte 500 Stück.\n\nMit freundlichen Grüßen\nAnna Berger\n\nLieferadresse:\nAtelier Nord GmbH\nHafenstr. 12\n20457 Hamburg\nTel. 040 123456",
    "Wir haben die ursprüngliche Nachricht nicht erhalten.\nBitte noch einmal senden.",
    "Von: 9 Uhr bis 17 Uhr ist jemand da.\nAn: Wochenenden nicht.",
    "Die Ware wurde gesendet von unserem Lager am Montag.\nGesendet von Hamburg am Montag, Ankunft Mittwoch.",
    "On Monday we wrote to you about buttons:\nthey are too small.",
    "Ihr Herr Huber schrieb am 02.03.2026 um 10:15, dass wir uns bei Ihnen mit der Menge melden sollen:\n500 Stück.",
    "Subject matters:\n1. price\n2. date\nTo do: samples\nFrom our side: nothing",
    "Name: Anna Berger\nE-Mail: anna@kunde.example\nBetreff: Anfrage\nNachricht:\nBitte 500 Stück.",
    "Le 3 novembre nous avons écrit :\nla quantité est fausse, c'est 600.",
    "Diese Nachricht ist vertraulich, bitte behandeln Sie den Preis so.\n\n500 Stück zu 0,10 EUR.",
    "________________\nBESTELLUNG\n________________\nKN-10: 500 Stück\nKN-20: 200 Stück",
    "Please reply by Friday and draw a line above the ones you can deliver in this line of products, thank you.",
    'Hallo,\n\nich hatte am 3.11. angerufen. Ihre Kollegin sagte:\n"500 gehen".\n\nBitte bestätigen.',
    "Terms: EXW\nTo: be discussed\nSubject: to availability\nFrom: stock",
)


def corpus():
    """Yield language, shape, text and the own words in it; None where all of it counts."""
    for language, speech in SPEECHES.items():
        for shape, text in _shapes(speech).items():
            yield language, shape, text, speech.words
    for shape, text in GERMAN.items():
        yield "de", shape, text, GERMAN_WORDS.get(shape, DE)
    for shape, text, own in _written("more"):
        yield "*", shape, text, own
    for name in ("programs", "unseen"):
        for shape, text, own in _written(name):
            yield shape.split(" ")[0], shape, text, own
    for shape, (text, own) in SPECIAL.items():
        yield "*", shape, text, text if own is None else own


def _written(name):
    for piece in (DATA / f"{name}.txt").read_text().split("=== ")[1:]:
        shape, text = piece.split("\n", 1)
        yield shape, *text.split("\n=>\n")


def read(text, content_type="text/plain"):
    head = f"From: anna@kunde.example\r\nSubject: AW: KN-10\r\nContent-Type: {content_type}; charset=utf-8\r\n\r\n"
    return parse((head + text).encode())


def _same(found, expected):
    return found.split() == expected.split()


def _wrong(cases):
    for language, shape, text, own in cases:
        mail = read(text)
        if shape == "passed on with a name only":
            right = "500 Stück KN-10" in mail.reply_text
        else:
            right = _same(mail.reply_text, own)
        if not right:
            yield f"{language}, {shape}: {mail.reply_text[-60:]!r}"


def measure():
    cases = list(corpus())
    german = [case for case in cases if case[0] == "de"]
    wrong, wrong_german = tuple(_wrong(cases)), tuple(_wrong(german))
    cut = tuple(repr(text[:60]) for text in FRESH if not _same(read(text).reply_text, text))
    marked = tuple(
        name
        for name, case in MARKUP.items()
        if not _same(read(case[0], "text/html").reply_text, case[1])
    )
    return (
        Figure(
            f"own words of replies, {len(SPEECHES)} languages",
            len(cases) - len(wrong),
            len(cases),
            0.92,
            wrong,
        ),
        Figure(
            "own words of German replies",
            len(german) - len(wrong_german),
            len(german),
            1.0,
            wrong_german,
        ),
        Figure(
            "own words of replies in HTML", len(MARKUP) - len(marked), len(MARKUP), 0.92, marked
        ),
        Figure("fresh letters left whole", len(FRESH) - len(cut), len(FRESH), 1.0, cut),
    )


HTML_OWN = "<p>Hello Ben,</p><p>500 pieces by Friday.</p><p>Best regards<br>Anna</p>"
TEXT_OWN = "Hello Ben, 500 pieces by Friday. Best regards Anna"
OLD = "<p>How many?</p><p>Ben</p>"
MARKUP = {
    "gmail": (f'<div dir="ltr">{HTML_OWN}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">Ar Luan 3 Samh 2025 scríobh Ben:<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px #ccc solid;padding-left:1ex">{OLD}</blockquote></div>', TEXT_OWN),
    "gmail, answers between": ('<div class="gmail_quote"><div class="gmail_attr">On Mon, Nov 3, 2025 at 10:12 AM Ben &lt;<a href="mailto:b@x.example">b@x.example</a>&gt; wrote:<br></div><blockquote class="gmail_quote"><p>How many?</p></blockquote><div>500</div><blockquote class="gmail_quote"><p>When?</p></blockquote><div>Friday</div></div>', "500 Friday"),
    "gmail, old": (f'{HTML_OWN}<div class="gmail_extra"><br><div class="gmail_quote">On Mon, Nov 3, 2025 at 10:12 AM, Ben <span dir="ltr">&lt;<a href="mailto:b@x.example">b@x.example</a>&gt;</span> wrote:<br><blockquote class="gmail_quote">{OLD}</blockquote></div></div>', TEXT_OWN),
    "apple": (f'<body>{HTML_OWN}<div><br><blockquote type="cite"><div>On 3. Nov 2025, at 10:12, Ben &lt;b@x.example&gt; wrote:</div>{OLD}</blockquote></div></body>', TEXT_OWN),
    "thunderbird": (f'{HTML_OWN}<div class="moz-cite-prefix">Ar 03/11/2025 10:12, scríobh Ben:<br></div><blockquote type="cite" cite="mid:1@x.example">{OLD}</blockquote>', TEXT_OWN),
    "thunderbird, below": (f'<div class="moz-cite-prefix">Am 03.11.25 um 10:12 schrieb Ben:<br></div><blockquote type="cite" cite="mid:1@x.example">{OLD}</blockquote>{HTML_OWN}', TEXT_OWN),
    "outlook": (f'<div class="WordSection1">{HTML_OWN}<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>Seoltóir:</b> Ben &lt;b@x.example&gt;<br><b>Seolta:</b> 3.11.2025<br><b>Chuig:</b> Anna<br><b>Ábhar:</b> KN-10</p></div></div>{OLD}</div>', TEXT_OWN),
    "outlook, German": (f'<div class="WordSection1">{HTML_OWN}<div style="border:none;border-top:solid #B5C4DF 1.0pt"><p><b>Von:</b> Ben<br><b>Gesendet:</b> Montag, 3. November 2025 10:12<br><b>An:</b> Anna<br><b>Betreff:</b> KN-10</p></div>{OLD}</div>', TEXT_OWN),
    "outlook web": (f'<div>{HTML_OWN}</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font><b>Seoltóir:</b> Ben<br><b>Seolta:</b> 3.11.2025</font><div>&nbsp;</div></div><div>{OLD}</div>', TEXT_OWN),
    "outlook mac": (f'{HTML_OWN}<span id="OLK_SRC_BODY_SECTION"><div><span>From: </span>Ben</div>{OLD}</span>', TEXT_OWN),
    "outlook phone": (f'{HTML_OWN}<div id="ms-outlook-mobile-signature">Sent from <a href="https://aka.ms/o0ukef">Outlook for iOS</a></div><hr><div id="divRplyFwdMsg">Seoltóir: Ben</div>{OLD}', TEXT_OWN),
    "yahoo": (f'{HTML_OWN}<div id="yahoo_quoted_1" class="yahoo_quoted"><div>On Monday, November 3, 2025 at 10:12:00 AM GMT+1, Ben wrote:</div>{OLD}</div>', TEXT_OWN),
    "proton": (f'{HTML_OWN}<div class="protonmail_quote">On Monday Ben wrote:<br><blockquote class="protonmail_quote" type="cite">{OLD}</blockquote></div>', TEXT_OWN),
    "zoho": (f'{HTML_OWN}<div class="zmail_extra"><div id="Zm-_Id_-Sgn1">---- On Mon, 03 Nov 2025 Ben wrote ----</div><blockquote>{OLD}</blockquote></div>', TEXT_OWN),
    "gmx": (f'{HTML_OWN}<div name="quote" style="margin:10px 5px 5px 10px;padding: 10px 0 10px 10px;border-left:2px solid #C3D9E5;"><div><b>Gesendet:</b> Montag<br><b>Von:</b> Ben</div>{OLD}</div>', TEXT_OWN),
    "zimbra": (f'{HTML_OWN}<hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><b>Chuig: </b>Anna</div><div>{OLD}</div>', TEXT_OWN),
    "hotmail": (f'{HTML_OWN}<hr id="stopSpelling">Date: Mon, 3 Nov 2025<br>{OLD}', TEXT_OWN),
    "no marks": (f"{HTML_OWN}<p>Am 03.11.2025 um 10:12 schrieb Ben &lt;b@x.example&gt;:</p>{OLD}", TEXT_OWN),
    "indented, not quoted": (f'{HTML_OWN}<blockquote style="margin:0 0 0 40px;border:none;padding:0px">KN-10: 500</blockquote>', f"{TEXT_OWN} KN-10: 500"),
    "letterhead with a line": ('<p>Nord</p><div style="border:none;border-top:solid #E1E1E1 1.0pt">Hello Ben</div><p>500 pieces by Friday.</p>', "Nord Hello Ben 500 pieces by Friday."),
}  # fmt: skip
