"""Somebody of the house who writes to customers, and what a server gets of it."""

from contextlib import contextmanager

from django.utils import timezone

from cases.models import Case
from emails.models import OutgoingEmail
from emails.services import outbox
from tests.outgoing.sinks import Sink, running
from tests.work.mails import BERGER, mail, take

TEXT = (
    "Guten Tag, wann hat Ihr Büro geöffnet? Wir würden Sie gern einmal besuchen.\n\n"
    "Mit freundlichen Grüßen\nSabine Berger\n"
)
GOOD = """Sehr geehrte Frau Berger,

vielen Dank für Ihre Nachricht. Wir prüfen den Termin und melden uns innerhalb von zwei Werktagen
mit einem festen Datum bei Ihnen.

Mit freundlichen Grüßen

Ben Weber
Happy Buttons GmbH
"""
CURT = "Nein."


def case_of(text=TEXT, *files, **headers) -> Case:
    """The case that a mail of a customer opened."""
    (email,) = take(mail(text, *files, **{"sender": BERGER, "subject": "Besuch", **headers}))
    # What was answered by itself is on its way before anybody writes.
    OutgoingEmail.objects.update(state=OutgoingEmail.State.SENT)
    return Case.objects.get(emails=email)


@contextmanager
def server(settings, **told):
    sink = Sink(**told)
    settings.HBU_SMTP_HOST, settings.HBU_SMTP_SECURITY = "127.0.0.1", "none"
    with running(sink):
        settings.HBU_SMTP_PORT = sink.port
        yield sink


def leave(letter: OutgoingEmail) -> OutgoingEmail:
    """The seconds are over, and the letter leaves."""
    OutgoingEmail.objects.filter(pk=letter.pk).update(next_attempt_at=timezone.now())
    outbox.send([letter.pk])
    return OutgoingEmail.objects.get(pk=letter.pk)
