"""Promise D4: one line of our own server counts, and nobody else's."""

import pytest

from emails.data import Trust
from emails.parsing import parse
from emails.trust import Checker

UNKNOWN, AUTHENTIC, FAILED = Trust.UNKNOWN, Trust.AUTHENTICATED, Trust.FAILED
MX = "mx.h-bu.de"
PASS = f"Authentication-Results: {MX}; dmarc=pass header.from=berger.example"
FAIL = f"Authentication-Results: {MX}; dmarc=fail header.from=berger.example"
OURS = f"Received: from mail.berger.example (1.2.3.4) by {MX} (Postfix) with ESMTPS id 1; Mon"
THEIRS = "Received: from laptop by mail.berger.example with ESMTP id 2; Mon"
MALLORY = "Received: from evil (6.6.6.6) by mail.mallory.example with SMTP; Mon"
FROM = "From: Sabine <einkauf@berger.example>"


def trust(*lines, checker=MX, removes_forged=False, sender=FROM) -> Trust:
    raw = "\r\n".join([*lines, sender, "Subject: x", "", "text"]).encode()
    return parse(raw, checker=Checker(checker, removes_forged)).trust


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param([OURS, THEIRS], UNKNOWN, id="none"),
        pytest.param([PASS, OURS, THEIRS], AUTHENTIC, id="genuine"),
        pytest.param([OURS, PASS, THEIRS], UNKNOWN, id="forged below our Received"),
        pytest.param([OURS, THEIRS, PASS], UNKNOWN, id="forged below all"),
        pytest.param([MALLORY, PASS], UNKNOWN, id="forged below another's Received"),
        pytest.param([FAIL, OURS, PASS], FAILED, id="genuine fail, forged pass below"),
        pytest.param([FAIL, PASS, OURS], FAILED, id="two of ours: the topmost"),
        pytest.param([PASS, FAIL, OURS], AUTHENTIC, id="two of ours: the topmost, the other way"),
        pytest.param(
            [PASS.replace("berger", "mallory"), OURS], UNKNOWN, id="pass for another domain"
        ),
        pytest.param(
            [PASS.replace("berger.example", "mail.berger.example"), OURS],
            UNKNOWN,
            id="pass for a domain below",
        ),
        pytest.param(["X-Spam: no", "Return-Path: <a@b>", PASS, OURS], AUTHENTIC, id="not first"),
        pytest.param([PASS.replace(MX, "mx.mallory.example"), OURS], UNKNOWN, id="another's name"),
        pytest.param(
            [FAIL.replace(MX, "mx.mallory.example"), PASS, OURS], AUTHENTIC, id="another above"
        ),
        pytest.param([PASS.replace(MX, MX + ".mallory.example"), OURS], UNKNOWN, id="longer name"),
    ],
)
def test_d4_header_table(lines, expected):
    assert trust(*lines) is expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param([OURS, PASS, THEIRS], AUTHENTIC, id="below our Received"),
        pytest.param(
            ["Received: from a by imap.h-bu.de with LMTP", OURS, PASS], AUTHENTIC, id="two of ours"
        ),
        pytest.param([OURS, FAIL, PASS], FAILED, id="the topmost"),
        pytest.param([OURS, THEIRS, PASS], UNKNOWN, id="below another's Received"),
        pytest.param([MALLORY, PASS], UNKNOWN, id="another's alone"),
        pytest.param(
            [f"Received: from evil by mail.mallory.example (by {MX}); Mon", PASS],
            UNKNOWN,
            id="our name in a comment",
        ),
        pytest.param(
            [f"Received: from evil (by {MX}; by by {MX}", PASS], UNKNOWN, id="an open comment"
        ),
        pytest.param(["Received: from evil by notmx.h-bu.de.evil.example", PASS], UNKNOWN, id="x"),
        pytest.param(["Received: nonsense", PASS], UNKNOWN, id="no name at all"),
    ],
)
def test_d4_below_our_own_received_lines_where_the_server_removes_forged_ones(lines, expected):
    assert trust(*lines, removes_forged=True) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (f"{MX}; none", UNKNOWN),
        (f"{MX}", UNKNOWN),
        ("", UNKNOWN),
        (";;;", UNKNOWN),
        (f"{MX.upper()} 1; DMARC=PASS header.FROM=Berger.Example", AUTHENTIC),
        (f'"{MX}"; dmarc=pass header.from="berger.example"', AUTHENTIC),
        (f"{MX};\r\n\tspf=fail smtp.mailfrom=x.example;\r\n\tdmarc=pass\r\n (p=REJECT\r\n dis=NONE)"
         "\r\n header.from=berger.example", AUTHENTIC),
        (f"(a (nested) comment; dmarc=fail) {MX} (c); dmarc (c) = (c) pass (p=NONE sp=NONE) "
         "header.from (c) = berger.example", AUTHENTIC),
        (f"{MX}; dmarc/1=pass header.from=berger.example", AUTHENTIC),
        (f"{MX}; dmarc=pass reason=\"all; dmarc=fail\" header.from=berger.example", AUTHENTIC),
        (f"{MX}; spf=pass reason=\"; dmarc=pass header.from=berger.example\"", UNKNOWN),
        (f"{MX}; spf=pass smtp.mailfrom=\";\" dmarc=pass header.from=berger.example", UNKNOWN),
        (f"{MX}; spf=pass (; dmarc=pass header.from=berger.example)", UNKNOWN),
        (f"{MX}; dkim=pass header.d=berger.example; spf=pass smtp.mailfrom=berger.example", UNKNOWN),
        (f"{MX}; dmarc=none header.from=berger.example", UNKNOWN),
        (f"{MX}; dmarc=temperror header.from=berger.example", UNKNOWN),
        (f"{MX}; dmarc=bestguesspass header.from=berger.example", UNKNOWN),
        (f"{MX}; dmarc=pass", UNKNOWN),
        (f"{MX}; dmarc=pass policy.header.from=berger.example", UNKNOWN),
        (f"{MX}; dmarc=fail (p=none) header.from=berger.example", FAILED),
        (f"{MX}; dmarc=fail", FAILED),
        (f"{MX}; dmarc=pass header.from=berger.example; dmarc=fail", FAILED),
        (f"{MX}; dmarc=pass header.from=berger.example; dmarc=pass header.from=x.example", UNKNOWN),
        (f"{MX}; dmarc=pass header.from=einkauf@berger.example", AUTHENTIC),
        (f"{MX}; dmarc=pass (header.from=berger.example", UNKNOWN),
        (f'{MX}; spf=fail (of "x@evil); dmarc=fail', FAILED),
        (f"{MX}; spf=fail (of \\) x); dmarc=fail", FAILED),
    ],
)  # fmt: skip
def test_d4_how_servers_write_it(value, expected):
    assert trust(f"Authentication-Results: {value}", OURS) is expected


