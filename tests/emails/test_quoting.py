import pytest

from emails.quoting import reply_text, unwrap
from tests.explosions import no_explosion

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
    assert reply_text(f"{OWN}\n\n{history}\n") == OWN


@pytest.mark.parametrize("history", HISTORIES.values(), ids=HISTORIES.keys())
def test_where_nothing_would_be_left_the_whole_text_stays(history):
    assert (
        "W" in reply_text(history) or "H" in reply_text(history) or "Kunde" in reply_text(history)
    )


def test_answers_between_and_below_quotes_are_kept():
    text = "Am 02.03.2026 um 10:12 schrieb Ben:\n> Wie viele?\n500\n> Bis wann?\nFreitag\n-- \nAnna"
    assert reply_text(text) == "500\nFreitag"


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
    assert reply_text(text) == text


def test_a_short_note_above_a_forwarded_order_is_what_was_written():
    text = "Bitte bearbeiten.\n\nVon: Kunde\nGesendet: heute\nAn: Anna\nBetreff: Bestellung\n\n500 Stück"
    assert reply_text(text) == "Bitte bearbeiten."


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
        reply_text(text)
        unwrap(text)


def test_flowed_paragraphs_are_made_whole():
    text = "Guten Tag, \nwir bestellen \n500 Stück.\n\n> Wie \n> viele?\n stuffed\n-- \nAnna"
    assert unwrap(text) == "Guten Tag, wir bestellen 500 Stück.\n\n> Wie viele?\nstuffed\n-- \nAnna"


def test_flowed_text_may_ask_to_delete_the_space():
    assert unwrap("Knopf \nkiste", delete_space=True) == "Knopfkiste"
