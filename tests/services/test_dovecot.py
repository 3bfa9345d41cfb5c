import getpass
import grp
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connections
from django.utils import timezone
from imapclient import IMAPClient

from emails.models import Delivery, Email
from emails.services import intake
from hbu.journal.models import Event
from tests.incoming import again, letter
from tests.services.servers import free_port, listens, until

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db,
    pytest.mark.skipif(not shutil.which("dovecot"), reason="apt-get install dovecot-imapd"),
]
PASSWORD = "button-box"
CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
first_valid_uid = 0
mail_location = maildir:{folder}/mail/%u
mail_uid = {user}
mail_gid = {group}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@pytest.fixture(scope="module")
def folder():
    """Where Dovecot's user may go as well: pytest's own folders are for us alone."""
    with tempfile.TemporaryDirectory(prefix="hbu-dovecot-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.fixture(scope="module")
def dovecot(folder):
    """A Dovecot of our own, under nobody's rights where we are root; yields its port."""
    port = free_port()
    user = "nobody" if os.getuid() == 0 else getpass.getuser()
    group = grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name
    values = {"user": user, "group": group, "password": PASSWORD, "port": port}
    (folder / "dovecot.conf").write_text(CONFIG.format(folder=folder, **values))
    (folder / "mail").mkdir()
    shutil.chown(folder / "mail", user)
    server = subprocess.Popen(["dovecot", "-F", "-c", str(folder / "dovecot.conf")])
    try:
        until(lambda: listens(port), seconds=10, log=folder / "log")
        yield port
    finally:
        server.terminate()
        server.wait(10)


class Dovecot:
    def __init__(self, mailbox):
        self.mailbox = mailbox

    @contextmanager
    def client(self):
        with IMAPClient("127.0.0.1", self.mailbox.port, ssl=False, timeout=10) as client:
            client.login(self.mailbox.username, PASSWORD)
            client.select_folder("INBOX")
            yield client

    def put(self, *raws, flags=(), at=None):
        with self.client() as client:
            for raw in raws:
                client.append("INBOX", raw, flags, at)

    def seen(self):
        with self.client() as client:
            return sorted(client.search("SEEN"))


@pytest.fixture
def desk(dovecot, make_foreign, request):
    name = f"desk{abs(hash(request.node.name))}"
    return Dovecot(make_foreign(dovecot, username=name, password=PASSWORD))


def test_it_brings_in_what_is_there_and_flags_it_afterwards(desk):
    desk.put(*(letter(f"mail {n}") for n in range(60)))
    assert intake.fetch(desk.mailbox) == 60
    assert desk.seen() == list(range(1, 61))
    assert intake.fetch(again(desk.mailbox)) == 0
    assert again(desk.mailbox).failing_since is None


@pytest.mark.django_db(transaction=True)
def test_a2_four_pollers_at_once_bring_each_mail_in_once(desk):
    desk.put(*(letter(f"mail {n}") for n in range(40)))
    start = Barrier(4)

    def poll(_):
        try:
            start.wait()
            return intake.fetch(again(desk.mailbox))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(poll, range(4)))
    assert sum(count or 0 for count in counts) == Email.objects.count() == 40
    assert Delivery.objects.count() == 40


def test_a3_a_maildir_that_was_rebuilt_brings_only_what_is_new(desk, folder):
    old = [letter(f"old {n}") for n in range(8)]
    desk.put(*old)
    assert intake.fetch(desk.mailbox) == 8
    before = again(desk.mailbox).uidvalidity
    shutil.rmtree(folder / "mail" / desk.mailbox.username)
    time.sleep(1.1)  # Dovecot numbers an epoch by the second it began in.
    desk.put(*old[2:], letter("new 1"), letter("new 2"))
    assert intake.fetch(again(desk.mailbox)) == 2
    assert again(desk.mailbox).uidvalidity != before
    assert Event.objects.filter(kind="mailbox.uidvalidity_changed").count() == 1
    assert Email.objects.count() == 10


def test_a4_what_another_client_read_or_answered_comes_in(desk):
    desk.put(letter("read"), letter("answered"), flags=[b"\\Seen", b"\\Answered", b"\\Flagged"])
    desk.put(letter("unread"))
    assert intake.fetch(desk.mailbox) == 3


def test_a5_a_backlog_is_worked_on_but_not_answered(desk):
    for days in (10, 3, 1):
        desk.put(letter(f"{days} days"), at=timezone.now() - timedelta(days=days))
    assert intake.fetch(desk.mailbox) == 3
    assert [email.answerable for email in Email.objects.order_by("pk")] == [False, False, True]


def test_a12_a_mail_of_60_mb_between_others_stays_on_the_server(desk):
    desk.put(letter("before"), letter("heavy", "x" * 60_000_000), letter("behind"))
    assert intake.fetch(desk.mailbox) == 3
    assert Delivery.objects.get(uid=2).state == Delivery.State.OVERSIZE
    assert Delivery.objects.get(uid=2).email.size < 1000


def test_mail_is_moved_to_a_folder_that_did_not_exist(desk):
    type(desk.mailbox).objects.update(after_storing="move", archive_folder="Archiv Größe")
    desk.put(letter("one"), letter("two"))
    assert intake.fetch(again(desk.mailbox)) == 2
    with desk.client() as client:
        assert client.search() == []
        client.select_folder("Archiv Größe")
        assert len(client.search()) == 2


def test_a_mail_with_any_bytes_or_none_comes_in(desk, folder):
    desk.put(b"\r\n", b"Subject: \xff\xfe\r\n\r\n\x80\xff", b"no headers")
    # Dovecot takes no empty mail from a client, but shows one that was delivered.
    empty = folder / "mail" / desk.mailbox.username / "new" / "1.empty.host"
    empty.touch()
    shutil.chown(empty, empty.parent.owner())
    # A line end alone is an empty mail as well.
    assert intake.fetch(desk.mailbox) == 3
    assert set(Delivery.objects.values_list("state", flat=True)) == {"stored"}
    assert min(Delivery.objects.values_list("size", flat=True)) == 0
    assert again(desk.mailbox).failing_since is None


def test_a_wrong_password_is_a_refusal(desk):
    type(desk.mailbox).objects.update(password="wrong")
    assert intake.fetch(again(desk.mailbox)) == 0
    assert "refused the login" in again(desk.mailbox).last_error


def test_a_password_with_umlauts_is_said_in_utf8(desk):
    type(desk.mailbox).objects.update(password="Größe")
    assert intake.fetch(again(desk.mailbox)) == 0
    assert "refused the login" in again(desk.mailbox).last_error
