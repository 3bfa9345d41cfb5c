"""Figures of mails, letters, cases, and of whoever works on them."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.admin.figures import ContactFilter
from cases.models import Case, SLAMark, SLAResult
from emails.admin.figures import WorkFilter
from emails.data import Kind
from emails.models import Email, OutgoingEmail
from kpis.counting import AgentDays, Amount, Backlog, Rows, Share
from kpis.definitions.kpi import KPI, Better, How, Unit
from orders.admin.figures import DeliveryFilter
from orders.models import Order

State = OutgoingEmail.State
Weight = OutgoingEmail.Weight
LEFT = (State.SENT.value, State.BOUNCED.value)
FIRST, DONE = SLAMark.Clock.FIRST_RESPONSE.value, SLAMark.Clock.RESOLUTION.value


def _clocks(clock: str = "", *, kept: bool = False, hours: bool = False) -> Rows:
    lookups = {
        **({"clock__exact": clock} if clock else {}),
        **({"kept__exact": True} if kept else {}),
    }
    return Rows(
        model=SLAResult,
        at="ended_at",
        department="case__department",
        lookups=lookups,
        amount=F("minutes") / 60.0 if hours else None,
    )


def _mails(question: str = "", **lookups: object) -> Rows:
    return Rows(
        model=Email,
        at="received_at",
        department="department",
        lookups=lookups,
        question=(WorkFilter, question) if question else None,
    )


def _cases(at: str, question: str = "", **lookups: object) -> Rows:
    return Rows(
        model=Case,
        at=at,
        department="department",
        lookups={"merged_into__isnull": True, **lookups},
        question=(ContactFilter, question) if question else None,
    )


def _ratings(**lookups: object) -> Rows:
    return Rows(model=Case, at="rating__at", department="department", lookups=lookups)


def _letters(*states: str, score: bool = False) -> Rows:
    weights = [one.value for one in Weight if one != Weight.NOTICE]
    return Rows(
        model=OutgoingEmail,
        at="sent_at",
        department="answers__department",
        lookups={"state__in": [*states], "weight__in": weights},
        amount=F("score") if score else None,
    )


SERVICE: dict[str, KPI] = {
    "first_response_hours": KPI(
        label=_("Time to the first answer"),
        formula=_(
            "Hours of open time until the first answers that were given in the time ÷ how many they "
            "were; a case that was late and resolved without one counts with its hours."
        ),
        how=How.MEAN,
        unit=Unit.HOURS,
        better=Better.DOWN,
        weight=15,
        source=Amount(_clocks(FIRST, hours=True)),
        part=pgettext_lazy("figure", "first answers"),
    ),
    "resolution_hours": KPI(
        label=_("Time to the solution"),
        formula=_(
            "Hours of open time until cases were resolved that were resolved in the time ÷ how many they were."
        ),
        how=How.MEAN,
        unit=Unit.HOURS,
        better=Better.DOWN,
        weight=5,
        source=Amount(_clocks(DONE, hours=True)),
        part=pgettext_lazy("figure", "solutions"),
    ),
    "sla_compliance": KPI(
        label=_("SLA compliance"),
        formula=_("Clocks that were kept ÷ clocks that ended in the time."),
        how=How.PERCENT,
        unit=Unit.PERCENT,
        weight=20,
        source=Share(_clocks(kept=True), _clocks()),
        part=pgettext_lazy("figure", "kept"),
        whole=pgettext_lazy("figure", "clocks that ended"),
    ),
    "automation_rate": KPI(
        label=_("Automation rate"),
        formula=_(
            "Mails of people, answered without one of us, in whose cases nobody was asked to do "
            "anything ÷ mails of people that came in the time and were read, without spam."
        ),
        how=How.PERCENT,
        unit=Unit.PERCENT,
        weight=10,
        source=Share(_mails("alone"), _mails("people")),
        part=pgettext_lazy("figure", "answered by itself"),
        whole=pgettext_lazy("figure", "mails of people"),
    ),
    "first_contact_resolution": KPI(
        label=_("Resolved at the first contact"),
        formula=_(
            "Cases in which somebody wrote once, and that never came back ÷ cases in which somebody "
            "wrote and that were resolved in the time."
        ),
        how=How.PERCENT,
        unit=Unit.PERCENT,
        weight=10,
        source=Share(_cases("resolved_at", "first"), _cases("resolved_at", "any")),
        part=pgettext_lazy("figure", "at the first contact"),
        whole=pgettext_lazy("figure", "resolved cases"),
    ),
    "mail_efficiency": KPI(
        label=_("Mail efficiency"),
        formula=_(
            "Mails that are handled and that nobody had to put right ÷ mails that came in the time, "
            "without those that were dismissed."
        ),
        how=How.PERCENT,
        unit=Unit.PERCENT,
        weight=5,
        source=Share(
            _mails("smooth"),
            _mails(state__in=[one.value for one in Email.State if one != Email.State.DISMISSED]),
        ),
        part=pgettext_lazy("figure", "handled without a correction"),
        whole=pgettext_lazy("figure", "mails that came"),
    ),
    "courtesy_score": KPI(
        label=_("Courtesy"),
        formula=_(
            "Sum of the points for courtesy of the letters that left in the time ÷ how many they were; "
            "a letter belongs to the department of the mail it answers."
        ),
        how=How.MEAN,
        unit=Unit.POINTS,
        weight=5,
        source=Amount(_letters(*LEFT, score=True)),
        part=pgettext_lazy("figure", "letters that left"),
    ),
    "customer_satisfaction": KPI(
        label=_("Customer satisfaction"),
        formula=_(
            "Cases that were given four or five stars ÷ cases that were given stars in the time."
        ),
        how=How.PERCENT,
        unit=Unit.PERCENT,
        weight=15,
        source=Share(_ratings(rating__stars__gte=4), _ratings()),
        part=pgettext_lazy("figure", "four or five stars"),
        whole=pgettext_lazy("figure", "rated cases"),
    ),
    "bounce_rate": KPI(
        label=_("Bounce rate"),
        formula=_("Letters that came back ÷ letters to customers that left in the time."),
        how=How.PERCENT,
        unit=Unit.PERCENT,
        better=Better.DOWN,
        source=Share(_letters(State.BOUNCED.value), _letters(*LEFT)),
        part=pgettext_lazy("figure", "came back"),
        whole=pgettext_lazy("figure", "letters that left"),
    ),
    "complaint_rate": KPI(
        label=_("Complaint rate"),
        formula=_(
            "Complaints that were opened as cases in the time ÷ orders of the whole house that were "
            "entered in the time, without cancelled ones."
        ),
        how=How.PERCENT,
        unit=Unit.PERCENT,
        better=Better.DOWN,
        weight=5,
        source=Share(
            _cases("opened_at", kind__exact=Kind.COMPLAINT.value),
            Rows(model=Order, at="created_at", question=(DeliveryFilter, "standing")),
        ),
        part=pgettext_lazy("figure", "complaints"),
        whole=pgettext_lazy("figure", "orders"),
    ),
    "backlog": KPI(
        label=_("Backlog"),
        formula=_(
            "Cases opened by the end of the time that were not resolved then, or were taken up again."
        ),
        how=How.LEVEL,
        unit=Unit.PIECES,
        better=Better.DOWN,
        source=Backlog(),
        part=pgettext_lazy("figure", "open cases"),
    ),
    "agent_utilisation": KPI(
        label=_("Agent utilisation"),
        formula=_(
            "Days on which agents worked on something (software: was consulted; people: the journal "
            "tells of them) ÷ days on which the house was open, for each agent that serves a department."
        ),
        how=How.PERCENT,
        unit=Unit.PERCENT,
        weight=5,
        source=AgentDays(),
        part=pgettext_lazy("agents", "days worked"),
        whole=pgettext_lazy("agents", "days"),
    ),
}
