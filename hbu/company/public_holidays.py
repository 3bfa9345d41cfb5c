"""Public holidays as the laws of a country and its states have them, entered for a year."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from holidays.countries.germany import Germany

from hbu.company.models import Company, Holiday
from hbu.lib.auditing import Change, tell
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_

YEARS = range(2000, 2101)


def states() -> list[tuple[str, str]]:
    """Return code and name of each federal state of Germany."""
    return sorted((code, name) for name, code in Germany.subdivisions_aliases.items())


def fetch(year: int, state: str | None = None, *, by: AbstractBaseUser | None) -> list[Holiday]:
    """Enter the public holidays of a year, and those of a federal state besides; return the new.

    What is there stays, whatever it is called. None: the company's own state; empty: of none. Raises
    DomainError.
    """
    company = Company.objects.filter(pk=1).first()
    if company is None:
        raise DomainError("company.missing", N_("No company is loaded yet."))
    state = company.region if state is None else state
    if year not in YEARS:
        raise DomainError("holidays.year", N_("That is no year."), status=400)
    if state and state not in dict(states()):
        raise DomainError("holidays.state", N_("There is no such federal state."), status=400)
    # Said, or the names would be in the language of the process.
    language = "de" if company.language == "de" else "en_US"
    everywhere = Germany(years=year, language=language)
    wanted = {(day, ""): name for day, name in everywhere.items()}
    if state:
        own = Germany(years=year, subdiv=state, language=language)
        wanted |= {(day, state): name for day, name in own.items() if day not in everywhere}
    with transaction.atomic():
        there = set(Holiday.objects.filter(date__year=year).values_list("date", "region"))
        new = Holiday.objects.bulk_create(
            Holiday(date=day, region=region, name=name)
            for (day, region), name in sorted(wanted.items())
            if not {(day, region), (day, "")} & there
        )
        if new:
            days = "; ".join(f"{one.date} {one.name}" for one in new)
            tell(Change("changed", company, by, {}, {"holidays": f"{year} {state}: {days}"}))
    return new
