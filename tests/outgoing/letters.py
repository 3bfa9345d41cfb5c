"""Letters in the outbox, and what became of them."""

from itertools import count

from django.conf import settings

from emails.models import OutgoingEmail
from emails.threading import signed_message_id

_numbers = count(1)


def queued(**values) -> OutgoingEmail:
    """A letter that may leave."""
    number = next(_numbers)
    key = settings.HBU_MESSAGE_ID_KEY.encode()
    return OutgoingEmail.objects.create(
        **{
            "state": OutgoingEmail.State.QUEUED,
            "cause": f"test:{number}",
            "from_name": "Happy Buttons GmbH, Vertrieb",
            "from_address": "sales@h-bu.de",
            "to_name": "Jürgen Größl",
            "to_address": "j.groessl@modehaus-berger.example",
            "subject": f"Ihre Bestellung {number}",
            "text": "Sehr geehrter Herr Größl,\n\nvielen Dank.\n",
            "message_id": signed_message_id(key, f"t{number}", "h-bu.de"),
            **values,
        }
    )


def again(letter: OutgoingEmail) -> OutgoingEmail:
    """The letter as it stands in the books now."""
    return OutgoingEmail.objects.get(pk=letter.pk)
