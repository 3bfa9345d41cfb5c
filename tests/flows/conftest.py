import email
import ssl
from email import policy
from email.message import EmailMessage
from smtplib import SMTP

import pytest
from django.conf import settings
from django.core.management import call_command
from imapclient import IMAPClient


@pytest.fixture
def company(db):
    # Models may be imported only once Django is set up, which is after this file is read.
    from tests.factories import company

    return company.load()


class Post:
    """Writes mail as a customer does and opens the customer's letter box."""

    def __init__(self, hub):
        self.hub = hub

    def send(self, sender, to, subject, text, *attachments, **headers):
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, to, subject
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        for filename, data in attachments:
            mail.add_attachment(data, maintype="application", subtype="pdf", filename=filename)
        self.drop(sender, to, mail.as_bytes())

    def drop(self, sender, to, raw):
        with SMTP("localhost", self.hub.smtp_port) as smtp:
            smtp.sendmail(sender, [to], raw)

    def letters(self, address):
        context = ssl.create_default_context(cafile=str(self.hub.ca_file))
        with IMAPClient("localhost", self.hub.imap_port, ssl=False) as client:
            client.starttls(context)
            client.login(address, settings.HBU_HUB_PASSWORD)
            client.select_folder("INBOX")
            found = client.fetch(client.search(), ["BODY.PEEK[]"])
        return [
            email.message_from_bytes(one[b"BODY[]"], policy=policy.default)
            for _, one in sorted(found.items())
        ]


@pytest.fixture
def post(hub):
    return Post(hub)


@pytest.fixture
def work_off(company, capsys):
    def run():
        call_command("fetch_mail", "--process")
        capsys.readouterr()

    return run
