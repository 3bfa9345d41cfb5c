import ssl
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.utils import timezone

from emails.sources import imap
from emails.sources.imap import Account, SourceError, connect
from tests.incoming import OddServer, letter, listening

PASSWORD = "canary-4711"
NOW = timezone.now()


def account(port, **fields):
    values = {
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "verify_certificate": True,
        "username": "anna",
        "password": PASSWORD,
        "folder": "INBOX",
        "timeout": 2,
    }
    return Account(**(values | fields))


def certificate(folder, *, names=("127.0.0.1",), until=NOW + timedelta(days=1)):
    """Return a file with a key and a certificate that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "odd")])
    hosts = [x509.IPAddress(ip_address(one)) for one in names]
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=9))
        .not_valid_after(until)
        .add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "odd.pem"
    path.write_bytes(
        signed.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


@contextmanager
def tls_server(pem, security):
    """An IMAP server that speaks TLS; yields its port and all that it understood of its clients."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    odd = OddServer(letter())

    def serve(connection):
        if security == "starttls":
            connection.sendall(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] odd\r\n")
            with connection.makefile("rb") as lines:
                for line in lines:
                    tag, command = line.split()[:2]
                    if command == b"STARTTLS":
                        break
                    odd.commands.append(line.decode())
                    answer = b"* CAPABILITY IMAP4rev1 STARTTLS\r\n%s OK .\r\n" % tag
                    connection.sendall(answer)
            connection.sendall(tag + b" OK go ahead\r\n")
        with context.wrap_socket(connection, server_side=True) as secure:
            odd(secure)

    with listening(serve) as port:
        yield port, odd


def refusal(account):
    with pytest.raises(SourceError) as refused, connect(account):
        pass
    return refused.value


@pytest.mark.parametrize("security", ["ssl", "starttls"])
@pytest.mark.parametrize(
    ("trusted", "fault", "words"),
    [
        (False, {}, "self-signed"),
        (True, {"names": ("127.0.0.2",)}, "not valid for '127.0.0.1'"),
        (True, {"until": NOW - timedelta(days=1)}, "expired"),
    ],
)
def test_i10_a_certificate_that_proves_nothing_gets_no_credentials(
    tmp_path, security, trusted, fault, words
):
    pem = certificate(tmp_path, **fault)
    with tls_server(pem, security) as (port, server):
        ca_file = str(pem) if trusted else ""
        error = refusal(account(port, security=security, ca_file=ca_file))
    assert "CERTIFICATE_VERIFY_FAILED" in error.message
    assert words in error.message
    assert error.broken
    assert not error.refused
    assert server.logins == 0
    assert not any(PASSWORD in said for said in server.commands)


@pytest.mark.parametrize("security", ["ssl", "starttls"])
def test_i10_an_authority_of_our_own_is_trusted(tmp_path, security):
    pem = certificate(tmp_path)
    with (
        tls_server(pem, security) as (port, server),
        connect(account(port, security=security, ca_file=str(pem))) as source,
    ):
        assert source.uids_after(0) == [1]
    assert server.logins == 1


def test_i10_only_a_mailbox_that_says_so_goes_unchecked(tmp_path):
    with (
        tls_server(certificate(tmp_path), "ssl") as (port, server),
        connect(account(port, security="ssl", verify_certificate=False)),
    ):
        pass
    assert server.logins == 1


def test_i10_a_server_whose_starttls_was_stripped_gets_no_credentials():
    server = OddServer()
    with listening(server) as port:
        error = refusal(account(port, security="starttls"))
    assert "does not support STARTTLS" in error.message
    assert server.logins == 0


def test_i10_an_authority_file_that_is_missing_gets_no_credentials():
    server = OddServer()
    with listening(server) as port:
        error = refusal(account(port, security="starttls", ca_file="/nowhere/ca.pem"))
    assert "FileNotFoundError" in error.message
    assert server.logins == 0


def test_i10_a_wrong_password_is_told_from_a_server_that_is_away():
    server = OddServer()
    server.refuses_login = "[AUTHENTICATIONFAILED] Invalid credentials"
    with listening(server) as port:
        refused = refusal(account(port))
    away = refusal(account(port))
    assert (refused.refused, away.refused) == (True, False)
    assert "Invalid credentials" in refused.message
    assert "ConnectionRefusedError" in away.message
    assert away.broken


def test_a_line_that_breaks_at_the_login_refuses_nobody():
    server = OddServer()
    server.hangs_up_at_login = True
    with listening(server) as port:
        error = refusal(account(port))
    assert (error.refused, error.broken) == (False, True)


