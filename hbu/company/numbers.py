"""Numbers for people: C-2026-000123. Without gaps when drawn in the transaction that uses them."""

from django.db.models import F
from django.utils import timezone

from hbu.company.models import Counter


def draw(series: str, count: int = 1) -> list[str]:
    """Draw the next `count` numbers of this year's series; call inside a transaction.

    The UPDATE holds the counter's row until the transaction ends, so a rollback gives the numbers
    back and nobody else gets them meanwhile.
    """
    year = timezone.localdate().year
    name = f"{series}-{year}"
    if not Counter.objects.filter(name=name).update(value=F("value") + count):
        Counter.objects.get_or_create(name=name)
        Counter.objects.filter(name=name).update(value=F("value") + count)
    last = Counter.objects.values_list("value", flat=True).get(name=name)
    return [f"{series}-{year}-{number:06d}" for number in range(last - count + 1, last + 1)]


def take_turns(name: str) -> None:
    """Let nobody else do what `name` stands for until this transaction ends; call inside one.

    For what is compared with rows that somebody else may be writing in this moment.
    """
    row = Counter.objects.filter(name=name)
    if not row.update(value=F("value") + 1):
        Counter.objects.bulk_create([Counter(name=name)], ignore_conflicts=True)
        row.update(value=F("value") + 1)
