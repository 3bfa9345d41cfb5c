"""What figures should be, from a company file: of the house and of departments."""

from agents.models import Department
from hbu.company.entries import CompanyFile, Targets
from kpis.models import Target


def load(file: CompanyFile, departments: dict[str, Department]) -> None:
    """Write the targets that the file names; those that it does not name stay as they were typed."""
    _load(file.kpis, None)
    for one in file.departments:
        _load(one.kpis, departments[one.code])


def _load(targets: Targets, department: Department | None) -> None:
    for code, value in targets.items():
        Target.objects.update_or_create(
            kpi=code, department=department, defaults={"value": float(value)}
        )
