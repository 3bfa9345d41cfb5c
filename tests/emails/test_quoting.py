import pytest

from emails.quoting import own_words, unwrap
from tests.corpora import replies
from tests.explosions import no_explosion


def words(text):
    return own_words(text).words


OWN = "Guten Tag Herr Ben,\n\nja, bitte 500 Stück.\n\nMit freundlichen Grüßen\nAnna Müller"

HISTORIES = {
    "outlook-german": "Von: Ben <ben@house.example>\nGesendet: Montag, 2. März 2026 10:12\nAn: Anna <anna@kunde.example>\nBetreff: AW: Knöpfe\n\nWie viele?",
    "outlook-english": "From: Ben <ben@house.example>\nSent: Monday, March 2, 2026 10:12 AM\nTo: Anna <anna@kunde.example>\nSubject: RE: Buttons\n\nHow many?",
    "outlook-rule": "________________________________\nVon: Ben <ben@house.example>\nGesendet: Montag, 2. März 2026 10:12\nAn: Anna\nBetreff: Knöpfe\n\nWie viele?",
    "outlook-bold": "*Von:* Ben <ben@house.example>\n*Gesendet:* Montag, 2. März 2026 10:12\n*An:* Anna\n*Betreff:* Knöpfe\n\nWie viele?",
    "outlook-divider": "-----Ursprüngliche Nachricht-----\nVon: Ben\nWie viele?",
    "ascii-divider": "-----Urspruengliche Nachricht-----\nWie viele?",
    "original-message": "----- Original Message -----\nHow many?",
    "samsung": "-------- Ursprüngliche Nachricht --------\nVon: Ben <ben@house.example>\nDatum: 02.03.26 10:12\nAn: Anna\nBetreff: Knöpfe\n\nWie viele?",
    "thunderbird-german": "Am 02.03.2026 um 10:12 schrieb Ben:\n> Wie viele?\n> Danke",
    "thunderbird-english": "On 02/03/2026 10:12, Ben wrote:\n> How many?",
    "gmail-german": "Am Mo., 2. März 2026 um 10:12 Uhr schrieb Ben <ben@house.example>:\n\n> Wie viele?",
    "gmail-wrapped": "Am Mo., 2. März 2026 um 10:12 Uhr schrieb Ben Beispiel-Langname <\nben@house.example>:\n\n> Wie viele?",
    "gmail-html": "On Mon, Mar 2, 2026 at 10:12 AM Ben <ben@house.example> wrote:\n\nHow many?",
    "gmail-iso": "2026-03-02 10:12 GMT+01:00 Ben <ben@house.example>:\n\nWie viele?",
    "apple": "Am 02.03.2026 um 10:12 schrieb Ben <ben@house.example>:\n\nWie viele?",
    "apple-forward": "Anfang der weitergeleiteten Nachricht:\n\nVon: Ben\nWie viele?",
    "name-first": "Ben <ben@house.example> schrieb am Mo., 2. März 2026, 10:12:\n\n> Wie viele?",
    "gmx": 'Gesendet: Montag, 2. März 2026 um 10:12 Uhr\nVon: "Ben" <ben@house.example>\nAn: anna@kunde.example\nBetreff: Knöpfe\nWie viele?',
    "quotes-alone": "> Wie viele?\n>\n> Danke",
    "signature": "-- \nKunde GmbH\nWie viele?",
    "signature-without-blank": "--\nKunde GmbH",
    "phone": "Von meinem iPhone gesendet\n\nAm 02.03.2026 um 10:12 schrieb Ben <ben@house.example>:\n\n> Wie viele?",
    "gmx-app": "Gesendet mit der GMX Mail App\nAm 02.03.26, 10:12, Ben <ben@house.example> schrieb:\n> Wie viele?",
    "android": "Sent from Outlook for Android\n________________________________\nFrom: Ben\nSent: Monday\nTo: Anna\nSubject: Buttons\nHow many?",
}  # fmt: skip


@pytest.mark.parametrize("history", HISTORIES.values(), ids=HISTORIES.keys())
def test_history_and_signature_are_left_out(history):
    assert words(f"{OWN}\n\n{history}\n") == OWN


@pytest.mark.parametrize("history", HISTORIES.values(), ids=HISTORIES.keys())
def test_where_nothing_would_be_left_the_whole_text_stays(history):
    assert "W" in words(history) or "H" in words(history) or "Kunde" in words(history)


def test_answers_between_and_below_quotes_are_kept():
    text = "Am 02.03.2026 um 10:12 schrieb Ben:\n> Wie viele?\n500\n> Bis wann?\nFreitag\n-- \nAnna"
    assert words(text) == "500\nFreitag"