def test_c6_a_server_that_repeats_the_login_does_not_bring_the_password_into_our_books():
    server = OddServer()
    server.refuses_login = "x" * 150
    with listening(server) as port:
        error = refusal(account(port))
    assert "LOGIN" in error.message
    assert PASSWORD[:6] not in error.message


def test_a_password_with_umlauts_opens_the_mailbox(hub, settings, monkeypatch):
    said = []
    monkeypatch.setattr(
        imap.IMAPClient, "plain_login", lambda _self, *words: said.append(words) or b"OK"
    )
    monkeypatch.setattr(
        imap.IMAPClient, "select_folder", lambda *_: {b"UIDVALIDITY": 1, b"UIDNEXT": 1}
    )
    with connect(account(hub.imap_port, password="Knöpfe")):
        pass
    assert said == [("anna", "Knöpfe")]


@pytest.mark.parametrize("greeting", [b"", b"220 mail.example ESMTP\r\n", b"\xff\x00\r\n" * 99])
def test_something_else_that_listens_there_is_a_failure_in_words(greeting):
    with listening(lambda connection: connection.sendall(greeting)) as port:
        error = refusal(account(port))
    assert error.message.startswith(f"While connecting: 127.0.0.1:{port}: ")
    assert "\x00" not in error.message


@pytest.mark.parametrize(
    "answer",
    [
        b"* 1 FETCH (UID 1 RFC822.SIZE\r\nTAG OK .\r\n",
        b"* 1 FETCH (UID 1 RFC822.SIZE ten)\r\nTAG OK .\r\n",
        b"* 1 FETCH ()\r\nTAG OK .\r\n",
        b"* 1 FETCH UID 1\r\nTAG OK .\r\n",
        b"* x FETCH (UID)\r\nTAG OK .\r\n",
        b"\xff\xfe\r\nTAG OK .\r\n",
        b"TAG BAD \x00\r\n",
    ],
)
def test_whatever_a_server_says_it_is_an_answer_or_a_failure_in_words(answer):
    server = OddServer(letter())
    server._fetch = lambda _command: answer
    with listening(server) as port:
        said = {}
        try:
            with connect(account(port)) as source:
                said = source.sizes([1])
        except SourceError as error:
            words = error.message
        else:
            words = "While asking for sizes: nothing"
    assert said == {}
    assert words.startswith("While asking for sizes: ")
    assert "\x00" not in words


def test_a_mailbox_of_many_numbers_is_searched_in_windows(monkeypatch):
    monkeypatch.setattr(imap, "SEARCH_WINDOW", 10)
    server = OddServer()
    server.mails = {number: letter() for number in (3, 14, 15, 27)}

    def search(command):
        window = command.rpartition(" ")[2]
        first, last = window.split(":")
        last = 10**9 if last == "*" else int(last)
        found = [str(uid) for uid in server.mails if int(first) <= uid <= last]
        return f"* SEARCH {' '.join(found)}\r\nTAG OK .\r\n".encode()

    answer = server.answer
    server.answer = lambda command: (
        search(command) if command.startswith("UID SEARCH") else answer(command)
    )
    with listening(server) as port, connect(account(port)) as source:
        assert source.uids_after(0) == [3, 14, 15, 27]
        assert source.uids_after(14) == [15, 27]
    searched = [said for said in server.commands if said.startswith("UID SEARCH")]
    assert searched[:3] == ["UID SEARCH UID 1:10", "UID SEARCH UID 11:20", "UID SEARCH UID 21:*"]


@pytest.mark.parametrize(
    ("capabilities", "done"),
    [
        ("MOVE UIDPLUS", ["UID MOVE 1 Archive"]),
        (
            "UIDPLUS",
            ["UID COPY 1 Archive", "UID STORE 1 +FLAGS.SILENT (\\Deleted)", "UID EXPUNGE 1"],
        ),
        ("", ["UID COPY 1 Archive", "UID STORE 1 +FLAGS.SILENT (\\Deleted)"]),
    ],
)
def test_mail_is_moved_by_the_means_a_server_has(capabilities, done):
    server = OddServer(letter())
    server.capabilities = f"IMAP4rev1 {capabilities}"
    with listening(server) as port, connect(account(port)) as source:
        source.move([1], "Archive")
    asked = [said.replace('"', "") for said in server.commands if said.startswith("UID ")]
    assert asked == done
