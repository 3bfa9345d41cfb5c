"""The one door to addresses that people typed: nobody leads it to a machine of ours (promise F10).

http and https only; the name is resolved once, an address that is not of the public Internet is
refused, and the connection goes to the very address that was looked at. No redirects are followed.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from hbu.lib.reasons import N_

SECONDS = 5.0
MOST_BYTES = 1_000_000
PORTS = {"http": 80, "https": 443}
OTHER_PORTS = frozenset({8000, 8080, 8443})
NAT64 = ipaddress.ip_network("64:ff9b::/96")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Refused(Exception):
    """The address must not be called; `str` is a marked reason."""


class Unreachable(Exception):
    """It could be called and did not answer as it should; trying again may help."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    inside: Sequence[Network] = (),
    seconds: float = SECONDS,
) -> Reply:
    """Send a POST and return what came back, at most a megabyte within the seconds.

    `inside`: networks that may be called though they are not public. Raises Refused, Unreachable.
    """
    parts, port = vet(url, any_port=bool(inside))
    address = resolve(parts.hostname or "", port, inside)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection = _connect(parts, port, address, seconds)
    except (OSError, ssl.SSLError) as error:
        raise Unreachable(f"{N_('no connection')}: {error}"[:200]) from error
    # Each byte may come just in time for the socket; the whole must not take longer either.
    guard = threading.Timer(seconds, _break, [connection.sock])
    guard.start()
    try:
        connection.request("POST", path, body=body, headers=dict(headers))
        answer = connection.getresponse()
        return Reply(answer.status, answer.read(MOST_BYTES))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable(f"{N_('no answer')}: {error}"[:200]) from error
    finally:
        guard.cancel()
        connection.close()


def vet(url: str, *, any_port: bool = False) -> tuple[SplitResult, int]:
    """Return the parts of an address that may be asked for, with its port. Raises Refused."""
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise Refused(N_("the address cannot be read"))
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Refused(N_("the address cannot be read")) from error
    if parts.scheme not in PORTS:
        raise Refused(N_("only http and https are called"))
    if "@" in parts.netloc or not parts.hostname:
        raise Refused(N_("the address cannot be read"))
    port = PORTS[parts.scheme] if port is None else port
    if not any_port and port not in {*PORTS.values(), *OTHER_PORTS}:
        raise Refused(N_("this port is not called"))
    return parts, port


def resolve(host: str, port: int, inside: Sequence[Network] = ()) -> Address:
    """Look the name up, once, and return the address to call. Raises Refused, Unreachable.

    A name with one address that is not public is refused whole: it means to lead us somewhere.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(N_("the name is not known")) from error
    addresses = [ipaddress.ip_address(one[4][0].partition("%")[0]) for one in found]  # type: ignore[union-attr] # texts
    if not addresses or not all(may_be_called(one, inside) for one in addresses):
        raise Refused(N_("the address is not a public one"))
    return addresses[0]


def may_be_called(address: Address, inside: Sequence[Network] = ()) -> bool:
    """Return whether an address is of the public Internet, or of a network that was named."""
    if any(address.version == one.version and address in one for one in inside):
        return True
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return may_be_called(address.ipv4_mapped, inside)
        # What hides an IPv4 address in it may lead anywhere.
        if address in NAT64 or address.sixtofour or address.teredo:
            return False
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _connect(
    parts: SplitResult, port: int, address: Address, seconds: float
) -> http.client.HTTPConnection:
    sock: socket.socket = socket.create_connection((str(address), port), timeout=seconds)
    host = parts.hostname or ""
    if parts.scheme == "https":
        sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
    # The class for plain HTTP adds nothing to a socket that is connected already.
    connection = http.client.HTTPConnection(host, port, timeout=seconds)
    connection.sock = sock
    return connection


def _break(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
