"""Files that go with a letter of a person: uploaded, or chosen from the case."""

import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from io import BytesIO
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core import signing
from django.core.files.base import File as Upload
from django.utils.translation import gettext

from cases.models import Case
from emails.data import File
from emails.mime.leaves import display_name
from emails.models import Attachment
from hbu.lib import blobs
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.models import Printout
from orders.services import own

SALT = "cases.answering.files"
OFFICE = "application/vnd.openxmlformats-officedocument."
TOO_BIG = N_("The files are too big for one mail.")


@dataclass(frozen=True, slots=True)
class Attachable:
    """A file of the case that may go with a letter."""

    file: File
    label: str


def _begins(*signatures: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(signatures)


def _packed(folder: str) -> Callable[[bytes], bool]:
    def is_packed(data: bytes) -> bool:
        if not data.startswith(b"PK\x03\x04"):
            return False
        try:
            with zipfile.ZipFile(BytesIO(data)) as archive:
                return any(name.startswith(folder) for name in archive.namelist()[:2000])
        except (zipfile.BadZipFile, ValueError, OSError):
            return False

    return is_packed


def _is_text(data: bytes) -> bool:
    if b"\0" in data:
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        # What Excel saves as CSV is rarely UTF-8; control characters would say it is no text.
        return not any(byte < 9 for byte in data)
    return True


_OLD_OFFICE = _begins(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_JPEG = _begins(b"\xff\xd8\xff")
# What may be attached, with what its bytes look like: the name alone proves nothing.
ALLOWED: Mapping[str, tuple[str, Callable[[bytes], bool]]] = {
    ".pdf": ("application/pdf", lambda data: b"%PDF-" in data[:1024]),
    ".doc": ("application/msword", _OLD_OFFICE),
    ".xls": ("application/vnd.ms-excel", _OLD_OFFICE),
    ".docx": (f"{OFFICE}wordprocessingml.document", _packed("word/")),
    ".xlsx": (f"{OFFICE}spreadsheetml.sheet", _packed("xl/")),
    ".png": ("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    ".jpg": ("image/jpeg", _JPEG),
    ".jpeg": ("image/jpeg", _JPEG),
    ".txt": ("text/plain", _is_text),
    ".csv": ("text/csv", _is_text),
}


def store(file: "Upload[Any]", *, by: AbstractBaseUser) -> File:
    """Keep an uploaded file under the hash of its content. Raises DomainError."""
    if file.size > settings.HBU_MAX_ENCLOSED_BYTES:
        raise DomainError("file.too_big", TOO_BIG, status=413)
    name = display_name(file.name or "")
    media_type, looks_right = ALLOWED.get(PurePath(name).suffix.lower(), ("", _never))
    data = file.read()
    if not media_type:
        kinds = ", ".join(one.removeprefix(".") for one in ALLOWED)
        raise DomainError(
            "file.kind", f"{N_('Only files of these kinds go with a letter')}: {kinds}", status=415
        )
    if not data or not looks_right(data):
        what = N_("The file is not what its name says")
        raise DomainError("file.other", f"{what}: {name}", status=415)
    return File(blobs.put(settings.BLOBS_DIR, data), name, media_type, len(data))


def _never(_data: bytes) -> bool:
    return False


def attachable(case: Case) -> list[Attachable]:
    """Return the papers of the case's orders and what came with its mails, each content once."""
    found: dict[str, Attachable] = {}
    for one in (*_printouts(case), *_attachments(case)):
        found.setdefault(one.file.sha256, one)
    return list(found.values())


def _printouts(case: Case) -> Iterator[Attachable]:
    rows = [own.printouts_of(order) for order in case.orders.all()]
    rows += [own.printouts_of_quotation(one) for one in case.quotations.all()]
    for several in rows:
        for row in several.order_by("pk"):
            yield Attachable(_file_of(row), f"{row.get_kind_display()}: {row.filename}")


def _file_of(row: Printout) -> File:
    return File(row.sha256, row.filename, row.media_type, row.size)


def _attachments(case: Case) -> Iterator[Attachable]:
    rows = Attachment.objects.filter(email__link__case=case, inline=False).order_by("pk")
    for row in rows.only("sha256", "filename", "content_type", "size"):
        file = File(row.sha256, row.filename, row.content_type, row.size)
        yield Attachable(file, f"{gettext('From a mail')}: {row.filename}")


def ticket(case: Case, file: File, *, by: AbstractBaseUser) -> str:
    """Return what stands for the file in the person's form; it is good for this case alone.

    Nobody attaches a file that he or she was not shown, whatever hash is typed (promise F3).
    """
    return signing.dumps(asdict(file), salt=_salt(case, by), compress=True)


def of_ticket(case: Case, ticket: str, *, by: AbstractBaseUser) -> File:
    """Raises DomainError for a ticket that is not ours, or of another case or person."""
    try:
        return File(**signing.loads(ticket, salt=_salt(case, by)))
    except (signing.BadSignature, TypeError):
        raise DomainError(
            "file.unknown", N_("A file is not known here; attach it again."), status=400
        ) from None


def _salt(case: Case, by: AbstractBaseUser) -> str:
    return f"{SALT}:{case.pk}:{by.pk}"


def fit(files: tuple[File, ...]) -> tuple[File, ...]:
    """Return the files with clean names, each content once. Raises DomainError where they are too
    big for one mail, or one is not in our store."""
    unique = {one.sha256: replace(one, filename=display_name(one.filename)) for one in files}
    if sum(one.size for one in unique.values()) > settings.HBU_MAX_ENCLOSED_BYTES:
        raise DomainError("file.too_big", TOO_BIG, status=413)
    for one in unique.values():
        if not blobs.path_of(settings.BLOBS_DIR, one.sha256).is_file():
            gone = N_("A file is not in our store any more; attach it again")
            raise DomainError("file.gone", f"{gone}: {one.filename}")
    return tuple(unique.values())
