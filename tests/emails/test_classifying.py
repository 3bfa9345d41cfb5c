from pathlib import Path

import pytest

from emails import evidence
from emails.classifying import classify
from emails.data import Automatic, Kind, Priority, Sender
from tests.emails.letters import letter
from tests.explosions import no_explosion

STRANGER = Sender()
CUSTOMER = Sender(customer_id=1, customer="Atelier Nord", language="de")
OEM = Sender(customer_id=2, customer="Motoren AG", oem=True, language="de")


CORPUS = Path(__file__).parents[1] / "data" / "letters.txt"
LETTERS = [line.split(" | ") for line in CORPUS.read_text("utf-8").splitlines()]


@pytest.mark.parametrize(("kind", "subject", "text"), LETTERS)
def test_a_letter_is_told_by_what_its_sender_wants(kind, subject, text):
    verdict = classify(letter(subject, text), STRANGER)
    assert verdict.kind == kind, verdict.reasons


@pytest.mark.parametrize(("kind", "subject", "text"), LETTERS)
def test_knowing_the_customer_does_not_turn_a_letter_around(kind, subject, text):
    if kind not in {"spam", "supplier"}:
        assert classify(letter(subject, text), CUSTOMER).kind == kind


INVOICE = (
    "Harzwerk GmbH\nMusterweg 1\n\nRechnung Nr. 2026-77\nBestellung: 4711\n\nPos Menge Preis\n"
)
ORDER = "Atelier Nord\nBestellung 4711\nRechnung an: Atelier Nord\nRechnungsadresse: Weg 1\n10 Stk HB-1\n"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("invoice", INVOICE),
        ("invoice", "ACME Ltd\nINVOICE\nInvoice No. 77\nPurchase Order: 12\n"),
        ("invoice", "<rsm:CrossIndustryInvoice xmlns:rsm='urn:un:unece:uncefact'>"),
        (
            "invoice",
            '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:'
            'urn:oasis:names:specification:Invoice-2">',
        ),
        ("order", ORDER),
        ("order", "Purchase Order PO-12\nBill to: ACME\n"),
        ("order", "<SCRDMCCBDACIOMessageStructure>"),
        ("payment", "Zahlungsavis\nRechnung 123   100,00 EUR\n"),
        ("order_change", "Bestelländerung 2 zu Bestellung 4711\n"),
        ("complaint", "8D-Report\nBestellung 4711\n"),
    ],
)
def test_the_title_of_a_document_beats_stray_words(kind, text):
    mail = letter("Ihre Bestellung", "Guten Tag, anbei das Dokument. Gruß", files=("scan.pdf",))
    assert classify(mail, STRANGER, {"scan.pdf": text}).kind == kind


def test_a_complaint_stays_one_with_the_order_attached():
    mail = letter("Reklamation Bestellung 4711", "Die Knöpfe sind defekt und beschädigt.")
    assert classify(mail, CUSTOMER, {"bestellung.pdf": ORDER}).kind is Kind.COMPLAINT


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("order", "Bestellung_4711.pdf"),
        ("order", "PO-4500012.pdf"),
        ("invoice", "2026-Rechnung_zu_Bestellung.pdf"),
        ("invoice", "factur-x.xml"),
        ("payment", "Zahlungsavis.pdf"),
    ],
)
def test_the_name_of_an_attachment_counts_where_nothing_else_speaks(kind, name):
    assert classify(letter("Dokument", "siehe Anhang", files=(name,)), STRANGER).kind == kind


def test_only_the_senders_own_words_count():
    mail = letter("Re: Bestellung", "Passt, danke!")
    quoted = f"{mail.text}\n> Reklamation, alles defekt und beschädigt"
    assert classify(mail, STRANGER).kind is not Kind.COMPLAINT
    assert mail.reply_text != quoted


