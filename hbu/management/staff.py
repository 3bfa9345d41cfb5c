"""The people of the company file: users with a role, members of their departments."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from agents.models import Department
from agents.services import people
from hbu.company.entries import CompanyFile
from hbu.role_groups import sync
from hbu.roles import CODES


def load(file: CompanyFile, departments: dict[str, Department]) -> None:
    """Write the people into the books. Passwords are never in a file; until one is set, nobody can
    log in as them."""
    if not file.staff:
        return
    groups = _groups()
    for one in file.staff:
        users = get_user_model()._default_manager
        user = users.filter(username=one.username).first() or users.create_user(one.username)
        user.first_name, user.last_name, user.email = one.first_name, one.last_name, one.email
        user.is_staff = True
        user.save(update_fields=["first_name", "last_name", "email", "is_staff"])
        others = [group for code, group in groups.items() if code != one.role]
        user.groups.remove(*others)
        user.groups.add(groups[one.role])
        user.departments.set(departments[code] for code in one.departments)
        people.employ(user).departments.set(departments[code] for code in one.departments)


def _groups() -> dict[str, Group]:
    rows = {group.name: group for group in Group.objects.filter(name__in=CODES)}
    if len(rows) < len(CODES):
        sync()
        rows = {group.name: group for group in Group.objects.filter(name__in=CODES)}
    return rows
