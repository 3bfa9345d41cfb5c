"""Mail on its way in: letters, mailboxes on the hub, and servers that misbehave on purpose."""

import re
import select
import socket
import threading
import time
from contextlib import closing, contextmanager, suppress
from itertools import count

import pytest
from django.conf import settings
from imapclient import IMAPClient

numbers = count(1)


def letter(
    subject="500 buttons",
    text="Please send 500 buttons.",
    *,
    sender="Anna Berger <anna@atelier-nord.example>",
    to="info@h-bu.de",
    **headers,
):
    """A plain letter as it travels; headers are named with _ for -, None leaves one out."""
    number = next(numbers)
    lines = {
        "From": sender,
        "To": to,
        "Subject": subject,
        "Message-ID": f"<{number}.{id(headers)}@atelier-nord.example>",
        "Date": "Mon, 19 Oct 2026 08:00:00 +0200",
        "X-Number": str(number),
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value is not None)
    return f"{head}\r\n{text}\r\n".encode("utf-8", "surrogateescape")


@pytest.fixture
def company(db):
    # Models may be imported only once Django is set up.
    from tests.factories import company

    return company.load()


@pytest.fixture
def department(db):
    from agents.models import Department

    return Department.objects.create(
        code="info", name_de="Zentrale", name_en="Front desk", address="info@h-bu.de"
    )


class Desk:
    """A mailbox of ours on the hub, and a second client that looks into it."""

    def __init__(self, mailbox):
        self.mailbox = mailbox
        self.address = mailbox.username or mailbox.address

    @contextmanager
    def client(self):
        with IMAPClient("127.0.0.1", settings.HBU_IMAP_PORT, ssl=False, timeout=10) as client:
            client.login(self.address, settings.HBU_HUB_PASSWORD)
            folders = [name for _, _, name in client.list_folders()]
            if self.mailbox.folder not in folders:
                client.create_folder(self.mailbox.folder)
            client.select_folder(self.mailbox.folder)
            yield client

    def put(self, *raws, flags=(), at=None):
        with self.client() as client:
            for raw in raws:
                client.append(self.mailbox.folder, raw, flags, at)

    def flags(self):
        with self.client() as client:
            return {uid: data[b"FLAGS"] for uid, data in client.get_flags_all().items()}

    def seen(self):
        with self.client() as client:
            return sorted(client.search("SEEN"))

    def uids(self):
        with self.client() as client:
            return sorted(client.search())


@pytest.fixture
def make_desk(hub, department):
    from emails.models import Mailbox

    def make_desk(**fields):
        address = f"desk{next(numbers)}@h-bu.de"
        values = {
            "department": department,
            "start": Mailbox.Start.ALL,
            # Plain words on loopback: most of these tests are not about TLS.
            "host": "127.0.0.1",
            "port": hub.imap_port,
            "security": Mailbox.Security.NONE,
            "password": settings.HBU_HUB_PASSWORD,
        }
        return Desk(Mailbox.objects.create(address=address, **(values | fields)))

    return make_desk


@pytest.fixture
def desk(make_desk):
    return make_desk()


@pytest.fixture
def make_foreign(department):
    """A mailbox on a server that is not the hub."""
    from emails.models import Mailbox

    def make_foreign(port, *, host="127.0.0.1", security="none", **fields):
        values = {
            "address": f"desk{next(numbers)}@h-bu.de",
            "department": department,
            "start": Mailbox.Start.ALL,
            "password": "canary-4711",
        }
        return Mailbox.objects.create(host=host, port=port, security=security, **(values | fields))

    return make_foreign


def again(mailbox):
    """Read the row anew, as the next poll does."""
    return type(mailbox).objects.get(pk=mailbox.pk)


def later(**ago):
    """Let claims end: the rows look as if they were claimed some time ago."""
    from datetime import timedelta

    from django.db.models import F

    from emails.models import Delivery, Mailbox

    Delivery.objects.update(claimed_at=F("claimed_at") - timedelta(**(ago or {"seconds": 61})))
    Mailbox.objects.update(lease_until=None, next_poll_at=None)


@contextmanager
def listening(serve):
    """Run `serve(connection)` in a thread for each connection; yield the port."""
    stop = threading.Event()
    threads = []
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        server.settimeout(0.05)

        def one(connection):
            with connection:
                connection.settimeout(5)
                with suppress(OSError):
                    serve(connection)

        def accept():
            while not stop.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                threads.append(threading.Thread(target=one, args=(connection,), daemon=True))
                threads[-1].start()

        acceptor = threading.Thread(target=accept, daemon=True)
        acceptor.start()
        try:
            yield server.getsockname()[1]
        finally:
            stop.set()
            acceptor.join()
            for thread in threads:
                thread.join(6)


