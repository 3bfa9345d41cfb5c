import base64
from binascii import b2a_uu

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emails.transfer import (
    from_base64,
    from_quoted_printable,
    from_uuencode,
    split_uuencoded,
)
from tests.explosions import no_explosion

quick = settings(max_examples=200, deadline=None, database=None)


def uuencoded(octets, name="a.bin", mode="644"):
    lines = b"".join(b2a_uu(octets[at : at + 45]) for at in range(0, len(octets), 45))
    return b"begin %s %s\n%s`\nend\n" % (mode.encode(), name.encode(), lines)


@quick
@given(st.binary(max_size=300), st.integers(1, 90))
def test_base64_on_lines_of_any_length_is_read(octets, width):
    digits = base64.b64encode(octets)
    lines = b"\r\n".join(digits[at : at + width] for at in range(0, len(digits), width))
    assert from_base64(lines) == octets
    assert from_base64(lines.rstrip(b"=\r\n")) == octets


@quick
@given(st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=5))
def test_blocks_of_base64_one_behind_the_other_are_read(blocks):
    assert from_base64(b"".join(map(base64.encodebytes, blocks))) == b"".join(blocks)


@pytest.mark.parametrize(
    ("text", "octets"),
    [
        (b"", b""),
        (b"=", b""),
        (b"====", b""),
        (b"A", b""),
        (b"QQ", b"A"),
        (b"QQ==-- \nMfG", b"A"),
        (b"Q*Q=\n=", b"A"),
    ],
)
def test_damaged_base64_is_read_as_far_as_it_goes(text, octets):
    assert from_base64(text) == octets


@pytest.mark.parametrize(
    ("text", "octets"),
    [
        (b"a=\nb", b"ab"),
        (b"a= \t\r\nb", b"ab"),
        (b"a=", b"a"),
        (b"=c3=BC =zz =", b"\xc3\xbc =zz "),
        (b"\xfc=3D", b"\xfc="),
    ],
)
def test_quoted_printable_is_read_however_broken(text, octets):
    assert from_quoted_printable(text) == octets


@quick
@given(st.binary(min_size=1, max_size=300))
def test_what_is_uuencoded_comes_out_of_its_text(octets):
    block = uuencoded(octets)
    assert from_uuencode(block) == octets
    split = split_uuencoded(b"vorher\n" + block.replace(b"\n", b"\r\n") + b"nachher")
    assert split.files == [(b"a.bin", octets)]
    assert split.text == b"vorher\nnachher"


def test_the_word_begin_begins_no_file():
    text = b"begin 644 words\nof a letter, not of a file\nend\n"
    assert split_uuencoded(text).text == text
    assert split_uuencoded(text).files == []


HOSTILE = {
    "pads": b"A=" * 1_000_000,
    "blocks": b"AA==" * 500_000,
    "soft breaks": b"=" + b" " * 1_000_000,
    "many soft breaks": b"= " * 1_000_000,
    "begins": b"begin 644 x\n" * 100_000,
    "empty lines": b"begin 644 x\n" + b"\n" * 500_000,
    "lines": b"begin 644 x\n" + b"!!\n" * 200_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_b1_transfer_is_undone_in_linear_time(text):
    with no_explosion():
        from_base64(text)
        from_quoted_printable(text)
        from_uuencode(text)
        split_uuencoded(text)


@quick
@given(st.binary(max_size=200))
def test_b3_no_bytes_raise(octets):
    from_base64(octets)
    from_quoted_printable(octets)
    split_uuencoded(b"begin 644 x\n" + octets)