@pytest.mark.parametrize(
    "sender",
    [
        "From: a@berger.example, b@berger.example",
        "From: a@berger.example\r\nFrom: b@mallory.example",
        "From: einkauf",
        "X: y",
        "From: berger.example <mallory@mallory.example>",
    ],
)
def test_d4_an_unclear_sender_is_never_authentic(sender):
    assert trust(PASS, sender=sender) is UNKNOWN


def test_d4_a_domain_with_letters_of_its_own_is_compared_as_the_dns_does():
    line = f"Authentication-Results: {MX}; dmarc=pass header.from=xn--knpfe-kua.example"
    assert trust(line, sender="From: a@knöpfe.example") is AUTHENTIC


def test_d4_without_a_checker_nobody_is_anything():
    assert trust(PASS, checker="") is UNKNOWN
    assert trust(FAIL, checker="") is UNKNOWN
    assert parse(f"{FAIL}\r\n{FROM}\r\n\r\ntext".encode()).trust is UNKNOWN


def test_d4_what_a_quoted_text_holds_stays_in_it_where_the_line_is_cut():
    forged = "; dmarc=pass header.from=berger.example"
    line = f'Authentication-Results: {MX}; spf=pass smtp.mailfrom="{forged}{"a" * 20_000}"@x.de'
    assert trust(line, OURS) is UNKNOWN
    assert trust(f'Authentication-Results: {MX}; spf=pass x.y="{forged}\\', OURS) is UNKNOWN


@pytest.mark.parametrize("filling", ["(", '"', ";", "=", "a=b;", "\\", "by ", "((()))", '"\\'])
def test_d4_a_hostile_line_takes_no_time(filling):
    line = f"Authentication-Results: {MX}; {filling * (50_000 // len(filling))}"
    assert (
        trust(line, f"Received: {filling * (50_000 // len(filling))}", removes_forged=True)
        is UNKNOWN
    )
