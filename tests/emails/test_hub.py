import os
import signal
import smtplib
import socket
import ssl
import stat
import struct
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
import time_machine
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from emails.simulation.certificates import ensure_certificates
from emails.simulation.hub import running_hub
from hbu.lib.errors import DomainError

PASSWORD = "button-box"
ROOT = Path(__file__).resolve().parents[2]
LETTER = b"Subject: Buttons\r\nFrom: anna@kunde.de\r\n\r\nPlease send 500 buttons.\r\n"
numbers = count(1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("hub")


@pytest.fixture(scope="module")
def hub(folder):
    with running_hub(folder, password=PASSWORD) as hub:
        yield hub


@pytest.fixture
def address():
    return f"desk{next(numbers)}@knopf.example"


def trusting(hub):
    return ssl.create_default_context(cafile=str(hub.ca_file))


def send(hub, to, raw=LETTER, sender="anna@kunde.de"):
    with smtplib.SMTP("localhost", hub.smtp_port, timeout=10) as smtp:
        return smtp.sendmail(sender, to, raw)


@contextmanager
def mailbox(hub, address, login=IMAPClient.login):
    with IMAPClient("localhost", hub.imap_port, ssl=False, timeout=10) as client:
        login(client, address, PASSWORD)
        client.select_folder("INBOX")
        yield client


def fetch(client, uids=None):
    uids = client.search() if uids is None else uids
    found = client.fetch(uids, ["BODY.PEEK[]", "RFC822.SIZE", "INTERNALDATE", "FLAGS"])
    return dict(found)


def bodies(client):
    """What was sent, without the two trace lines on top."""
    return [m[b"BODY[]"].split(b"\r\n", 2)[2] for m in fetch(client).values()]


def test_every_recipient_gets_one_copy_whatever_the_case_of_the_address(hub, address):
    other = f"x-{address}"
    send(hub, [address, other, address.upper()])
    for name in (address.title(), other):
        with mailbox(hub, name) as client:
            assert bodies(client) == [LETTER]


@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: caf\xe9 \xff\xfe\r\n\r\nGr\xfc\xdfe\r\n",
        b"no header at all\r\n",
        b"\r\n",
        b"Subject: no body\r\n",
        b"Subject: bare\nX: line ends\n\nbody\rmore\n\r\n",
        b"Subject: dots\r\n\r\n.\r\n..\r\n.x\r\n",
        b"Subject: nul\x00\r\n\r\n\x00\x01\r\n",
        b"Subject: endless\r\n\r\n" + b"y" * 200_000 + b"\r\n",
        b'Content-Type: multipart/mixed; boundary="\xff\r\nTo: <<>>,@;:\r\n\r\nx\r\n',
    ],
    ids=lambda raw: raw[:20].decode("latin-1").strip() or "empty",
)
def test_a_mail_is_kept_byte_for_byte(hub, address, raw):
    send(hub, [address], raw)
    with mailbox(hub, address) as client:
        ((uid, message),) = fetch(client).items()
        assert uid == 1
        assert message[b"BODY[]"].startswith(b"Return-Path: <anna@kunde.de>\r\nReceived: from ")
        assert message[b"BODY[]"].split(b"\r\n", 2)[2] == raw
        assert message[b"RFC822.SIZE"] == len(message[b"BODY[]"])


def test_a_null_sender_may_send_but_is_no_recipient(hub, address):
    send(hub, [address], sender="")
    with mailbox(hub, address) as client:
        assert fetch(client)[1][b"BODY[]"].startswith(b"Return-Path: <>\r\n")
    with smtplib.SMTP("localhost", hub.smtp_port) as smtp:
        smtp.ehlo()
        smtp.mail("anna@kunde.de")
        assert smtp.docmd("RCPT", "TO:<>")[0] == 501


def test_an_address_in_utf8_is_an_account(hub):
    with smtplib.SMTP("localhost", hub.smtp_port) as smtp:
        smtp.sendmail("anna@kunde.de", ["größe@knopf.example"], LETTER, ["SMTPUTF8"])
    with mailbox(hub, "größe@knopf.example", IMAPClient.plain_login) as client:
        assert bodies(client) == [LETTER]


def test_a_mail_over_60_megabytes_is_refused_before_it_is_sent(hub):
    with smtplib.SMTP("localhost", hub.smtp_port) as smtp:
        smtp.ehlo()
        assert smtp.esmtp_features["size"] == str(60 * 2**20)
        assert smtp.mail("anna@kunde.de", [f"SIZE={60 * 2**20 + 1}"])[0] == 552


