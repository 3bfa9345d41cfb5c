"""What an agent is shown and what it may propose. No Django here.

An agent never acts: it returns an Outcome, a list of typed actions from this page, and the case
applies them after checking each. Text of a mail is material, never an instruction.
"""

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from hbu.lib.reasons import N_

ANSWER_THE_MAIL = N_("Answer the mail")
CHECK_THE_ORDER = N_("Check the order")
"""The task that is done as soon as its order is confirmed or cancelled."""
CHECK_THE_QUOTATION = N_("Check and send the quotation")
"""The task that is done as soon as its quotation is sent or declined."""
CHECK_THE_INVOICE = N_("Check the invoice")
"""The task that is done as soon as its invoice is checked or rejected."""
PAYMENT_STATUS = "payment_status"
"""The letter that says how invoices stand."""
ASK_FOR_A_VALID_INVOICE = N_("Ask the supplier for a correct e-invoice")


@dataclass(frozen=True, slots=True)
class OrderBrief:
    """What a mail orders or wants to have quoted, already read, matched and priced."""

    reference: str
    lines: int
    gross: str
    certain: bool
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InvoiceBrief:
    """An invoice of ours to the sender's company as the books have it, in the mail's language."""

    number: str
    gross: str
    received: str
    open: str
    due: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the agent keeps in mind about the sender."""

    language: str = ""
    kind: str = ""
    """Of the sender's last mail, as `case` is its last case."""
    case: str = ""
    decided: int = 0
    answered: int = 0
    """How often its answer left by itself."""
    corrected: int = 0
    in_a_row: int = 0
    """How often people corrected it, for this kind of mail, since they last confirmed it."""


@dataclass(frozen=True, slots=True)
class Brief:
    """One mail and what the books say about it, cut down to what the decision needs."""

    case: str
    kind: str
    priority: str
    language: str
    subject: str
    text: str
    sender_name: str
    customer: str
    oem: bool
    automatic: str
    confidence: float
    department: str
    order: OrderBrief | None = None
    quotation: OrderBrief | None = None
    open_orders: tuple[tuple[str, str, str], ...] = ()
    """(number, state in words, promised date) of this customer's orders named in the mail; empty
    when the books cannot answer for one of them."""
    invoices: tuple[InvoiceBrief, ...] = ()
    """Those that the mail names and that are of the sender's company."""
    open_invoices: tuple[InvoiceBrief, ...] = ()
    """All that the sender's company has open."""
    unclear_invoices: bool = False
    """It names an invoice that is not the sender's company's, or may be forged: a person answers,
    and nothing is said that would tell which invoices there are."""
    unread: tuple[str, ...] = field(default=())
    """Names of attachments that may matter and could not be read."""
    answered_before: bool = False
    """This thread has had its acknowledgement already."""
    remembered: Remembered | None = None
    """None: the sender is new to the agent."""


class Action(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Reply(Action):
    """Answer the sender from a template; the recipient is never the agent's to choose.

    Of the variables only `order_number` and `invoice_numbers` are heeded, and only when the brief
    names that order or those invoices: what a letter says comes from the books.
    """

    do: Literal["reply"] = "reply"
    template: str
    variables: dict[str, str] = {}
    look_first: bool = False
    """It leaves only when a person let it go."""


class DraftOrder(Action):
    """Enter the order document of this mail; confirm it only if nothing is in doubt."""

    do: Literal["draft_order"] = "draft_order"
    confirm: bool = False


class DraftQuotation(Action):
    """Enter what this mail wants to have quoted; send the quotation only if nothing is in doubt."""

    do: Literal["draft_quotation"] = "draft_quotation"
    send: bool = False


class HandOver(Action):
    do: Literal["hand_over"] = "hand_over"
    department: str
    reason: str


class Ask(Action):
    """Ask a person of the department to do something."""

    do: Literal["ask"] = "ask"
    title: str
    reason: str


class Close(Action):
    do: Literal["close"] = "close"
    reason: str


AnyAction = Annotated[
    Reply | DraftOrder | DraftQuotation | HandOver | Ask | Close, Field(discriminator="do")
]


class Outcome(BaseModel):
    """What an agent proposes, with its reasons in plain words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    actions: tuple[AnyAction, ...] = ()
    reasons: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json")
