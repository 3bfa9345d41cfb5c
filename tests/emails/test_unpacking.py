import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emails.parsing import parse
from emails.unpacking import armour, cms, invitation, rtf, tnef
from tests.corpora.specimens import tnef as written
from tests.corpora.specimens import wrapped
from tests.explosions import no_explosion

quick = settings(max_examples=200, deadline=None, database=None)
MAIL = b"Content-Type: text/plain\n\nHallo"


def test_a_signature_gives_what_it_signs():
    assert cms.signed_content(wrapped.opaque(MAIL)) == MAIL
    assert cms.signed_content(wrapped.streamed(MAIL * 50)) == MAIL * 50


@pytest.mark.parametrize(
    "octets",
    [b"", b"0", b"\x30\x80", bytes(50), b"\x30\x84\xff\xff\xff\xff", wrapped.opaque(MAIL)[:60]],
    ids=["empty", "a letter", "endless", "zeros", "too long", "cut off"],
)
def test_what_is_no_signature_gives_nothing(octets):
    assert cms.signed_content(octets) == b""


def test_a_signature_within_signatures_is_opened_within_bounds():
    mail = MAIL
    for _ in range(3):
        mail = wrapped.sealed(wrapped.streamed(mail)).encode()
    assert parse(b"From: a@b.de\n" + mail).text == "Hallo"


def test_encrypted_mail_is_told():
    sealed = wrapped.sealed(bytes.fromhex("300d06092a864886f70d010703a000"), "enveloped-data")
    inline = "\n-----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE-----\n"
    for mail in (sealed, inline):
        assert "The mail is encrypted and cannot be read." in parse(mail.encode()).defects


def test_rtf_is_read_with_its_letters():
    text = rtf.text_of(
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\uc1 Gr\'f6\u223?e\par 5 \u8364? {\b fett}\tab\{x\}{\*\x y}}"
    )
    assert text == ("Größe\n5 € fett\t{x}", False)


def test_compressed_rtf_is_read():
    expected = rb"{\rtf1\ansi\ansicpg1252\pard hello world}" + b"\r\n"
    assert rtf.decompressed(written.HELLO_WORLD) == expected


