import pytest

from emails.threading import (
    candidates,
    find_token,
    is_own,
    normalised_subject,
    signed_message_id,
)
from tests.emails.letters import letter

KEY = b"a key of the tests"


@pytest.mark.parametrize(
    "subject",
    [
        "Bestellung 4711",
        "Re: Bestellung 4711",
        "AW: Bestellung 4711",
        "WG: AW: Re: Bestellung  4711",
        "Antw: Bestellung 4711",
        "FW:FWD: Bestellung 4711",
        "TR: Re[5]: Bestellung 4711",
        "re(2): RE : Bestellung\n 4711",
    ],
)
def test_answers_and_forwards_share_a_subject(subject):
    assert normalised_subject(subject) == "Bestellung 4711"


@pytest.mark.parametrize("subject", ["Rechnung: 5", "Regal", "Award: won", ""])
def test_words_that_only_look_like_a_prefix_stay(subject):
    assert normalised_subject(subject) == subject


def test_an_endless_subject_is_cut():
    assert len(normalised_subject("Re: " * 100_000)) <= 1000


def test_the_nearest_ancestor_is_looked_up_first():
    mail = letter(in_reply_to="<c@x>", references=("<a@x>", "<b@x>", "<c@x>"))
    assert candidates(mail) == ("<c@x>", "<b@x>", "<a@x>")


def test_a_mail_without_ancestors_has_no_candidates():
    assert candidates(letter()) == ()


def test_d2_our_own_message_id_is_known_again():
    message_id = signed_message_id(KEY, "reply-42", "H-BU.de")
    assert message_id.endswith("@h-bu.de>")
    assert is_own(message_id, KEY, "h-bu.de")
    assert is_own(message_id.strip("<>"), KEY, "h-bu.de")


@pytest.mark.parametrize(
    "forge",
    [
        lambda own: own.replace("reply-42", "reply-43"),
        lambda own: own.replace("@h-bu.de", "@evil.example"),
        lambda own: own[:-12] + "0000" + own[-8:],
        lambda own: "<hb.reply-42.@h-bu.de>",
        lambda own: "<hb.reply-42.ü@h-bu.de>",
        lambda own: "",
        lambda own: "<[>",
    ],
)
def test_d3_a_forged_message_id_is_not_ours(forge):
    assert not is_own(forge(signed_message_id(KEY, "reply-42", "h-bu.de")), KEY, "h-bu.de")


def test_d3_another_key_does_not_sign_for_us():
    assert not is_own(signed_message_id(b"other", "reply-42", "h-bu.de"), KEY, "h-bu.de")


def test_the_signature_has_128_bits():
    signature = signed_message_id(KEY, "x", "h-bu.de").split("@")[0].rpartition(".")[2]
    assert len(bytes.fromhex(signature)) * 8 == 128


@pytest.mark.parametrize("reference", ["", "a b", "a\r\nBcc: x", "a@b", "x" * 65])
def test_c7_a_reference_cannot_break_the_header(reference):
    with pytest.raises(ValueError, match="not a reference"):
        signed_message_id(KEY, reference, "h-bu.de")


def test_a_case_number_travels_in_the_subject():
    token = "[C-2026-000123]"
    assert find_token(f"AW: Ihre Bestellung {token}") == "C-2026-000123"
    assert find_token("re: x [ c-2026-000123 ]") == "C-2026-000123"


@pytest.mark.parametrize("subject", ["", "C-2026-000123", "[C-26-1]", "[X-2026-000123]"])
def test_other_brackets_are_no_case_number(subject):
    assert find_token(subject) == ""
