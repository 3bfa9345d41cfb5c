"""The outbox at a real relay: verified STARTTLS, refusals, and what lies in the mailbox after."""

import os
import shutil
import subprocess
import tempfile
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from emails.models import OutgoingEmail
from emails.services import outbox
from emails.simulation.certificates import ensure_certificates
from hbu.journal.models import Event
from tests.outgoing.letters import again, queued
from tests.services.servers import free_port, listens, until

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db,
    pytest.mark.skipif(not shutil.which("postfix"), reason="apt-get install postfix"),
    pytest.mark.skipif(os.getuid() != 0, reason="only root may start Postfix"),
]
State = OutgoingEmail.State
READER = "j.groessl@modehaus-berger.example"
MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
myhostname = mail.modehaus-berger.example
mydestination =
mynetworks =
alias_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
disable_dns_lookups = yes
smtpd_peername_lookup = no
smtpd_tls_security_level = encrypt
smtpd_tls_eccert_file = {folder}/server.pem
smtpd_tls_eckey_file = {folder}/server.pem
smtpd_tls_received_header = yes
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions = check_recipient_access inline:{{
    {{ greylisted@modehaus-berger.example = 450 4.2.0 Come back later }} }}
virtual_mailbox_domains = modehaus-berger.example
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = inline:{{ {reader}=groessl/ }}
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{uid}
virtual_minimum_uid = 1
"""
# service, type, private, unprivileged, chroot, wakeup, limit, command: master(5).
MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup  unix n - n - 0 cleanup
qmgr     unix n - n 300 1 qmgr
tlsmgr   unix - - n 1000? 1 tlsmgr
rewrite  unix - - n - - trivial-rewrite
bounce   unix - - n - 0 bounce
defer    unix - - n - 0 bounce
trace    unix - - n - 0 bounce
proxymap unix - - n - - proxymap
anvil    unix - - n - 1 anvil
virtual  unix - n n - - virtual
error    unix - - n - - error
retry    unix - - n - - error
postlog  unix-dgram n - n - 1 postlogd
"""


class Postfix:
    def __init__(self, folder, port):
        self.folder, self.port = folder, port
        self.log = folder / "log"

    def write_set_up(self):
        nobody = 65534
        values = {"folder": self.folder, "port": self.port, "reader": READER, "uid": nobody}
        for name in ("conf", "queue", "data", "mail"):
            (self.folder / name).mkdir()
        shutil.chown(self.folder / "data", "postfix")
        shutil.chown(self.folder / "mail", nobody)
        (self.folder / "conf" / "main.cf").write_text(MAIN.format(**values))
        (self.folder / "conf" / "master.cf").write_text(MASTER.format(**values))
        self.ca = ensure_certificates(self.folder).ca

    def order(self, command):
        """Start or stop; the log tells why when it will not."""
        words = ["postfix", "-c", str(self.folder / "conf"), command]
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
        said = self.log.read_text() if self.log.exists() else ""
        assert done.returncode == 0, done.stderr + said

    def letters(self):
        """What the reader finds in the mailbox."""
        mails = [path.read_bytes() for path in (self.folder / "mail").glob("groessl/new/*")]
        return [message_from_bytes(raw, policy=default) for raw in mails]

    def letter(self, message_id):
        """Wait for one letter and return it: the relay delivers after it has said 250."""
        until(lambda: self._with(message_id), seconds=10, log=self.log)
        (found,) = self._with(message_id)
        return found

    def _with(self, message_id):
        return [letter for letter in self.letters() if letter["Message-ID"] == message_id]


