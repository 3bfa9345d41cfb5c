"""The hub's SMTP side: takes mail for any address from any client on this machine."""

import logging
import re
from asyncio import WriteTransport, get_running_loop
from collections import defaultdict
from collections.abc import Callable, Iterable, MutableSet
from email.utils import formatdate
from functools import partial
from secrets import compare_digest
from ssl import SSLContext
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session, TLSSetupException

from emails.simulation.hub_store import SIZE_LIMIT

logger = logging.getLogger(__name__)

Connections = MutableSet[WriteTransport]
Deliver = Callable[[Iterable[str], bytes], None]
UNPRINTABLE = re.compile(r"[\x00-\x20\x7f]")


class LenientSMTP(SMTP):
    """Real mail breaks the limits of RFC 5321 4.5.3.1: endless lines, addresses without measure."""

    line_length_limit = SIZE_LIMIT
    command_size_limit = 4096
    command_size_limits: dict[str, int] = defaultdict(lambda: LenientSMTP.command_size_limit)

    def __init__(self, *args: Any, connections: Connections, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._connections = connections

    def connection_made(self, transport: WriteTransport) -> None:
        self._connections.add(transport)
        super().connection_made(transport)


class Reception:
    """Delivers what a client sends. A failure is temporary: the client shall try again."""

    def __init__(self, deliver: Deliver) -> None:
        self._deliver = deliver

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address == "<>":
            return "501 5.1.3 The null path is no recipient"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self._deliver(envelope.rcpt_tos, _trace(session, envelope) + envelope.content)
        return "250 2.0.0 Delivered"

    async def handle_exception(self, error: Exception) -> str:
        if not isinstance(error, TLSSetupException):
            logger.error("An SMTP command failed.", exc_info=error)
        return "451 4.3.0 Local error, try again later"


def _trace(session: Session, envelope: Envelope) -> bytes:
    """The two lines that a last hop puts on top (RFC 5321 4.4)."""
    protocol = "ESMTPS" if session.ssl else "ESMTP"
    sender = envelope.mail_from.removeprefix("<").removesuffix(">")
    lines = (
        f"Return-Path: <{_printable(sender)}>",
        f"Received: from {_printable(session.host_name)} by localhost with {protocol};"
        f" {formatdate(localtime=True)}",
    )
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8", "surrogateescape")


def _printable(text: str) -> str:
    return UNPRINTABLE.sub("?", text)


def smtp_factory(
    deliver: Deliver, tls: SSLContext, password: str, connections: Connections
) -> Callable[[], SMTP]:
    """Return what makes the protocol of each connection."""
    return partial(
        LenientSMTP,
        Reception(deliver),
        connections=connections,
        data_size_limit=SIZE_LIMIT,
        enable_SMTPUTF8=True,
        # aiosmtpd would ask the DNS for this machine's name.
        hostname="localhost",
        ident="Mail hub",
        tls_context=tls,
        authenticator=partial(_authenticate, password.encode()),
        loop=get_running_loop(),
    )


def _authenticate(
    password: bytes, _server: SMTP, _session: Session, _envelope: Envelope, *attempt: Any
) -> AuthResult:
    """Nobody needs to log in; who does must know the password."""
    _mechanism, login = attempt
    return AuthResult(success=compare_digest(login.password, password), handled=False)
