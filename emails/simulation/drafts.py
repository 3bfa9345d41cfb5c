"""A letter before it is sealed, and how people begin and end theirs. No Django here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from emails.data import Kind, Priority
from emails.simulation.cast import Scene, Writer


@dataclass(frozen=True, slots=True)
class Attachment:
    filename: str
    content_type: str
    payload: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Draft:
    writer: Writer
    to: str
    subject: str
    text: str
    expected: dict[str, Any]
    cc: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    quoted: str = ""
    """An earlier letter, quoted below."""
    null_sender: bool = False
    status: Mapping[str, str] = field(default_factory=dict)
    """Fields of a delivery status notification (RFC 3464); makes the letter a bounce."""


@dataclass(frozen=True, slots=True)
class Scenario:
    write: Callable[[Scene], Draft]
    weight: int = 2


def expect(
    kind: Kind | None,
    department: str,
    *,
    priority: Priority = Priority.NORMAL,
    auto_reply: bool = True,
    order: str = "none",
) -> dict[str, Any]:
    """Return what should become of a letter.

    `order` is confirmed, created (a person has to look) or none; an empty kind or department says
    that any will do, as with mail written by machines.
    """
    return {
        "kind": kind.value if kind else "",
        "department": department,
        "priority": priority.value,
        "auto_reply": auto_reply,
        "order": order,
    }


def compose(scene: Scene, writer: Writer, *paragraphs: str) -> str:
    """Return a whole letter; German goes on in small letters after the salutation's comma."""
    opening, *more = (paragraph for paragraph in paragraphs if paragraph)
    if scene.language != "de":
        opening = opening[0].upper() + opening[1:]
    closing = (_closing(scene), signature(scene, writer))
    return "\n\n".join((_salutation(scene), opening, *more, *closing))


def _salutation(scene: Scene) -> str:
    us = scene.company.company.name
    return scene.say(
        ("Sehr geehrte Damen und Herren,", "Guten Tag,", "Guten Morgen,", "Hallo zusammen,", f"Liebes Team von {us},"),
        ("Dear Sir or Madam,", "Hello,", "Good morning,", f"Dear {us} team,", "To whom it may concern,"),
    )  # fmt: skip


def _closing(scene: Scene) -> str:
    return scene.say(
        ("Mit freundlichen Grüßen", "Freundliche Grüße", "Beste Grüße", "Viele Grüße"),
        ("Kind regards,", "Best regards,", "Yours faithfully,", "With best wishes,"),
    )


def signature(scene: Scene, writer: Writer) -> str:
    if writer.firm is None:
        return writer.name
    firm = writer.firm
    call = "Tel." if scene.language == "de" else "Phone"
    town = f"{firm.postcode} {firm.city}"
    phone = [f"{call} {firm.phone}"] if firm.phone else []
    return "\n".join([writer.name, "", firm.name, firm.street, town, *phone, writer.address])