@pytest.mark.parametrize(
    "text",
    [
        "Guten Tag,\nam 2. März haben wir bestellt.",
        "On Monday we wrote to you about buttons.",
        "Am 02.03.2026 haben wir bestellt:\n500 Stück KN-10",
        "Bitte liefern Sie\nAn: Lager Nord\nvielen Dank",
        "Von: 9 Uhr bis 17 Uhr ist jemand da.",
        "Artikel -- Menge\nKN-10 -- 500",
        "Wir haben die ursprüngliche Nachricht nicht erhalten.",
        "",
    ],
)
def test_own_words_that_look_like_history_stay(text):
    assert words(text) == text


def test_a_short_note_above_a_forwarded_order_is_what_was_written():
    text = "Bitte bearbeiten.\n\nVon: Kunde\nGesendet: heute\nAn: Anna\nBetreff: Bestellung\n\n500 Stück"
    assert words(text) == "Bitte bearbeiten."


HOSTILE = {
    "attributions": "Am 1.1. 10:10 schrieb wrote schrieb\n" * 30_000,
    "labels": "Von: x\n" * 140_000,
    "dashes": "-" * 1_000_000,
    "one-line": "Am 1 " * 200_000,
    "quotes": ">" * 1_000_000,
    "soft": "a \n" * 330_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_b14_a_million_hostile_characters_take_linear_time(text):
    with no_explosion():
        words(text)
        unwrap(text)


def test_flowed_paragraphs_are_made_whole():
    text = "Guten Tag, \nwir bestellen \n500 Stück.\n\n> Wie \n> viele?\n stuffed\n-- \nAnna"
    assert unwrap(text) == "Guten Tag, wir bestellen 500 Stück.\n\n> Wie viele?\nstuffed\n-- \nAnna"


def test_flowed_text_may_ask_to_delete_the_space():
    assert unwrap("Knopf \nkiste", delete_space=True) == "Knopfkiste"


def test_own_words_reach_their_figures():
    assert [str(figure) for figure in replies.measure() if not figure.holds] == []


CONTACT = "Atelier Nord GmbH\nHafenstr. 12\n20457 Hamburg\nTel. +49 40 123456\nwww.nord.example\nAmtsgericht Hamburg HRB 1"


def test_a_contact_block_is_told_apart_and_the_name_stays():
    own = own_words(f"{OWN}\nEinkauf\n\n{CONTACT}")
    assert own.words == OWN
    assert own.signature == f"Einkauf\n\n{CONTACT}"


def test_a_delimited_signature_is_told_apart():
    own = own_words(f"{OWN}\n-- \n{CONTACT}\n\nAm 02.03.2026 um 10:12 schrieb Ben:\n> Wie viele?")
    assert own.words == OWN
    assert own.signature == f"-- \n{CONTACT}"


def test_an_address_for_the_delivery_is_no_signature():
    text = f"{OWN}\n\nLieferadresse:\n{CONTACT}"
    assert own_words(text).words == text


def test_a_mail_passed_on_without_a_word_is_read_itself():
    text = f"Viele Grüße\nAnna\n\n-- \n{CONTACT}\n\n-------- Weitergeleitete Nachricht --------\nVon: Otto\nBetreff: Bestellung\n\nBitte 500 Stück KN-10."
    own = own_words(text)
    assert own.words.endswith("Bitte 500 Stück KN-10.")
    assert "Hafenstr" in own.signature


def test_html_decides_where_the_text_lost_its_quotes():
    html = '<p>500 Stück</p><div id="appendonsend"></div><div id="divRplyFwdMsg">Seoltóir: Ben</div><p>Wie viele Knöpfe brauchen Sie denn nun wirklich?</p>'
    text = "500 Stück\n\nSeoltóir: Ben\n\nWie viele Knöpfe brauchen Sie denn nun wirklich?"
    assert own_words(text, html).words == "500 Stück"
    assert own_words(text).words == text


CRAFTED = (
    ">\n", "Am Am ", "On\n", "On 1.1.2020 10:10 a@b.c wrote\n", "Am 1.1.2020 10:10 schrieb x:\n", "\n", " \n", "____\n", "--\n", "---- x\n",
    "Von: x\n", "Von: Gesendet: Betreff:\n", ":\n", "写道：\n", "An\n10:12\n", "regards\n", "sent from my iphone\n", "Tel. +49 1\n", "## reply above line ##\n",
)  # fmt: skip


@pytest.mark.parametrize("piece", CRAFTED)
def test_b14_crafted_letters_take_linear_time(piece):
    with no_explosion():
        own_words(piece * (1_000_000 // len(piece)))


def test_b14_crafted_markup_takes_linear_time():
    html = (
        "<blockquote>" * 150
        + '<div id="appendonsend">' * 40
        + "<blockquote type=cite>x</blockquote>" * 10_000
    )
    with no_explosion():
        own_words("x" * 1000, html)
