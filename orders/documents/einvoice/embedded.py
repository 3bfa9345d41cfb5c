"""The XML inside a hybrid PDF, wherever its maker put it. Runs in the jail.

The name tree of embedded files is where it belongs (ISO 32000-1, 7.11.4); makers also use /AF of the
document or of a page, attachments pinned to a page, and trees that lead nowhere.
"""

import io
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject, IndirectObject, StreamObject

from orders.documents.einvoice.dialects import told_by
from orders.documents.einvoice.xml import MAX_BYTES, head_of

NAMES = (
    "factur-x.xml",
    "zugferd-invoice.xml",
    "xrechnung.xml",
    "order-x.xml",
    "cida.xml",
)
_MOST_FILES = 200
_MOST_NODES = 1_000
_MOST_PAGES = 50
_MOST_STREAMS = 5_000
_HEAD = 8_192
_MOST_METADATA = 1_000_000
_STREAMS = ("/UF", "/F", "/Unix", "/Mac", "/DOS")
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_WORDS = ("/UF", "/F", "/Unix", "/Mac", "/DOS", "/Desc")
_BROKEN = (PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError)
"""What pypdf raises on files that are not as they should be; memory is the jail's to watch."""


@dataclass(frozen=True, slots=True)
class Attached:
    name: str
    data: bytes
    relationship: str = ""
    """/AFRelationship: Alternative, Data, Source."""
    changed: str = ""
    """When, as a PDF writes it; as text it sorts by time."""


def xml_of(pdf: bytes) -> tuple[str, bytes] | None:
    """Name and bytes of the invoice or order inside; None for a PDF that carries none."""
    found = file_in(pdf, opened(pdf))
    return (found.name, found.data) if found else None


def file_in(pdf: bytes, reader: PdfReader | None) -> Attached | None:
    """The invoice or order among the files that pypdf finds, else among what lies bare in it."""
    return (chosen(attached(reader)) if reader else None) or chosen(_by_hand(pdf))


def opened(pdf: bytes) -> PdfReader | None:
    """None where pypdf makes nothing of it."""
    try:
        reader = PdfReader(io.BytesIO(pdf))
        if reader.is_encrypted:
            reader.decrypt("")
        reader.trailer["/Root"]
    except _BROKEN:
        return None
    return reader


def chosen(files: Iterable[Attached]) -> Attached | None:
    """By content and name; then by content alone; then a known name whose content is damaged.

    Of several versions the newest counts, as far as the PDF tells.
    """
    ranked = [(rank, one) for one in files if (rank := _rank(one)) is not None]
    best = min((rank for rank, _ in ranked), default=None)
    alike = [one for rank, one in ranked if rank == best]
    return max(alike, key=lambda one: one.changed, default=None)


def _rank(one: Attached) -> tuple[int, int] | None:
    place = next((at for at, name in enumerate(NAMES) if _is_named(one.name, name)), len(NAMES))
    if told_by(head_of(one.data)):
        return 0 if place < len(NAMES) else 1, place
    return (2, place) if place < len(NAMES) else None


def _is_named(stated: str, name: str) -> bool:
    return stated.strip().lower().replace("\\", "/").rpartition("/")[2] == name


def attached(reader: PdfReader) -> Iterator[Attached]:
    """Each file once, with its bytes."""
    seen: set[tuple[str, int]] = set()
    for spec in islice(_specs(reader), _MOST_FILES):
        found = _file(spec)
        if found and (key := (found.name, len(found.data))) not in seen:
            seen.add(key)
            yield found


def _specs(reader: PdfReader) -> Iterator[DictionaryObject]:
    """The file specifications, in the order of where they belong."""
    root = _dictionary(reader.trailer.get("/Root"))
    yield from _in_tree(root)
    yield from _of_array(root.get("/AF"))
    yield from _on_pages(reader)


def _in_tree(root: DictionaryObject) -> Iterator[DictionaryObject]:
    """The leaves of the name tree, each node once however its makers tied it together."""
    names = _dictionary(root.get("/Names"))
    waiting: list[Any] = [names.get("/EmbeddedFiles")]
    known: set[int] = set()
    while waiting and len(known) < _MOST_NODES:
        node = _dictionary(waiting.pop())
        if id(node) in known:
            continue
        known.add(id(node))
        waiting += list(_array(node.get("/Kids")))
        yield from _of_array(node.get("/Names"))


def _of_array(array: Any) -> Iterator[DictionaryObject]:
    for one in islice(_array(array), 2 * _MOST_FILES):
        spec = _dictionary(one)
        if "/EF" in spec:
            yield spec


def _on_pages(reader: PdfReader) -> Iterator[DictionaryObject]:
    try:
        for page in islice(reader.pages, _MOST_PAGES):
            yield from _of_array(page.get("/AF"))
            for note in islice(_array(page.get("/Annots")), _MOST_FILES):
                yield from _of_array([_dictionary(note).get("/FS")])
    except _BROKEN:
        return


def metadata_of(reader: PdfReader) -> bytes:
    """The XMP packet of the document; empty if there is none."""
    stream = _stream(_dictionary(reader.trailer.get("/Root")).get("/Metadata"))
    try:
        return stream.get_data()[:_MOST_METADATA] if stream else b""
    except _BROKEN:
        return b""


def _file(spec: DictionaryObject) -> Attached | None:
    streams = _dictionary(spec.get("/EF"))
    stream = next((one for name in _STREAMS if (one := _stream(streams.get(name)))), None)
    if stream is None:
        return None
    try:
        data = stream.get_data()
    except _BROKEN:
        return None
    words = [str(_resolved(spec.get(name)) or "") for name in _WORDS]
    known = next((one for one in words for name in NAMES if _is_named(one, name)), "")
    name = known or next(filter(None, words), "")
    relationship = str(_resolved(spec.get("/AFRelationship")) or "").lstrip("/")
    return Attached(name[:150], data[: MAX_BYTES + 1], relationship[:40], _changed(stream))


def _changed(stream: StreamObject) -> str:
    facts = _dictionary(stream.get("/Params"))
    stated = (_resolved(facts.get(name)) for name in ("/ModDate", "/CreationDate"))
    return next((str(one).removeprefix("D:")[:14] for one in stated if one), "")


def _resolved(value: Any) -> Any:
    try:
        return value.get_object() if isinstance(value, IndirectObject) else value
    except _BROKEN:
        return None


def _dictionary(value: Any) -> DictionaryObject:
    found = _resolved(value)
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _stream(value: Any) -> StreamObject | None:
    found = _resolved(value)
    return found if isinstance(found, StreamObject) else None


def _array(value: Any) -> list[Any]:
    found = _resolved(value)
    return found if isinstance(found, list) else []


def _by_hand(pdf: bytes) -> Iterator[Attached]:
    """Streams that look like our XML, found without a cross-reference table or a trailer."""
    at = 0
    for _ in range(_MOST_STREAMS):
        begin = _STREAM.search(pdf, at)
        if begin is None:
            return
        at = pdf.find(b"endstream", begin.end())
        if at < 0:
            at = len(pdf)
        raw = pdf[begin.end() : at]
        for unpacked in (_inflated, bytes):
            head = unpacked(raw[:_HEAD])
            if told_by(head_of(head)):
                yield Attached("", unpacked(raw))


def _inflated(raw: bytes) -> bytes:
    """As much as can be unpacked, within bounds."""
    try:
        return zlib.decompressobj().decompress(raw, MAX_BYTES + 1)
    except zlib.error:
        return b""
