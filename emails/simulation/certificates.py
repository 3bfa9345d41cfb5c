"""Certificates for the hub on loopback, made once and renewed before they expire."""

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFETIME = timedelta(days=365)
RENEW_BEFORE = timedelta(days=7)
SERVER_NAMES = (
    x509.DNSName("localhost"),
    x509.IPAddress(ip_address("127.0.0.1")),
    x509.IPAddress(ip_address("::1")),
)
SIGNS_ONLY = {"digital_signature": True, "key_cert_sign": False, "crl_sign": False}
ISSUES = {"digital_signature": False, "key_cert_sign": True, "crl_sign": True}
UNUSED = dict.fromkeys(
    (
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "encipher_only",
        "decipher_only",
    ),
    False,
)


@dataclass(frozen=True, slots=True)
class Certificates:
    """What clients trust, and what the server shows (certificate and key in one file)."""

    ca: Path
    server: Path


def ensure_certificates(folder: Path) -> Certificates:
    """Return the certificates in the folder; make them if there are none that last."""
    found = Certificates(ca=folder / "ca.pem", server=folder / "server.pem")
    if not _lasting(found):
        folder.mkdir(parents=True, exist_ok=True)
        _make(found)
    return found


def _now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)


def _lasting(found: Certificates) -> bool:
    try:
        ca = x509.load_pem_x509_certificate(found.ca.read_bytes())
        server = x509.load_pem_x509_certificate(found.server.read_bytes())
        server.verify_directly_issued_by(ca)
    except (OSError, ValueError, TypeError, InvalidSignature):
        return False
    return min(ca.not_valid_after_utc, server.not_valid_after_utc) - _now() > RENEW_BEFORE


def _make(paths: Certificates) -> None:
    # The CA's key is never written: nobody can issue a second certificate that clients trust.
    ca_key = ec.generate_private_key(ec.SECP256R1())
    ca = _authority(ca_key)
    server_key = ec.generate_private_key(ec.SECP256R1())
    server = _server(server_key, ca, ca_key)
    key_pem = server_key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    _write(paths.server, server.public_bytes(serialization.Encoding.PEM) + key_pem, mode=0o600)
    _write(paths.ca, ca.public_bytes(serialization.Encoding.PEM), mode=0o644)


def _authority(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = _name("Happy Buttons demo CA")
    return (
        _builder(name, key, issuer=name, issuer_key=key, usage=ISSUES)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )


def _server(
    key: ec.EllipticCurvePrivateKey, ca: x509.Certificate, ca_key: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    return (
        _builder(_name("localhost"), key, issuer=ca.subject, issuer_key=ca_key, usage=SIGNS_ONLY)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(SERVER_NAMES), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(ca_key, hashes.SHA256())
    )


def _builder(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    *,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    usage: dict[str, bool],
) -> x509.CertificateBuilder:
    """What both certificates share; strict verifiers ask for the two key identifiers."""
    now = _now()
    public = key.public_key()
    return (
        x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.KeyUsage(**usage, **UNUSED), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _write(path: Path, content: bytes, *, mode: int) -> None:
    """Replace the file in one step; it never exists with wider rights than it keeps."""
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    draft.replace(path)
