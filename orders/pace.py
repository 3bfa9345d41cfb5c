"""What an order does next by itself, or why it waits. Pure: no Django, no clock of its own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from hbu.lib.reasons import N_

HAND, PRODUCTION, ALL = "hand", "production", "all"
BEFORE_THE_DOOR = ("CONFIRMED", "PLANNED", "IN_PRODUCTION", "PRODUCED", "PACKED")
IN_THE_FACTORY = ("CONFIRMED", "PLANNED", "IN_PRODUCTION")
ENDED = ("CLOSED", "CANCELLED")
STEPS = {
    "CONFIRMED": "plan",
    "PLANNED": "start_production",
    "IN_PRODUCTION": "finish_production",
    "PRODUCED": "pack",
    "PACKED": "ship",
    "SHIPPED": "deliver",
    "DELIVERED": "follow",
    "INVOICED": "follow",
}
BILL = "bill"


@dataclass(frozen=True, slots=True)
class Situation:
    """Where an order stands, as far as its next step depends on it."""

    state: str
    today: date
    on_hold: bool = False
    hold_reason: str = ""
    doubtful: bool = False
    progression: str = PRODUCTION
    """How far this customer's orders move by themselves."""
    from_stock: bool = True
    """All that is left of it lies on the shelf."""
    in_advance: bool = False
    paid: bool = False
    due: Mapping[str, date] = field(default_factory=dict)
    """When each state is due; one without a day is due at once."""
    part_shipped: bool = False
    expected_on: date | None = None
    """When the last parcel on its way arrives."""
    billed: bool = False
    """Something of it is billed."""
    to_bill: int = 0
    to_credit: int = 0


@dataclass(frozen=True, slots=True)
class Wait:
    """Something in the way: what, until when, and what is known of it."""

    what: str
    until: date | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    step: str = ""
    """A transition of the order, "bill", or "follow" where the rows alone decide; "" to wait."""
    waits: tuple[Wait, ...] = ()


def next_step(now: Situation) -> Decision:
    """Return the step that is due by itself, or everything that is in its way."""
    if now.state in ENDED:
        return Decision()
    refused, early = (*_for_a_person(now), *_for_money(now)), tuple(_for_its_day(now))
    if not refused and _is_to_be_billed(now):
        return Decision(BILL)
    if refused or early:
        return Decision(waits=(*refused, *early))
    return Decision(STEPS[now.state])


def _is_to_be_billed(now: Situation) -> bool:
    """What is paid in advance is billed at once, all else when it has left the house."""
    if now.in_advance and not now.billed and now.state in BEFORE_THE_DOOR:
        return True
    return now.to_bill > 0 and now.progression == ALL and now.state in ("SHIPPED", "DELIVERED")


def _for_a_person(now: Situation) -> Iterator[Wait]:
    if now.state == "CREATED":
        looks = N_("A person has to look at what is doubtful and confirm it")
        yield Wait(looks if now.doubtful else N_("A person has to confirm it"))
    if now.on_hold:
        yield Wait(N_("It is on hold"), evidence=now.hold_reason)
    if now.state not in (*BEFORE_THE_DOOR, "SHIPPED"):
        return
    if now.progression == HAND:
        yield Wait(N_("Orders of this customer are moved by hand"))
    elif now.progression == PRODUCTION and now.state not in IN_THE_FACTORY:
        yield Wait(N_("Orders of this customer move by themselves only until they are produced"))
    if now.state == "PACKED" and now.part_shipped:
        yield Wait(N_("Part of it has left the house: a person sends the rest"))


def _for_money(now: Situation) -> Iterator[Wait]:
    if now.state in BEFORE_THE_DOOR and now.in_advance and now.billed and not now.paid:
        yield Wait(N_("Its payment in advance has not come in"))
    if now.state == "DELIVERED" and now.to_bill and now.progression != ALL:
        yield Wait(N_("Its invoice is not written"))
    if now.state == "INVOICED" and not now.paid:
        yield Wait(N_("Its invoices are not paid"))
    if now.state == "INVOICED" and now.to_credit:
        yield Wait(N_("What came back or was cancelled is not credited"))


def _for_its_day(now: Situation) -> Iterator[Wait]:
    if now.state == "PLANNED" and not now.from_stock:
        yield from _until(now, N_("Production begins later"), now.due.get("IN_PRODUCTION"))
    elif now.state == "IN_PRODUCTION" and not now.from_stock:
        yield from _until(now, N_("It is being made"), now.due.get("PRODUCED"))
    elif now.state == "PACKED" and not now.part_shipped:
        yield from _until(now, N_("It leaves the house later"), now.due.get("SHIPPED"))
    elif now.state == "SHIPPED":
        yield from _until(now, N_("It is on its way"), now.expected_on)


def _until(now: Situation, what: str, day: date | None) -> Iterator[Wait]:
    if day is not None and day > now.today:
        yield Wait(what, until=day)
