"""What rules may ask about mails, told from their rows: nothing is parsed or read again."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from emails import routing
from emails.data import Address, Automatic, Kind, Priority, Verdict, texts_by_name
from emails.models import Attachment, Email
from hbu.lib.conditions import fields_of

PORTION = 500
COLUMNS = (
    "pk", "subject", "from_address", "to", "cc", "mailbox__address", "kind", "priority",
    "verdict_priority", "language", "customer__name", "customer__desk_address", "is_oem",
    "automatic",
)  # fmt: skip
# Long columns are fetched only when a rule asks for what they hold.
TEXTS = {"text", "size"}
DOCUMENTS = {"document"}


@dataclass(frozen=True, slots=True)
class StoredFile:
    filename: str
    content_type: str
    size: int
    inline: bool
    text: str


@dataclass(frozen=True, slots=True)
class StoredMail:
    subject: str
    sender: Address
    to: Sequence[Address]
    cc: Sequence[Address]
    text: str
    reply_text: str
    attachments: Sequence[routing.File]


def asked_by(conditions: Iterable[Any]) -> frozenset[str]:
    """Return every field that one of the conditions asks about."""
    return frozenset().union(*(fields_of(one) for one in conditions))


def recall(ids: Iterable[int], asked: Collection[str]) -> Iterator[tuple[int, routing.Facts]]:
    """Yield the facts of each mail by its key; those that are not in `asked` may be empty."""
    ids = iter(ids)
    while portion := list(islice(ids, PORTION)):
        yield from _recall(portion, asked)


def _recall(ids: Sequence[int], asked: Collection[str]) -> Iterator[tuple[int, routing.Facts]]:
    wants_texts = not TEXTS.isdisjoint(asked)
    columns = (*COLUMNS, "text", "reply_text") if wants_texts else COLUMNS
    rows = {row["pk"]: row for row in Email.objects.filter(pk__in=ids).values(*columns)}
    files = _files(ids, texts=not DOCUMENTS.isdisjoint(asked))
    for pk in ids:
        if pk in rows:
            own = files.get(pk, ())
            texts = texts_by_name((one.filename, one.text) for one in own)
            yield pk, _facts(rows[pk], own, texts)


def facts_of(
    email: Email, files: Sequence[routing.File], texts: Mapping[str, str]
) -> routing.Facts:
    """Return the facts of a row at hand, which may say more than the database does yet."""
    row = {column: _value(email, column) for column in (*COLUMNS, "text", "reply_text")}
    return _facts(row, files, texts)


def _value(email: Email, column: str) -> Any:
    name, _, of = column.partition("__")
    value = getattr(email, name)
    return getattr(value, of, None) if of else value


def _files(ids: Sequence[int], *, texts: bool) -> Mapping[int, Sequence[StoredFile]]:
    columns = (
        "email_id",
        "filename",
        "content_type",
        "size",
        "inline",
        *(["text"] if texts else []),
    )
    found: dict[int, list[StoredFile]] = defaultdict(list)
    for row in Attachment.objects.filter(email__in=ids).order_by("pk").values_list(*columns):
        email, name, content_type, size, inline, *text = row
        found[email].append(StoredFile(name, content_type, size, inline, "".join(text)))
    return found


def _facts(
    row: Mapping[str, Any], files: Sequence[routing.File], texts: Mapping[str, str]
) -> routing.Facts:
    mail = StoredMail(
        subject=row["subject"],
        sender=Address("", row["from_address"]),
        to=_addresses(row["to"]),
        cc=_addresses(row["cc"]),
        text=row.get("text", ""),
        reply_text=row.get("reply_text", ""),
        attachments=files,
    )
    return routing.facts(
        mail, _verdict(row), mailbox=row["mailbox__address"] or "", attachment_texts=texts
    )


def _addresses(rows: Iterable[Mapping[str, str]]) -> list[Address]:
    return [Address(one["name"], one["address"]) for one in rows]


def _verdict(row: Mapping[str, Any]) -> Verdict:
    """Rows from before the rules' own priority was told apart hold one priority only."""
    return Verdict(
        kind=Kind(row["kind"]),
        priority=Priority(row["verdict_priority"] or row["priority"]),
        language=row["language"],
        customer=row["customer__name"] or "",
        oem=row["is_oem"],
        desk=row["customer__desk_address"] or "",
        automatic=Automatic(row["automatic"]) if row["automatic"] else None,
        confidence=0,
        reasons=(),
    )