class OddServer:
    """As much of an IMAP server as we speak to, with the faults of real ones to switch on."""

    capabilities = "IMAP4rev1 UIDPLUS MOVE"
    select = "* {count} EXISTS\r\n* OK [UIDVALIDITY 7] .\r\n* OK [UIDNEXT {next}] .\r\n"

    def __init__(self, *mails):
        self.mails = dict(enumerate(mails, start=1))
        self.logins = 0
        self.commands = []
        self.refuses_login = ""
        self.hangs_up_at_login = False
        self.refuses_flags = False
        self.cannot_give = set()
        """Answers NO as soon as one of these is asked for."""
        self.dies_over = set()
        """Hangs up as soon as one of these is asked for."""
        self.gossip = b""
        """Said in between, as servers may at any time (RFC 9051, section 7)."""

    def __call__(self, connection):
        connection.sendall(f"* OK [CAPABILITY {self.capabilities}] odd\r\n".encode())
        with connection.makefile("rb") as lines:
            for line in lines:
                tag, _, rest = line.decode().strip().partition(" ")
                self.commands.append(rest)
                answer = self.answer(rest)
                if answer is None:
                    return
                connection.sendall(self.gossip + answer.replace(b"TAG", tag.encode()))
                if rest == "LOGOUT":
                    return

    def answer(self, command):
        verb = command.upper()
        if verb == "CAPABILITY":
            return f"* CAPABILITY {self.capabilities}\r\nTAG OK .\r\n".encode()
        if verb.startswith("LOGIN"):
            return self._login(command)
        if verb.startswith("SELECT"):
            text = self.select.format(count=len(self.mails), next=max(self.mails, default=0) + 1)
            return text.encode() + b"TAG OK [READ-WRITE] .\r\n"
        if verb.startswith("UID SEARCH"):
            found = " ".join(map(str, self.mails))
            return f"* SEARCH {found}\r\nTAG OK .\r\n".encode()
        if verb.startswith("UID FETCH"):
            return self._fetch(command)
        if verb == "LOGOUT":
            return b"* BYE .\r\nTAG OK .\r\n"
        refused = verb.startswith("UID STORE") and self.refuses_flags
        return b"TAG NO [NOPERM] read only\r\n" if refused else b"TAG OK .\r\n"

    def _login(self, command):
        self.logins += 1
        if self.hangs_up_at_login:
            return None
        if self.refuses_login:
            return f"TAG NO {self.refuses_login} {command}\r\n".encode()
        return b"TAG OK .\r\n"

    def _fetch(self, command):
        wanted, items = re.fullmatch(r"UID FETCH (\S+) \((.*)\)", command).groups()
        uids = [uid for uid in self.mails if _within(uid, wanted)]
        whole = "BODY.PEEK" in items
        if whole and self.dies_over & set(uids):
            return None
        if whole and self.cannot_give & set(uids):
            return b"TAG NO [SERVERBUG] internal error\r\n"
        answers = [self._one(uid, items) for uid in uids]
        return b"".join(answers) + b"TAG OK .\r\n"

    def _one(self, uid, items):
        raw = self.mails[uid]
        if "RFC822.SIZE" in items:
            return b"* %d FETCH (UID %d RFC822.SIZE %d)\r\n" % (uid, uid, len(raw))
        key = b"BODY[]"
        if "HEADER" in items:
            raw, key = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n", b"BODY[HEADER]"
        date = b'INTERNALDATE "19-Oct-2026 08:00:00 +0200"'
        return b"* %d FETCH (UID %d %s %s {%d}\r\n%s)\r\n" % (uid, uid, date, key, len(raw), raw)


def _within(uid, wanted):
    for piece in wanted.split(","):
        first, _, last = piece.partition(":")
        if int(first) <= uid <= (int(last or first) if last != "*" else uid):
            return True
    return False


@contextmanager
def stalling_proxy(port, after):
    """Pass `after` bytes of the server's answers on, then say nothing and never hang up."""

    def serve(connection):
        passed = 0
        with socket.create_connection(("127.0.0.1", port), timeout=5) as server:
            deadline = time.monotonic() + 5
            while time.monotonic() < deadline:
                ready, _, _ = select.select([connection, server], [], [], 0.1)
                if connection in ready:
                    said = connection.recv(4096)
                    if not said:
                        return
                    server.sendall(said)
                if server in ready and passed < after:
                    said = server.recv(min(4096, after - passed))
                    passed += len(said)
                    connection.sendall(said)
                elif passed >= after:
                    time.sleep(0.02)

    with listening(serve) as proxy:
        yield proxy