def test_the_names_in_winmail_dat_are_of_its_code_page():
    octets = written.stream(written.file("Größe.txt".encode("cp850"), b"x"), code_page=850)
    wrapping = tnef.unwrap(octets)
    assert [file.name for file in wrapping.files] == ["Größe.txt"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("SUMMARY:Messe", "Messe"),
        ("SUMMARY:Messe\nDTSTART;VALUE=DATE:20260310", "Messe\n2026-03-10"),
        ("SUMMARY:Messe\nDTSTART:20260310T090000Z\nDTEND:20260311T100000Z", "Messe\n2026-03-10 09:00 – 2026-03-11 10:00 UTC"),
        ("METHOD:CANCEL\nSUMMARY:Messe\nLOCATION:Köln\\, Halle 3", "[CANCEL] Messe\nKöln, Halle 3"),
        ("SUMMARY:Lan\n ger Titel\nORGANIZER:mailto:anna@kunde.example", "Langer Titel\nanna@kunde.example"),
        ("BEGIN:VALARM\nSUMMARY:Wecker\nEND:VALARM\nSUMMARY:Messe\nEND:VEVENT\nSUMMARY:Zweite", "Messe"),
        ("VERSION:2.0", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_an_invitation_is_told_in_short(lines, said):
    assert invitation.summary_of(lines) == said


def test_what_is_signed_inline_is_read_without_its_armour():
    signed = "vorher\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHallo\n- -- \nAnna\n-----BEGIN PGP SIGNATURE-----\nx\n-----END PGP SIGNATURE-----\nnachher"
    assert armour.without_armour(signed) == "vorher\nHallo\n-- \nAnna\nnachher"
    assert armour.without_armour(signed[:60]) == signed[:60]


SEVERAL = struct.pack("<I", 2**31)
BOMBS = {
    "open elements": (cms.signed_content, b"\x30\x80" * 500_000),
    "open strings": (cms.signed_content, wrapped.streamed(MAIL)[:50] + b"\x24\x80" * 300_000),
    "attachments": (tnef.unwrap, written.stream(written.file(b"a", b"x") * 20_000)),
    "properties": (tnef.unwrap, written.stream(written.attribute(1, 0x9003, SEVERAL + b"\3\0\1\0AAAA" * 200_000))),
    "values": (tnef.unwrap, written.stream(written.message(struct.pack("<HH", 0x101E, 0x1000) + SEVERAL + bytes(500_000)))),
    "groups": (rtf.text_of, b"{" * 500_000 + b"\\u9999 " * 50_000),
    "copies": (rtf.decompressed, SEVERAL * 2 + b"LZFu" + bytes(4) + (b"\xff" + b"\x0c\xdf" * 8) * 30_000),
    "lines": (lambda text: invitation.summary_of(text.decode()), b"SUMMARY" + b';A="' * 60_000),
    "armour": (lambda text: armour.without_armour(text.decode()), b"-----BEGIN PGP SIGNED MESSAGE-----\n" * 20_000),
}  # fmt: skip


@pytest.mark.parametrize(("read", "octets"), BOMBS.values(), ids=BOMBS.keys())
def test_b1_wrappings_are_opened_within_bounds(read, octets):
    with no_explosion():
        read(octets)


def test_letters_in_letters_in_winmail_dat_are_opened_only_so_deep():
    octets = written.stream(written.message(written.text(0x1000, "innen")))
    for _ in range(20):
        inner = written.variable(0x3701, written.IMESSAGE + octets, kind=0x0D)
        octets = written.stream(written.file(b"brief", b"", inner))
    assert len(tnef.unwrap(octets).files) <= tnef.DEPTH + 2


def test_b1_winmail_dat_opens_a_few_letters_and_the_properties_of_each_once():
    message = written.message(written.text(0x1000, "Hallo"))
    inner = written.variable(0x3701, written.IMESSAGE + written.stream(message), kind=0x0D)
    many = [written.file(b"brief", b"", inner)] * 2 * tnef.LETTERS
    second = written.message(written.text(0x1000, "Nein"))
    found = tnef.unwrap(written.stream(message, second, *many))
    assert found.text == "Hallo"
    assert [file.payload for file in found.files].count(b"Hallo") == tnef.LETTERS
    assert len(found.files) == 2 * tnef.LETTERS


tokens = st.sampled_from([b"\x30\x80", b"\x24\x80", b"\x04\x01", b"\0\0", b"\xa0\x82", b"\x02\x90", b"\x0f\x80", b"\xff" * 4, b"x",
                          b"\x1f\0\1\x10", b"\2\0\0\0", b"{", b"}", b"\\u-9 ", b"\\'zz", b"\\htmltag", b"\\*", b"\n", b":", b"BEGIN:VEVENT\n", b"DTSTART:2026"])  # fmt: skip


@quick
@given(st.lists(tokens, max_size=40).map(b"".join) | st.binary(max_size=200))
def test_b3_no_wrapping_raises(octets):
    cms.signed_content(wrapped.streamed(MAIL)[: len(octets)] + octets)
    tnef.unwrap(written.stream() + octets)
    tnef.unwrap(
        written.stream(written.attribute(1, 0x9003, octets), written.file(b"a", octets, octets))
    )
    rtf.text_of(b"{\\rtf1\\fromhtml1 " + octets)
    rtf.decompressed(octets)
    rtf.decompressed(struct.pack("<I", 1000) * 2 + b"LZFu" + bytes(4) + octets)
    invitation.summary_of(octets.decode("latin-1"))
    armour.without_armour(octets.decode("latin-1"))
