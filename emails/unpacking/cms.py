"""What an opaque S/MIME signature signs (RFC 5652, RFC 8551), found by a walk through its BER.

The signature is not verified: the content is read as any mail's is.
"""

from collections.abc import Iterator
from dataclasses import dataclass

DEPTH = 16
ELEMENTS = 100_000

_SIGNED = bytes.fromhex("2a864886f70d010702")
_OCTETS, _CONSTRUCTED = 0x04, 0x20
_EXPLICIT_0 = 0xA0


class _Malformed(ValueError):
    pass


@dataclass(frozen=True, slots=True)
class _Element:
    tag: int
    start: int
    """Where its content begins."""
    end: int | None
    """Where that ends; None where a mark says so (X.690, 8.1.3.6)."""


def signed_content(octets: bytes) -> bytes:
    """Return the mail that a SignedData carries; b"" where it is something else or detached."""
    try:
        return _signed_content(octets)
    except (ValueError, IndexError, StopIteration):
        return b""


def _signed_content(octets: bytes) -> bytes:
    # ContentInfo: type, [0] SignedData: version, digest algorithms, EncapsulatedContentInfo
    kind, explicit = _children(octets, _element(octets, 0), wanted=2)
    if octets[kind.start : kind.end] != _SIGNED or explicit.tag != _EXPLICIT_0:
        return b""
    signed = next(_children(octets, explicit, wanted=1))
    *_, encapsulated = _children(octets, signed, wanted=3)
    content = list(_children(octets, encapsulated, wanted=2))
    if len(content) < 2 or content[1].tag != _EXPLICIT_0:
        return b""
    return b"".join(_strings(octets, content[1], depth=0))


def _strings(octets: bytes, holder: _Element, *, depth: int) -> Iterator[bytes]:
    """Yield the octet strings in an element: a long one is written in pieces."""
    if depth > DEPTH:
        raise _Malformed
    for child in _children(octets, holder, wanted=ELEMENTS):
        if child.tag == _OCTETS and child.end is not None:
            yield octets[child.start : child.end]
        elif child.tag == _OCTETS | _CONSTRUCTED:
            yield from _strings(octets, child, depth=depth + 1)


def _children(octets: bytes, parent: _Element, *, wanted: int) -> Iterator[_Element]:
    at = parent.start
    for _ in range(wanted):
        if (parent.end is not None and at >= parent.end) or octets[at : at + 2] in (b"\0\0", b""):
            return
        child = _element(octets, at)
        yield child
        if wanted > 1:
            at = _behind(octets, child)


def _behind(octets: bytes, element: _Element) -> int:
    """Return where the next element begins, past open ones without recursion."""
    if element.end is not None:
        return element.end
    at, open_ones = element.start, 1
    for _ in range(ELEMENTS):
        if octets[at : at + 2] == b"\0\0":
            at, open_ones = at + 2, open_ones - 1
            if not open_ones:
                return at
            continue
        inner = _element(octets, at)
        at = inner.start if inner.end is None else inner.end
        open_ones += inner.end is None
    raise _Malformed


def _element(octets: bytes, at: int) -> _Element:
    tag, length = octets[at], octets[at + 1]
    start = at + 2
    if tag & 0x1F == 0x1F:
        raise _Malformed
    if length == 0x80:
        return _Element(tag, start, None)
    if length > 0x80:
        count = length & 0x7F
        if count > 4:
            raise _Malformed
        length = int.from_bytes(octets[start : start + count], "big")
        start += count
    if start + length > len(octets):
        raise _Malformed
    return _Element(tag, start, start + length)
