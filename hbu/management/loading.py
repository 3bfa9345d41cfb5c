"""A checked company file goes into the books, all of it or nothing.

Loading again brings changes in: rows are known by their codes, numbers and addresses. What lives in
the books alone stays: stock that moved, passwords, cursors of mailboxes that did not move.
"""

import os
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from agents.models import Agent, Department
from cases.models import SLAPolicy
from emails import templating
from emails.models import Mailbox, RoutingRule, RoyalTemplate
from emails.services import rules, watching
from hbu.company import entries
from hbu.company.entries import CompanyFile
from hbu.company.models import Company, Holiday, OpeningHours, Terms, WorkCalendar
from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.management import catalogue, customers, staff, stocktaking, targets, workflows
from shop.models import Supplier

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def load(file: CompanyFile) -> Company:
    """Write the file into the books in one transaction. Raises DomainError."""
    with transaction.atomic():
        before = stocktaking.take()
        company = _company(file)
        _terms(file)
        _opening(file)
        departments = _departments(file)
        _agents(file, departments)
        staff.load(file, departments)
        targets.load(file, departments)
        _mailboxes(file, departments)
        _policies(file)
        catalogue.load(file)
        customers.load(file)
        _suppliers(file)
        _rules(file, departments)
        _templates(file.templates)
        workflows.load(file)
        changed = stocktaking.changes(before, stocktaking.take())
        record("company.loaded", company, name=company.name, changed=changed)
    return company


def _company(file: CompanyFile) -> Company:
    values = file.company.model_dump(exclude={"timezone"})
    values["managing_directors"] = ", ".join(values["managing_directors"])
    company, _ = Company.objects.update_or_create(pk=1, defaults=values)
    return company


def _terms(file: CompanyFile) -> None:
    """A file that says nothing of them changes nothing that was typed."""
    said = file.terms.model_dump()
    if "terms" in file.model_fields_set:
        Terms.objects.update_or_create(pk=1, defaults=said)
    else:
        Terms.objects.get_or_create(pk=1, defaults=said)


def _opening(file: CompanyFile) -> None:
    _hours(None, file.opening_hours)
    for one in file.calendars:
        calendar, _ = WorkCalendar.objects.update_or_create(
            code=one.code, defaults={"name": one.name, "region": one.region}
        )
        _hours(calendar, one.opening_hours)
    for holiday in file.holidays:
        Holiday.objects.update_or_create(
            date=holiday.date, region=holiday.region, defaults={"name": holiday.name}
        )


def _hours(calendar: WorkCalendar | None, hours: entries.OpeningHours) -> None:
    """The hours of a calendar; of the house where there is none."""
    OpeningHours.objects.filter(calendar=calendar).delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(
            calendar=calendar,
            weekday=WEEKDAYS.index(day),
            opens=interval.opens,
            closes=interval.closes,
        )
        for day, intervals in hours.items()
        for interval in intervals
    )


def _departments(file: CompanyFile) -> dict[str, Department]:
    calendars = {one.code: one for one in WorkCalendar.objects.all()}
    departments = {}
    for one in file.departments:
        values: dict[str, Any] = {
            "name_de": one.name.de,
            "name_en": one.name.en,
            "address": one.address,
            "speciality": one.speciality,
        }
        # What the file does not say stays as it was typed.
        said = one.model_dump(
            include={"reopen", "reopen_days", "close_after_days"}, exclude_unset=True
        )
        if "calendar" in one.model_fields_set:
            said["calendar"] = calendars.get(one.calendar)
        departments[one.code], _ = Department.objects.update_or_create(
            code=one.code, defaults=values | said
        )
    return departments


def _agents(file: CompanyFile, departments: dict[str, Department]) -> None:
    users = get_user_model().objects
    for one in file.agents:
        user = users.filter(username=one.name).first()
        if user is None:
            # Without a usable password nobody can ever log in as a software agent.
            user = users.create_user(username=one.name)
        agent, _ = Agent.objects.update_or_create(
            user=user,
            defaults={"name": one.name, "kind": Agent.Kind.SOFTWARE, "role": one.role},
        )
        agent.departments.set(departments[code] for code in one.departments)


def _mailboxes(file: CompanyFile, departments: dict[str, Department]) -> None:
    for one in file.mailboxes:
        values: dict[str, Any] = one.model_dump(exclude={"address", "department", "password_env"})
        values["department"] = departments[one.department]
        if one.password_env:
            values["password"] = _password(one.password_env, one.address)
        before = Mailbox.objects.filter(address=one.address).first()
        mailbox, _ = Mailbox.objects.update_or_create(address=one.address, defaults=values)
        if before and watching.place(before) != watching.place(mailbox):
            watching.begin_anew(mailbox)


def _password(variable: str, address: str) -> str:
    value = os.environ.get(variable, "")
    if not value:
        raise DomainError(
            "company_file.password",
            f"The password of {address} is expected in the environment variable {variable}.",
            status=422,
        )
    return value


def _policies(file: CompanyFile) -> None:
    for position, one in enumerate(file.sla, start=1):
        values: dict[str, Any] = {
            "name_de": one.name.de,
            "name_en": one.name.en,
            "first_response_minutes": one.first_response.total_seconds() // 60,
            "resolution_minutes": one.resolution.total_seconds() // 60,
        }
        if "update" in one.model_fields_set:
            values["update_minutes"] = one.update and one.update.total_seconds() // 60
        if "condition" in one.model_fields_set:
            values["condition"] = one.condition
        policy, created = SLAPolicy.objects.update_or_create(code=one.code, defaults=values)
        policy.clean_fields()
        if created:
            SLAPolicy.objects.filter(pk=policy.pk).update(position=position * 10)


def _suppliers(file: CompanyFile) -> None:
    for one in file.suppliers:
        Supplier.objects.update_or_create(
            number=one.number, defaults=one.model_dump(exclude={"number"})
        )


def _rules(file: CompanyFile, departments: dict[str, Department]) -> None:
    """Rules that say something new become a new version, as if a person had saved them."""
    known = {rule.name: rule for rule in RoutingRule.objects.select_related("department")}
    for position, one in enumerate(file.rules, start=1):
        rule = known.get(one.name) or RoutingRule(name=one.name)
        before = rules.content(rule)
        rule.position = position * 10
        rule.note, rule.condition = one.note, one.condition
        rule.department = departments.get(one.department)
        rule.sla, rule.priority, rule.stop = one.sla, one.priority, one.stop
        if rule.pk is None or rules.content(rule) != before:
            rules.save(rule, by=None)


def _templates(folder: Path | None) -> None:
    if folder is None:
        return
    for path in sorted(folder.glob("*/*.txt")):
        source = templating.read(path.read_text(encoding="utf-8"))
        template = RoyalTemplate(
            code=path.stem,
            language=path.parent.name,
            title=source.title,
            by_hand=source.by_hand,
            subject=source.subject,
            body=source.body.strip() + "\n",
        )
        template.clean()
        RoyalTemplate.objects.update_or_create(
            code=template.code,
            language=template.language,
            defaults={
                "title": template.title,
                "by_hand": template.by_hand,
                "subject": template.subject,
                "body": template.body,
            },
        )