def test_a_wrong_password_is_refused(hub, address):
    with IMAPClient("localhost", hub.imap_port, ssl=False) as client:
        for wrong in ("", "wrong", PASSWORD + "x"):
            with pytest.raises(LoginError):
                client.login(address, wrong)
    with smtplib.SMTP("localhost", hub.smtp_port) as smtp:
        smtp.starttls(context=trusting(hub))
        with pytest.raises(smtplib.SMTPAuthenticationError):
            smtp.login(address, "wrong")
        smtp.login(address, PASSWORD)


def test_i10_starttls_is_verified_against_our_own_ca(hub, address):
    with smtplib.SMTP("localhost", hub.smtp_port) as smtp:
        smtp.starttls(context=trusting(hub))
        smtp.sendmail("anna@kunde.de", [address], LETTER)
    with IMAPClient("127.0.0.1", hub.imap_port, ssl=False, timeout=10) as client:
        client.starttls(trusting(hub))
        client.login(address, PASSWORD)
        client.select_folder("INBOX")
        assert b"with ESMTPS;" in fetch(client)[1][b"BODY[]"]


def test_i10_who_does_not_know_our_ca_refuses_the_hub(hub):
    stranger = ssl.create_default_context()
    with smtplib.SMTP("localhost", hub.smtp_port) as smtp:
        with pytest.raises(ssl.SSLCertVerificationError):
            smtp.starttls(context=stranger)
        smtp.close()
    client = IMAPClient("localhost", hub.imap_port, ssl=False)
    with pytest.raises(ssl.SSLCertVerificationError):
        client.starttls(stranger)


def pushed_within_2_seconds(client, wanted):
    end = time.monotonic() + 2
    seen = []
    while wanted not in seen and time.monotonic() < end:
        seen += client.idle_check(timeout=end - time.monotonic())
    return wanted in seen


def test_new_mail_is_pushed_to_clients_that_idle(hub, address):
    with mailbox(hub, address) as client:
        client.idle()
        for number in (1, 2):
            send(hub, [address])
            assert pushed_within_2_seconds(client, (number, b"EXISTS"))
        client.idle_done()


def test_a_long_session_finds_new_mail_without_a_noop(hub, address):
    with mailbox(hub, address) as client:
        assert client.search() == []
        send(hub, [address])
        assert client.search() == [1]
        send(hub, [address])
        assert list(client.fetch([2], ["FLAGS"])) == [2]


def test_flags_and_keywords_are_added_and_removed(hub, address):
    send(hub, [address])
    with mailbox(hub, address) as client:
        client.add_flags([1], [b"\\Flagged", b"$Taken"])
        client.remove_flags([1], [b"\\Flagged"])
    with mailbox(hub, address) as client:
        assert fetch(client)[1][b"FLAGS"] == (b"$Taken",)
        assert client.search(["KEYWORD", "$Taken"]) == [1]


def test_uids_and_uidvalidity_outlive_a_restart(tmp_path):
    with running_hub(tmp_path, password=PASSWORD) as hub:
        for _ in range(3):
            send(hub, ["desk@knopf.example"])
        with mailbox(hub, "desk@knopf.example") as client:
            client.add_flags([2], [b"\\Seen"])
            client.delete_messages([3])
            client.expunge()
            before = client.folder_status("INBOX"), fetch(client)
    with (
        running_hub(tmp_path, password=PASSWORD) as hub,
        mailbox(hub, "desk@knopf.example") as client,
    ):
        assert (client.folder_status("INBOX"), fetch(client)) == before
        send(hub, ["desk@knopf.example"])
        assert client.search() == [1, 2, 4]


def test_a_folder_made_anew_has_a_greater_uidvalidity(hub, address):
    with mailbox(hub, address) as client:
        seen = []
        for _ in range(3):
            client.create_folder("Archive")
            seen.append(client.folder_status("Archive", ["UIDVALIDITY"])[b"UIDVALIDITY"])
            client.delete_folder("Archive")
    assert seen == sorted(set(seen))


def test_mail_is_moved_copied_and_expunged(hub, address):
    for _ in range(3):
        send(hub, [address])
    with mailbox(hub, address) as client:
        client.create_folder("Archive")
        client.move([1], "Archive")
        client.copy([2], "Archive")
        client.delete_messages([2])
        client.expunge([2])
        assert client.search() == [3]
        assert [name for _, _, name in client.list_folders()] == ["INBOX", "Archive"]
        client.select_folder("Archive")
        assert bodies(client) == [LETTER, LETTER]
        with pytest.raises(IMAPClientError, match="TRYCREATE"):
            client.move([1], "Nowhere")


