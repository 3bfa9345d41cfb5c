import pytest

from emails.threading import (
    candidates,
    find_token,
    is_own,
    normalised_subject,
    other_address_in,
    same_topic,
    signed_message_id,
    topic,
    with_token,
)
from tests.emails.letters import letter
from tests.explosions import no_explosion

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
        "Re^2: Bestellung 4711",
        "SV: VS: VB: Bestellung 4711",
        "R\xe9p: RIF: RES: Bestellung 4711",
        "ODP: PD: YNT: ILT: Bestellung 4711",
        "RV: ENC: Bestellung 4711",
        "回复：转发: Bestellung 4711",
        "[EXTERN] AW: Bestellung 4711",
        "AW: [EXT] WG: [Extern] Bestellung 4711",
        "***SPAM*** Re: {Spam?} Bestellung 4711",
        "Re: [Knopfliste] Re: Bestellung 4711",
    ],
)
def test_answers_and_forwards_share_a_subject(subject):
    assert normalised_subject(subject) == "Bestellung 4711"


@pytest.mark.parametrize(
    "subject",
    [
        "Rechnung: 5",
        "Regal",
        "Award: won",
        "",
        "Res. 5",
        "Trikot: 5",
        "[EXTERN]",
        "[eilig]",
        "[Bestellung 4711] Frage",
        "4711: Frage",
        "Ref: 12",
    ],
)
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


@pytest.mark.parametrize(
    ("subject", "earlier"),
    [
        ("AW: Bestellung 4711", "Bestellung 4711"),
        ("WG: [EXTERN] bestellung 4711", "Bestellung 4711"),
        ("Bestellung 4711 - Nachtrag", "Bestellung 4711"),
        ("RE: Ihre Nachricht ist angekommen", "Ihre Nachricht ist angekommen [C-2026-000001]"),
        ("Auftragsbestätigung B-2026 über Perlm", "Auftragsbestätigung B-2026 über Perlmuttknöpfe"),
        ("", "Bestellung 4711"),
        ("AW:", "Bestellung 4711"),
        ("Bestellung 4711", ""),
    ],
)
def test_a_subject_that_goes_on_is_no_new_topic(subject, earlier):
    assert same_topic(subject, {topic(earlier)})


@pytest.mark.parametrize(
    ("subject", "earlier"),
    [
        ("Reklamation: Knöpfe zerbrochen", "Bestellung 4711"),
        ("AW: Bestellung 4712", "Bestellung 4711"),
        ("Rechnung 88", "AW: Ihre Nachricht ist angekommen [C-2026-000001]"),
    ],
)
def test_another_subject_is_a_new_topic(subject, earlier):
    assert not same_topic(subject, {topic(earlier)})


def test_the_case_number_is_put_into_a_subject_once():
    once = with_token("Ihre Frage", "C-2026-000001")
    assert once == "Ihre Frage [C-2026-000001]"
    assert with_token(f"Re: {once.lower()}", "C-2026-000001") == f"Re: {once.lower()}"
    assert with_token("Ihre Frage", "") == "Ihre Frage"


@pytest.mark.parametrize(
    ("name", "address", "shown"),
    [
        ("chef@h-bu.de", "anna@evil.example", "chef@h-bu.de"),
        ("Chef (chef@h-bu.de)", "anna@evil.example", "chef@h-bu.de"),
        ("Anna@Evil.example", "anna@evil.example", ""),
        ("Anna Berger", "anna@evil.example", ""),
        ("me @ work", "anna@evil.example", ""),
        ("a@b", "anna@evil.example", ""),
        ("x" * 5000 + "@h-bu.de", "anna@evil.example", ""),
    ],
)
def test_d5_a_name_that_shows_another_address_is_seen(name, address, shown):
    assert other_address_in(name, address) == shown


@pytest.mark.parametrize(
    "bad", ["[" * 100_000, "Re[" * 50_000, "{spam" * 20_000, "*" * 100_000, "a@" * 50_000]
)
def test_crafted_subjects_cost_no_time(bad):
    with no_explosion():
        normalised_subject(bad), topic(bad), find_token(bad), other_address_in(bad, "")