@pytest.mark.parametrize(
    ("subject", "text", "sender", "priority"),
    [
        ("Bestellung", "Es eilt!", STRANGER, Priority.URGENT),
        ("DRINGEND: Bestellung", "", STRANGER, Priority.URGENT),
        ("Order", "We need this ASAP, production standstill!", STRANGER, Priority.URGENT),
        ("Order", "This is not urgent.", STRANGER, Priority.NORMAL),
        ("Bestellung", "Das ist nicht dringend, eilt nicht.", STRANGER, Priority.NORMAL),
        ("Bestellung", "Wir haben geteilt.", STRANGER, Priority.NORMAL),
        ("Bestellung", "bitte schnellstmöglich liefern", STRANGER, Priority.HIGH),
        ("Reklamation", "Ware defekt", STRANGER, Priority.HIGH),
        ("Bestellung", "wir bestellen 5 Stück", OEM, Priority.HIGH),
        ("Reklamation", "Bandstillstand wegen defekter Ware", OEM, Priority.URGENT),
        ("You have won", "urgent lottery bitcoin", STRANGER, Priority.LOW),
        ("Frühjahr", "Unser Newsletter. Hier abmelden.", STRANGER, Priority.LOW),
    ],
)
def test_priority_follows_words_and_standing(subject, text, sender, priority):
    assert classify(letter(subject, text), sender).priority is priority


def test_automatic_mail_is_never_pressing():
    mail = letter("Dringend: out of office", "eilt", automatic=Automatic.AUTO_REPLY)
    verdict = classify(mail, OEM)
    assert (verdict.priority, verdict.automatic) == (Priority.LOW, Automatic.AUTO_REPLY)


@pytest.mark.parametrize(
    ("subject", "text", "known", "language"),
    [
        ("Bestellung", "Guten Tag, wir brauchen Knöpfe", "en", "de"),
        ("Order", "Please send us the buttons, regards Jürgen Müller, Köln", "de", "en"),
        ("4711", "", "en", "en"),
        ("4711", "", "", "de"),
        ("4711", "", "fr", "de"),
        ("Anfrage", "Koennen Sie uns bitte ein Angebot schicken", "", "de"),
    ],
)
def test_language_is_read_and_the_books_decide_a_tie(subject, text, known, language):
    assert classify(letter(subject, text), Sender(language=known)).language == language


def test_a_verdict_tells_its_words_and_the_next_best():
    verdict = classify(letter("Reklamation zu Bestellung 4711", "Knöpfe defekt"), CUSTOMER)
    told = {reason.what: reason for reason in verdict.reasons}
    assert told["Words in the subject"].evidence == "reklamation"
    assert told["Words in the text"].evidence == "defekt"
    assert told["Next best"].evidence == "order_status"
    assert told["Next best"].weight < 0
    assert verdict.customer == "Atelier Nord"


def test_confidence_grows_with_the_margin():
    clear = classify(letter("Reklamation", "Mängelrüge: alles defekt"), STRANGER)
    vague = classify(letter("Hallo", "ein Angebot und eine Rechnung"), STRANGER)
    assert 0 <= vague.confidence < 0.5 < clear.confidence <= 1


def test_no_phrase_is_listed_twice_in_different_spellings():
    for lexicon, phrases in (
        (evidence.PHRASES, evidence._meanings()),
        (evidence.TITLE_WORDS, evidence._titles()),
        (evidence.OPENINGS, evidence._openings()),
        (evidence.TONES, evidence._tones()),
    ):
        assert len(lexicon._entries) == len(phrases)


@pytest.mark.parametrize(
    "text",
    [
        "bestellung " * 9_000,
        "wir " * 25_000,
        "ä" * 100_000,
        " " * 100_000,
        "1." * 50_000,
        "\n" * 99_999,
    ],
)
def test_b14_a_hundred_kilobytes_are_classified_in_no_time(text):
    with no_explosion():
        classify(letter(text, text), STRANGER, {"a.pdf": text})


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour, nous avons bien reçu la commande, mais il manque un carton. Merci de nous répondre.",
        "Buongiorno, vorremmo ordinare 500 bottoni per la nostra collezione. Grazie",
        "Hola, ¿cuándo llega nuestro pedido? Gracias y saludos",
        "Wij willen graag 500 knopen bestellen in de kleur blauw. Met vriendelijke groeten",
    ],
)
def test_a_language_that_we_do_not_write_is_answered_in_the_one_we_know_of(text):
    assert classify(letter("", text), Sender(language="en")).language == "en"
    assert classify(letter("", text), Sender(language="de")).language == "de"