def test_a_folder_and_those_below_it_are_renamed(hub, address):
    with mailbox(hub, address) as client:
        for name in ("Sent", "Sent/2026"):
            client.create_folder(name)
        client.append("Sent/2026", LETTER)
        client.rename_folder("Sent", "Out")
        with pytest.raises(IMAPClientError):
            client.rename_folder("INBOX", "Other")
        assert client.folder_status("Out/2026")[b"MESSAGES"] == 1
        assert not client.folder_exists("Sent")


def test_an_appended_mail_keeps_its_bytes_flags_and_date(hub, address):
    written = datetime(2024, 2, 29, 12, 30, tzinfo=UTC)
    with mailbox(hub, address) as client:
        client.normalise_times = False
        client.append("INBOX", LETTER, [b"\\Seen"], written)
        message = fetch(client)[1]
    assert message[b"BODY[]"] == LETTER
    assert b"\\Seen" in message[b"FLAGS"]
    assert message[b"INTERNALDATE"] == written


def test_peeking_does_not_mark_a_mail_as_read_but_reading_does(hub, address):
    send(hub, [address])
    with mailbox(hub, address) as client:
        assert fetch(client)[1][b"FLAGS"] == ()
        client.fetch([1], ["BODY[]"])
        assert client.get_flags([1]) == {1: (b"\\Seen",)}


def test_malformed_mail_does_not_break_the_session(hub, address):
    mails = [
        b"hello",
        b"\r\n",
        b'Content-Type: multipart/mixed; boundary="\xff"; x*0=1; charset="\xff\r\n\r\nx',
        b"From: <<>>,,@;:\r\nTo: \xff <\r\nDate: x\r\nSubject: =?utf-8?q?=ff?=\r\n\r\nx",
    ]
    with mailbox(hub, address) as client:
        for raw in mails:
            client.append("INBOX", raw)
        for wanted in ("ENVELOPE", "BODYSTRUCTURE", "BODY.PEEK[TEXT]", "BODY.PEEK[HEADER]"):
            assert len(client.fetch([1, 2, 3, 4], [wanted])) == 4
        assert client.search(["FROM", "anna"]) == []
        assert client.search(["HEADER", "Subject", "x"]) == []
        assert [message[b"BODY[]"] for message in fetch(client).values()] == mails


def test_a_mail_without_a_body_has_an_empty_text(hub, address):
    with mailbox(hub, address) as client:
        client.append("INBOX", b"Subject: x\r\n")
        assert client.fetch([1], ["BODY.PEEK[TEXT]"])[1][b"BODY[TEXT]"].strip() == b""


HOSTILE = [
    "../../../../etc/passwd@knopf.example",
    "/absolute/path@knopf.example",
    "a/./b/../../c@knopf.example",
    "....@knopf.example",
    "nul\x00byte@knopf.example",
    "carriage\rreturn@knopf.example",
    "n" * 300 + "@knopf.example",
    '"quoted \\" name"@knopf.example',
    "percent%2e%2e%2f@knopf.example",
    "nodomain",
]


def test_hostile_addresses_are_accounts_like_any_other_and_no_paths(tmp_path):
    data = tmp_path / "deep" / "inside" / "data"
    with running_hub(data, password=PASSWORD) as hub:
        for address in HOSTILE:
            with smtplib.SMTP("localhost", hub.smtp_port) as smtp:
                smtp.ehlo()
                smtp.mail("anna@kunde.de")
                smtp.send(b"RCPT TO:<%b>\r\n" % address.encode())
                assert smtp.getreply()[0] == 250
                assert smtp.data(LETTER)[0] == 250
        for address in HOSTILE:
            if "\x00" not in address and "\r" not in address:
                with mailbox(hub, address, IMAPClient.plain_login) as client:
                    assert bodies(client) == [LETTER]
    files = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert files == {
        f"deep/inside/data/{name}"
        for name in ("hub/hub.sqlite3", "certificates/ca.pem", "certificates/server.pem")
    }
    assert stat.S_IMODE((data / "hub").stat().st_mode) == 0o700


def test_bytes_that_are_no_utf8_are_an_address_too(hub):
    with smtplib.SMTP("localhost", hub.smtp_port) as smtp:
        smtp.ehlo()
        smtp.mail("anna@kunde.de")
        smtp.send(b"RCPT TO:<\xff\xfe@knopf.example>\r\n")
        assert smtp.getreply()[0] == 250
        assert smtp.data(LETTER)[0] == 250


def test_two_clients_see_each_others_changes(hub, address):
    for _ in range(3):
        send(hub, [address])
    with mailbox(hub, address) as one, mailbox(hub, address) as two:
        one.add_flags([1], [b"\\Answered"])
        one.create_folder("Archive")
        one.move([2], "Archive")
        assert two.get_flags([1]) == {1: (b"\\Answered",)}
        assert two.search() == [1, 3]


