"""Send letters over real SMTP, at a pace, over one connection. No Django here."""

import logging
import smtplib
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Event
from time import monotonic

from emails.simulation.letters import Letter

logger = logging.getLogger(__name__)

TIMEOUT = 30.0
LONGEST_WAIT = 60.0
ATTEMPTS = 4


@dataclass(slots=True)
class Receipt:
    sent: int = 0
    refused: int = 0
    """Letters that the server did not want; every other letter went through."""


@dataclass(slots=True)
class _Postman:
    """Keeps one connection, and makes a new one when the server dropped it."""

    host: str
    port: int
    attempts: int | None
    """How often to try a letter while the server is down; None: until told to stop."""
    stop: Event
    receipt: Receipt = field(default_factory=Receipt)
    connection: smtplib.SMTP | None = None

    def carry(self, letter: Letter) -> None:
        tried = 0
        while not self.stop.is_set():
            try:
                self._hand_over(letter)
                return
            except (OSError, smtplib.SMTPServerDisconnected) as error:
                tried += 1
                self.connection = None
                if tried == self.attempts:
                    raise
                wait = min(2.0**tried / 4, LONGEST_WAIT)
                logger.info("%s:%s is away (%s), waiting %s s", self.host, self.port, error, wait)
                self.stop.wait(wait)

    def _hand_over(self, letter: Letter) -> None:
        if self.connection is None:
            self.connection = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        try:
            self.connection.sendmail(letter.sender, letter.recipients, letter.raw)
            self.receipt.sent += 1
        except smtplib.SMTPServerDisconnected:
            raise
        except smtplib.SMTPException as error:
            # smtplib has reset the session; the next letter may go over the same connection.
            logger.warning("%s was refused: %s", letter.scenario, error)
            self.receipt.refused += 1

    def hang_up(self) -> None:
        if self.connection is not None:
            try:
                self.connection.quit()
            except (OSError, smtplib.SMTPException):
                self.connection.close()


def send(
    letters: Iterable[Letter],
    host: str,
    port: int,
    rate_per_minute: float | None = None,
    *,
    patient: bool = False,
    stop: Event | None = None,
) -> Receipt:
    """Send until the letters or `stop` end it; a patient sender waits out a server that is down."""
    stop = stop or Event()
    postman = _Postman(host, port, None if patient else ATTEMPTS, stop)
    pause = 60 / rate_per_minute if rate_per_minute else 0.0
    due = monotonic()
    try:
        for letter in letters:
            if stop.wait(max(0.0, due - monotonic())):
                break
            postman.carry(letter)
            # From now, not from when it was due: no burst after the server was away.
            due = max(due, monotonic() - pause) + pause
    finally:
        postman.hang_up()
    return postman.receipt
