"""What the work on cases comes to, in numbers; each with its formula and the address of its rows.

A number is counted with the very filters that its address names, so that the list behind it holds
what was counted. Only cases that the person may see are counted (promise F3).
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from types import SimpleNamespace
from urllib.parse import urlencode

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import Avg, Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.api.filters import CaseFilter
from cases.models import Case, Rating, SLAMark, SLAResult
from kpis.results import ResultFilter

DAYS = 30
MOST_DAYS = 366
CASES = "/api/cases"
RESULTS = "/api/analytics/sla/results"
MINUTES = "minutes"


@dataclass(frozen=True, slots=True)
class Period:
    """From a moment on, until before another; of one department where it is named."""

    since: datetime
    until: datetime
    department: str = ""

    def within(self, column: str) -> dict[str, str]:
        """Return the filters of a list for what happened in this time."""
        return {
            f"{column}_after": self.since.isoformat(),
            f"{column}_before": self.until.isoformat(),
        }

    @property
    def scope(self) -> dict[str, str]:
        return {"department": self.department} if self.department else {}


@dataclass(frozen=True, slots=True)
class Number:
    value: float | int | None
    """None: there is nothing of which it could be an average."""
    count: int
    """How many rows the address shows."""
    formula: str
    rows: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Casework:
    """The cases of whoever asks, and what can be counted of them."""

    user: AbstractUser | AnonymousUser
    period: Period

    @property
    def cases(self) -> QuerySet[Case]:
        return Case.objects.visible_to(self.user).filter(merged_into=None)

    def found(self, **filters: str) -> QuerySet[Case]:
        asked = {**self.period.scope, **filters}
        request = SimpleNamespace(user=self.user)
        rows: QuerySet[Case] = CaseFilter(asked, queryset=self.cases, request=request).qs
        return rows.order_by()

    def results(self, **filters: str) -> QuerySet[SLAResult]:
        rows = SLAResult.objects.visible_to(self.user)
        asked = {**self.period.scope, **self.period.within("ended"), **filters}
        found: QuerySet[SLAResult] = ResultFilter(asked, queryset=rows).qs
        return found.order_by()

    def ratings(self, **filters: str) -> QuerySet[Rating]:
        rated = self.found(**self.period.within("rated"), **filters)
        return Rating.objects.filter(case__in=rated.values("pk")).order_by()

    def case_rows(self, **filters: str) -> str:
        return f"{CASES}?{urlencode({**self.period.scope, **filters})}"

    def result_rows(self, **filters: str) -> str:
        asked = {**self.period.scope, **self.period.within("ended"), **filters}
        return f"{RESULTS}?{urlencode(asked)}"

    def number(self, formula: str, **filters: str) -> Number:
        count = self.found(**filters).aggregate(all=Count("pk", distinct=True))["all"]
        return Number(count, count, formula, self.case_rows(**filters))


def dashboard(work: Casework) -> dict[str, Number]:
    """Return how things stand now, and how they went in the time."""
    return {**_now(work), **_then(work), **_answers(work), **_kept(work), "rating": _rating(work)}


def _now(work: Casework) -> dict[str, Number]:
    awaiting = ",".join(Case.THEIR_TURN)
    return {
        "open": work.number(_("Cases neither resolved nor closed"), open="true"),
        "new": work.number(_("Cases nobody took up yet"), status=Case.Status.NEW.value),
        "unassigned": work.number(
            _("Open cases that are assigned to nobody"), open="true", unassigned="true"
        ),
        "waiting": work.number(_("Cases that wait for customer or vendor"), status=awaiting),
        "at_risk": work.number(
            _("Open cases whose SLA is at risk"), open="true", standing=Case.Standing.AT_RISK.value
        ),
        "breached": work.number(
            _("Open cases whose SLA is breached"),
            open="true",
            standing=Case.Standing.BREACHED.value,
        ),
    }


def _then(work: Casework) -> dict[str, Number]:
    period = work.period
    return {
        "opened": work.number(_("Cases opened in the time"), **period.within("opened")),
        "resolved": work.number(
            _("Cases resolved in the time that are still done"), **period.within("resolved")
        ),
        "reopened": work.number(
            _("Cases that came back in the time after they were done"), **period.within("reopened")
        ),
    }


def _answers(work: Casework) -> dict[str, Number]:
    first, done = SLAMark.Clock.FIRST_RESPONSE.value, SLAMark.Clock.RESOLUTION.value
    return {
        "first_response_average": average(work, clock=first),
        "first_response_median": _median(work, clock=first),
        "resolution_average": average(work, clock=done),
        "resolution_median": _median(work, clock=done),
    }


def average(work: Casework, **filters: str) -> Number:
    found = work.results(**filters).aggregate(mean=Avg("minutes"), all=Count("pk"))
    formula = _("Average of the minutes of open time of clocks that ended in the time")
    return Number(
        rounded(found["mean"]), found["all"], formula, work.result_rows(**filters), MINUTES
    )


def _median(work: Casework, **filters: str) -> Number:
    rows = work.results(**filters).order_by("minutes").values_list("minutes", flat=True)
    many = rows.count()
    # The smallest value that half of them do not exceed, as on the page of reports.
    value = rounded(rows[(many - 1) // 2]) if many else None
    formula = _("Minutes of open time within which half of the clocks ended that ended in the time")
    return Number(value, many, formula, work.result_rows(**filters), MINUTES)


def _kept(work: Casework) -> dict[str, Number]:
    return {f"compliance_{clock}": compliance(work, clock=clock) for clock in SLAMark.Clock.values}


def compliance(work: Casework, **filters: str) -> Number:
    found = work.results(**filters).aggregate(
        all=Count("pk"), kept=Count("pk", filter=Q(kept=True))
    )
    formula = _("Clocks that ended in time, of all that ended in the time, in percent")
    value = share(found["kept"], found["all"])
    return Number(value, found["all"], formula, work.result_rows(**filters), "percent")


def share(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def _rating(work: Casework, **filters: str) -> Number:
    found = work.ratings(**filters).aggregate(mean=Avg("stars"), all=Count("pk"))
    rows = work.case_rows(**work.period.within("rated"), **filters)
    formula = _("Average of the stars that customers gave in the time")
    return Number(rounded(found["mean"], 2), found["all"], formula, rows, "stars")


def rounded(value: float | None, digits: int = 1) -> float | None:
    return None if value is None else round(value, digits)


def last_days(department: str = "") -> Period:
    """Return the period that is meant where nobody names one."""
    now = timezone.now()
    # By days and not by hours, of which the day of a changed clock has more or fewer.
    first = timezone.localdate(now) - timedelta(days=DAYS - 1)
    return Period(timezone.make_aware(datetime.combine(first, time.min)), now, department)