def test_a_mail_taken_away_by_another_client_is_left_out_and_not_empty(hub, address):
    for _ in range(2):
        send(hub, [address])
    with mailbox(hub, address) as one, mailbox(hub, address) as two:
        two.delete_messages([1])
        two.expunge()
        assert list(fetch(one, [1, 2])) == [2]


def test_clients_fetch_and_send_at_the_same_time(hub, address):
    def work(_):
        with mailbox(hub, address) as client:
            for sent in range(1, 11):
                send(hub, [address])
                assert len(fetch(client)) >= sent
        return "done"

    with ThreadPoolExecutor(max_workers=4) as executor:
        assert list(executor.map(work, range(4))) == ["done"] * 4
    with mailbox(hub, address) as client:
        assert client.search() == list(range(1, 41))


@pytest.mark.parametrize(
    "first_words", [b"", b"EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<a@b>\r\nDATA\r\nx"]
)
def test_a_client_that_hangs_up_rudely_harms_nobody(hub, address, caplog, first_words):
    rude = socket.create_connection(("127.0.0.1", hub.smtp_port))
    rude.sendall(first_words)
    rude.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    rude.close()
    send(hub, [address])
    with mailbox(hub, address) as client:
        assert bodies(client) == [LETTER]
    assert caplog.records == []


def test_a_taken_port_is_told_in_one_sentence(tmp_path, hub):
    with (
        pytest.raises(DomainError, match=f"127.0.0.1:{hub.smtp_port}: Address already in use"),
        running_hub(tmp_path, password=PASSWORD, smtp_port=hub.smtp_port),
    ):
        pass


def test_a_hub_without_a_password_does_not_start(tmp_path):
    with pytest.raises(DomainError, match="password"), running_hub(tmp_path, password=""):
        pass


def test_stopping_does_not_wait_for_idle_clients(tmp_path):
    with running_hub(tmp_path, password=PASSWORD) as hub:
        client = IMAPClient("localhost", hub.imap_port, ssl=False, timeout=5)
        client.starttls(trusting(hub))
        client.login("desk@knopf.example", PASSWORD)
        client.select_folder("INBOX")
        client.idle()
        began = time.monotonic()
    assert time.monotonic() - began < 2
    client.shutdown()


def test_certificates_are_made_once_and_the_key_is_ours_alone(tmp_path):
    made = ensure_certificates(tmp_path)
    before = made.server.read_bytes(), made.ca.read_bytes()
    assert ensure_certificates(tmp_path) == made
    assert (made.server.read_bytes(), made.ca.read_bytes()) == before
    assert stat.S_IMODE(made.server.stat().st_mode) == 0o600
    assert b"PRIVATE KEY" not in made.ca.read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {"ca.pem", "server.pem"}


@pytest.mark.parametrize(("days_before_the_end", "renewed"), [(8, False), (6, True), (-1, True)])
def test_certificates_are_renewed_in_their_last_week(tmp_path, days_before_the_end, renewed):
    before = ensure_certificates(tmp_path).ca.read_bytes()
    later = timedelta(days=365 - days_before_the_end)
    with time_machine.travel(time.time() + later.total_seconds()):
        assert (ensure_certificates(tmp_path).ca.read_bytes() != before) is renewed


@pytest.mark.parametrize("name", ["ca.pem", "server.pem"])
def test_a_half_written_certificate_is_made_anew(tmp_path, name):
    ensure_certificates(tmp_path)
    (tmp_path / name).write_text("-----BEGIN CERTIFICATE-----\n")
    made = ensure_certificates(tmp_path)
    ssl.create_default_context(cafile=str(made.ca))
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(made.server)


def start_command(data, **variables):
    return subprocess.Popen(
        [sys.executable, "manage.py", "mail_hub"],
        cwd=ROOT,
        env={**os.environ, "HBU_DATA_DIR": str(data), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_says_ready_once_and_stops_when_asked(tmp_path, signal_number):
    process = start_command(tmp_path, HBU_IMAP_PORT="0", HBU_SMTP_PORT="0")
    first = process.stdout.readline()
    process.send_signal(signal_number)
    rest, errors = process.communicate(timeout=60)
    assert first.startswith("ready: ")
    assert (rest, errors, process.returncode) == ("", "", 0)


def test_the_command_names_a_taken_port_and_exits_with_1(tmp_path, hub):
    process = start_command(tmp_path, HBU_IMAP_PORT=str(hub.imap_port), HBU_SMTP_PORT="0")
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Traceback" not in errors
    assert f"127.0.0.1:{hub.imap_port}" in errors
    assert output == ""