@pytest.fixture(scope="module")
def server():
    # A short path: those of sockets have 107 bytes.
    with tempfile.TemporaryDirectory(prefix="hbu-postfix-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        postfix = Postfix(folder, free_port())
        postfix.write_set_up()
        try:
            postfix.order("start")
            until(lambda: listens(postfix.port), seconds=20, log=postfix.log)
            yield postfix
        finally:
            postfix.order("stop")


@pytest.fixture
def postfix(server, settings):
    settings.HBU_SMTP_HOST = "localhost"
    settings.HBU_SMTP_PORT = server.port
    settings.HBU_SMTP_SECURITY = "starttls"
    settings.HBU_CA_FILE = str(server.ca)
    return server


def test_a_letter_lies_in_the_readers_mailbox_as_it_was_written(postfix):
    chain = [f"<{n}.{'x' * 60}@modehaus-berger.example>" for n in range(5)]
    text = "Sehr geehrter Herr Größl,\n\n.500 Knöpfe für 3 € – gern.\n.\n\nIhre Knopfmacher\n"
    letter = queued(
        to_name="Jürgen Größl, Einkauf",
        to_address=READER,
        subject="Ihre Bestellung über Perlmuttknöpfe für den Frühling und die Fähre nach Föhr",
        text=text,
        in_reply_to=chain[-1],
        references=chain,
    )
    assert outbox.send([letter.pk]) == 1
    letter = again(letter)
    assert (letter.state, letter.smtp_code) == (State.SENT, 250)
    assert "queued as" in letter.smtp_reply

    mail = postfix.letter(letter.message_id)
    assert mail["From"].addresses[0].display_name == "Happy Buttons GmbH, Vertrieb"
    assert mail["To"].addresses[0].display_name == "Jürgen Größl, Einkauf"
    assert mail["Subject"] == letter.subject
    assert mail["In-Reply-To"] == chain[-1]
    assert mail["References"].split() == chain
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["Content-Language"] == "de"
    assert mail["Return-Path"] == "<sales@h-bu.de>"
    assert "TLSv1.3" in mail["Received"]
    assert mail.get_content() == text
    assert not mail.defects


def test_c5_a_reader_that_does_not_exist_fails_with_the_relays_words(postfix):
    letter = queued(to_address="nobody@modehaus-berger.example")
    after_it = queued(to_address=READER)
    assert outbox.send([letter.pk, after_it.pk]) == 1
    failed = again(letter)
    assert (failed.state, failed.smtp_code) == (State.FAILED, 550)
    assert "User unknown" in failed.smtp_reply
    assert Event.objects.filter(kind="outgoing.failed", subject_id=letter.pk).count() == 1
    assert postfix.letter(after_it.message_id)


def test_c5_a_reader_that_is_greylisted_waits(postfix):
    letter = queued(to_address="greylisted@modehaus-berger.example")
    assert outbox.send([letter.pk]) == 0
    letter = again(letter)
    assert (letter.state, letter.smtp_code) == (State.RETRYING, 450)
    assert "Come back later" in letter.smtp_reply
    assert letter.next_attempt_at > letter.created_at


def test_c5_a_reader_whom_the_relay_does_not_serve_fails(postfix):
    letter = queued(to_address="somebody@elsewhere.example")
    assert outbox.send([letter.pk]) == 0
    assert (again(letter).state, again(letter).smtp_code) == (State.FAILED, 554)
    assert "Relay access denied" in again(letter).smtp_reply


def test_c5_nothing_is_said_to_a_relay_whose_certificate_we_do_not_trust(
    postfix, settings, tmp_path
):
    settings.HBU_CA_FILE = str(ensure_certificates(tmp_path / "another").ca)
    letter = queued(to_address=READER)
    assert outbox.send([letter.pk]) == 0
    waiting = again(letter)
    assert (waiting.state, waiting.attempts) == (State.RETRYING, 1)
    assert "CERTIFICATE_VERIFY_FAILED" in waiting.smtp_reply
    assert waiting.sent_at is None

    settings.HBU_CA_FILE = str(postfix.ca)
    OutgoingEmail.objects.update(next_attempt_at=letter.created_at)
    assert outbox.send([letter.pk]) == 1
    # It came once: with the right authority, and not before.
    assert postfix.letter(letter.message_id)
    assert postfix.log.read_text().count(letter.message_id) == 1


def test_a_relay_that_lets_nobody_in_without_tls_is_not_talked_to_in_the_clear(postfix, settings):
    settings.HBU_SMTP_SECURITY = "none"
    letter = queued(to_address=READER)
    assert outbox.send([letter.pk]) == 0
    assert again(letter).state == State.RETRYING
    assert "STARTTLS" in again(letter).smtp_reply
