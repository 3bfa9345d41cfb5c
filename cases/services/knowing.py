"""What conditions may ask about cases, told from their rows; for many cases with a few queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max
from django.utils import timezone

from cases.models import Case, CaseEmail, Rating, Task
from emails.models import Email
from orders.models import Order

LOOKED_AT = 100_000
"""Characters of a mail's text; as many as routing rules read."""
NO_MAIL: Mapping[str, Any] = {
    "subject": "", "reply_text": "", "text": "", "from_address": "", "automatic": "", "language": "",
    "is_oem": False,
}  # fmt: skip
COLUMNS = (
    "title", "kind", "channel", "status", "priority", "sentiment", "department__code",
    "assignee__name", "standing", "customer__name", "customer__is_oem", "customer__language",
    "opened_at", "customer_wrote_at",
)  # fmt: skip


def facts(cases: Sequence[Case]) -> dict[int, dict[str, object]]:
    """Return what rules may ask about each case, by its key: one entry for each of
    `cases.facts.FIELDS`, as it stands in the database now. The number of queries is fixed."""
    pks = [case.pk for case in cases]
    now = timezone.now()
    rows = {row["pk"]: row for row in Case.objects.filter(pk__in=pks).values("pk", *COLUMNS)}
    mails, tags, orders = _last_mails(rows), _tags(rows), _orders(rows)
    owed, stars = _open_tasks(rows), _ratings(rows)
    return {
        pk: {
            **_of_row(row, now),
            **_of_mail(row, mails.get(pk, NO_MAIL)),
            **_of_orders(orders.get(pk, ())),
            "tags": tuple(tags.get(pk, ())),
            "open_tasks": owed.get(pk, 0),
            "rating": stars.get(pk),
        }
        for pk, row in rows.items()
    }


def _of_row(row: Mapping[str, Any], now: datetime) -> dict[str, object]:
    return {
        **{name: row[name] for name in ("title", "kind", "channel", "status", "priority")},
        "sentiment": row["sentiment"],
        "standing": row["standing"],
        "department": row["department__code"],
        "assignee": row["assignee__name"] or "",
        "assigned": bool(row["assignee__name"]),
        "customer": row["customer__name"] or "",
        "known_customer": bool(row["customer__name"]),
        "hours_open": _hours(now - row["opened_at"]),
        "hours_waiting": _hours(now - (row["customer_wrote_at"] or row["opened_at"])),
    }


def _hours(span: timedelta) -> float:
    return round(max(span.total_seconds(), 0) / 3600, 2)


def mail_facts(emails: Iterable[int]) -> dict[int, dict[str, object]]:
    """Return what there is to know of mails, by their keys: the fields that tell of the last one."""
    rows = Email.objects.filter(pk__in=list(emails)).values("pk", *NO_MAIL)
    return {row["pk"]: _words_of(row) for row in rows}


def _of_mail(row: Mapping[str, Any], mail: Mapping[str, Any]) -> dict[str, object]:
    return {
        "oem": bool(row["customer__is_oem"] or mail["is_oem"]),
        "language": mail["language"] or row["customer__language"] or "",
        **_words_of(mail),
    }


def _words_of(mail: Mapping[str, Any]) -> dict[str, object]:
    sender = mail["from_address"]
    return {
        "subject": mail["subject"],
        "text": (mail["reply_text"] or mail["text"])[:LOOKED_AT],
        "sender": sender,
        "sender_domain": sender.rpartition("@")[2].lower(),
        "automatic": mail["automatic"],
    }


def _of_orders(orders: Sequence[tuple[str, Any]]) -> dict[str, object]:
    return {
        "order_state": tuple(dict.fromkeys(state for state, _ in orders)),
        "order_gross": max((gross for _, gross in orders), default=0),
    }


def _last_mails(pks: Iterable[int]) -> dict[int, Mapping[str, Any]]:
    links = CaseEmail.objects.filter(case__in=pks).values("case_id").annotate(last=Max("email_id"))
    by_case = {row["case_id"]: row["last"] for row in links}
    found = Email.objects.filter(pk__in=by_case.values()).values("pk", *NO_MAIL)
    mails = {row["pk"]: row for row in found}
    return {case: mails[email] for case, email in by_case.items() if email in mails}


def _tags(pks: Iterable[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = Case.tags.through.objects.filter(case__in=pks).order_by("tag__name")
    for case, name in rows.values_list("case_id", "tag__name"):
        found[case].append(name)
    return found


def _orders(pks: Iterable[int]) -> dict[int, list[tuple[str, Any]]]:
    found: dict[int, list[tuple[str, Any]]] = defaultdict(list)
    rows = Order.objects.filter(cases__in=pks).order_by("pk")
    for case, state, gross in rows.values_list("cases", "state", "gross"):
        found[case].append((state, gross))
    return found


def _open_tasks(pks: Iterable[int]) -> dict[int, int]:
    owed = Task.objects.open().filter(case__in=pks).order_by().values("case")
    return dict(owed.annotate(number=Count("pk")).values_list("case", "number"))


def _ratings(pks: Iterable[int]) -> dict[int, int]:
    return dict(Rating.objects.filter(case__in=pks).values_list("case_id", "stars"))
