"""The house with two departments, somebody of each role in the first, and the same rows in both.

What belongs to the second department carries a secret word in each of its texts.
"""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, Group, User

from agents.models import Agent, AgentRun, Department
from cases.models import Case, CaseEmail, Filing, Note, Task
from emails.models import (
    Attachment,
    Correction,
    Delivery,
    Email,
    Enclosure,
    Mailbox,
    OutgoingEmail,
    Replay,
    ReplayDifference,
    Thread,
)  # fmt: skip
from hbu.lib import blobs
from hbu.roles import CODES
from orders.models import Document, Order, Quotation
from shop.models import Contact, Customer
from tests.factories import company
from tests.rights.making import make

OWN, SECRET = "flieder", "zaubernuss"


@dataclass
class Rows:
    """One matter of a department, from its mail to its order."""

    department: Department
    word: str
    rows: dict[type, Any] = field(default_factory=dict)

    def __post_init__(self):
        self._mail()
        self._case()
        self._letter()
        self._around()

    def __getitem__(self, model):
        return self.rows[model]

    def add(self, model, **values):
        self.rows[model] = make(model, **values)
        return self.rows[model]

    def _mail(self):
        word, file = self.word, blobs.put(settings.BLOBS_DIR, self.word.encode())
        self.rows[Mailbox] = Mailbox.objects.filter(department=self.department).first()
        thread = self.add(Thread, subject=f"Thread {word}")
        email = self.add(
            Email, subject=f"Mail {word}", text=f"Text {word}", from_name=f"Sender {word}",
            from_address=f"{word}@writer.example", state="handled", kind="question",
            department=self.department, mailbox=self[Mailbox], thread=thread, raw_sha256=file,
            fingerprint=f"{word:0>64}", html_safe=f"<p>{word}</p>",
        )  # fmt: skip
        self.add(Attachment, email=email, filename=f"{word}.pdf", sha256=file, text=word)

    def _case(self):
        word, thread = self.word, self[Thread]
        self.rows[Customer] = Customer.objects.order_by("pk").first()
        case = self.add(
            Case, number=f"C-{self.department.code.upper()}", title=f"Case {word}", department=self.department,
            thread=thread, customer=self[Customer],
        )  # fmt: skip
        make(CaseEmail, case=case, email=self[Email])
        self.add(
            Task, number=f"T-{self.department.code.upper()}", case=case, title=f"Task {word}", reason=word,
            department=self.department,
        )  # fmt: skip
        self.add(Note, case=case, text=f"Note {word}")
        order = self.add(Order, number=f"B-{self.department.pk}", customer=self[Customer])
        quotation = self.add(
            Quotation, number=f"Q-{self.department.pk}", customer=self[Customer], source="mail"
        )
        case.orders.add(order)
        case.quotations.add(quotation)

    def _letter(self):
        word = self.word
        letter = self.add(
            OutgoingEmail, subject=f"Letter {word}", text=f"Dear {word}", state="draft",
            to_address=f"{word}@reader.example", answers=self[Email], thread=self[Thread],
            mailbox=self[Mailbox], cause=f"c:{word}", message_id=f"<{word}@h-bu.de>",
            from_address=self.department.address,
        )  # fmt: skip
        news = make(
            OutgoingEmail, subject=f"News {word}", text=word, state="draft", thread=self[Thread],
            to_address=f"{word}@news.example", cause=f"n:{word}", message_id=f"<n{word}@h-bu.de>",
            from_address=self.department.address,
        )  # fmt: skip
        file = self[Attachment].sha256
        self.add(Enclosure, letter=letter, cause=word, filename=f"{word}.pdf", sha256=file)
        make(Enclosure, letter=news, cause=word, filename=f"{word}.pdf", sha256=file)

    def _around(self):
        word, email = self.word, self[Email]
        document = self.add(
            Document, kind="invoice", filename=f"{word}.pdf", party=f"Party {word}", text=word,
            sha256=self[Attachment].sha256, number=word, format="pdf",
        )  # fmt: skip
        make(Filing, document=document, email=email)
        agent = Agent.objects.filter(kind="software").first()
        self.add(AgentRun, agent=agent, case_number=self[Case].number, brief={"text": word})
        self.add(Correction, email=email, kind="order", said_kind="question")
        self.add(Delivery, email=email, mailbox=self[Mailbox], error=f"Odd {word}")
        changes = [{"field": "subject", "before": "a", "after": word}]
        self.add(ReplayDifference, replay=make(Replay), email=email, changes=changes)


class World:
    def __init__(self):
        company.load()
        Group.objects.get_or_create(name="clerk")
        self.own = Rows(Department.objects.get(code="sales"), OWN)
        self.other = Rows(Department.objects.get(code="quality"), SECRET)
        self.people = {code: self._person(code, self.own.department) for code in CODES}
        self.other_clerk = self._person("clerk", self.other.department, name="other")
        self.customers = [self._customer(number) for number in (0, 1)]
        self.mallory = User.objects.create_user("mallory")

    def _person(self, code, department, name=None):
        user = User.objects.create_user(name or f"the_{code}", is_staff=True)
        user.groups.add(Group.objects.get(name=code))
        department.members.add(user)
        return user

    def _customer(self, index):
        customer = Customer.objects.order_by("pk")[index]
        user = User.objects.create_user(f"customer{index}")
        make(Contact, customer=customer, last_name="B", email=f"{index}@c.example", user=user)
        return user

    @property
    def visitors(self):
        """Who may come along, by what to call them."""
        return {
            "nobody": AnonymousUser(),
            "account": self.mallory,
            "customer A": self.customers[0],
            "customer B": self.customers[1],
            **self.people,
        }
