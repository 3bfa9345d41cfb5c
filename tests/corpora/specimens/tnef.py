"""Writing `winmail.dat` as Outlook does (MS-OXTNEF), for mails to be read again."""

import struct

IMESSAGE = bytes.fromhex("0703020000000000c000000000000046")
# The example of MS-OXRTFCP, 4.1.1: {\rtf1\ansi\ansicpg1252\pard hello world}
HELLO_WORLD = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
)


def stream(*attributes: bytes, code_page: int = 1252) -> bytes:
    version = attribute(1, 0x9006, struct.pack("<I", 0x10000))
    page = attribute(1, 0x9007, struct.pack("<II", code_page, 0))
    return struct.pack("<IH", 0x223E9F78, 1) + version + page + b"".join(attributes)


def attribute(level: int, number: int, data: bytes) -> bytes:
    return (
        struct.pack("<BHHI", level, number, 6, len(data))
        + data
        + struct.pack("<H", sum(data) & 0xFFFF)
    )


def file(title: bytes, data: bytes, *properties: bytes) -> bytes:
    more = attribute(2, 0x9005, property_list(*properties)) if properties else b""
    content = attribute(2, 0x800F, data) if data else b""
    return attribute(2, 0x9002, bytes(14)) + attribute(2, 0x8010, title + b"\0") + content + more


def property_list(*properties: bytes) -> bytes:
    return struct.pack("<I", len(properties)) + b"".join(properties)


def message(*properties: bytes) -> bytes:
    return attribute(1, 0x9003, property_list(*properties))


def number(tag: int, value: int) -> bytes:
    return struct.pack("<HHI", 0x03, tag, value)


def variable(tag: int, data: bytes, kind: int = 0x102) -> bytes:
    return struct.pack("<HHII", kind, tag, 1, len(data)) + data + bytes(-len(data) % 4)


def text(tag: int, words: str) -> bytes:
    return variable(tag, words.encode("utf-16-le") + b"\0\0", kind=0x1F)


def named(data: bytes) -> bytes:
    """A property under a name of its own, which a reader has to pass over."""
    words = "Keywords".encode("utf-16-le") + b"\0\0"
    name = bytes(16) + struct.pack("<II", 1, len(words)) + words + bytes(-len(words) % 4)
    return (
        struct.pack("<HH", 0x1E, 0x8001)
        + name
        + struct.pack("<II", 1, len(data))
        + data
        + bytes(-len(data) % 4)
    )
