"""PDF files that carry XML, byte for byte as various makers lay them out: objects, trees, updates."""

import hashlib
import zlib

PAGE = b"BT /F1 12 Tf 72 720 Td (RE-2024-001 119.00) Tj ET"


def stream(data, keys="", *, packed=True):
    body = zlib.compress(data) if packed else data
    filtered = "/Filter/FlateDecode" if packed else ""
    return f"<<{keys}{filtered}/Length {len(body)}>>stream\n".encode() + body + b"\nendstream"


def embedded(xml, changed="", *, packed=True):
    params = f"/Params<</ModDate(D:{changed})/Size {len(xml)}>>" if changed else ""
    return stream(xml, f"/Type/EmbeddedFile/Subtype/text#2Fxml{params}", packed=packed)


def spec(name, file=5, keys="/AFRelationship/Alternative"):
    names = f"/F({name})/UF({name})" if not name.startswith("/") else name
    return f"<</Type/Filespec{names}/EF<</F {file} 0 R/UF {file} 0 R>>{keys}>>".encode()


def basics(catalog, page=""):
    """Catalog, pages, a page and what it shows: objects 1 to 4."""
    return {
        1: f"<</Type/Catalog/Pages 2 0 R{catalog}>>".encode(),
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1"
        f"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>{page}>>".encode(),
        4: stream(PAGE, packed=False),
    }


def plain(objects, version="1.7", trailer=""):
    """With a table of cross-references."""
    return _appended(f"%PDF-{version}\n%\xe2\xe3\xcf\xd3\n".encode("latin-1"), objects, trailer)


def updated(pdf, objects):
    """An incremental update: changed objects and a table of their own behind the file."""
    before = int(pdf.rsplit(b"startxref\n", 1)[1].split()[0])
    return _appended(pdf, objects, f"/Prev {before}")


def _appended(pdf, objects, trailer):
    places, out = {}, bytearray(pdf)
    for number, body in objects.items():
        places[number] = len(out)
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, at in places.items():
        out += f"{number} 1\n{at:010d} 00000 n \n".encode()
    out += f"trailer\n<</Size 20/Root 1 0 R{trailer}>>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(out)


def compressed(objects):
    """With its dictionaries in an object stream and a stream of cross-references (PDF 1.5)."""
    inside = {number: body for number, body in objects.items() if b"endstream" not in body}
    out, places = bytearray(b"%PDF-1.5\n"), {}
    bodies, heads, at = bytearray(), [], 0
    for number, body in inside.items():
        heads.append(f"{number} {at}")
        bodies += body + b" "
        at = len(bodies)
    head = (" ".join(heads) + " ").encode()
    keys = f"/Type/ObjStm/N {len(inside)}/First {len(head)}"
    outside = {n: body for n, body in objects.items() if n not in inside}
    outside[18] = stream(head + bytes(bodies), keys)
    for number, body in outside.items():
        places[number] = len(out)
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    order, rows = list(inside), bytearray()
    places[19] = len(out)
    for number in range(20):
        if number in inside:
            rows += bytes([2]) + (18).to_bytes(3) + bytes([order.index(number)])
        else:
            rows += bytes([number in places]) + places.get(number, 0).to_bytes(3) + b"\0"
    keys = "/Type/XRef/Size 20/W[1 3 1]/Root 1 0 R"
    out += b"19 0 obj\n" + stream(bytes(rows), keys) + b"\nendobj\n"
    return bytes(out) + f"startxref\n{places[19]}\n%%EOF\n".encode()


_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def encrypted(objects):
    """For everybody to read, not to change: RC4 of 40 bits with an empty user password."""
    identity, owner, rights = b"0123456789abcdef", _PADDING, -44
    seed = _PADDING + owner + rights.to_bytes(4, "little", signed=True) + identity
    key = hashlib.md5(seed, usedforsecurity=False).digest()[:5]
    user = _rc4(key, _PADDING)
    locked = {number: _locked(number, body, key) for number, body in objects.items()}
    rules = f"<</Filter/Standard/V 1/R 2/O<{owner.hex()}>/U<{user.hex()}>/P {rights}>>"
    locked[17] = rules.encode()
    return plain(locked, "1.4", f"/Encrypt 17 0 R/ID[<{identity.hex()}><{identity.hex()}>]")


def _locked(number, body, key):
    """Streams; what stands in brackets is written in hexadecimals after it was locked."""
    salt = key + number.to_bytes(3, "little") + b"\0\0"
    own = hashlib.md5(salt, usedforsecurity=False).digest()[:10]
    head, mark, data = body.partition(b"stream\n")
    parts = head.split(b"(")
    for at, part in enumerate(parts[1:], 1):
        words, _, rest = part.partition(b")")
        parts[at] = b"<" + _rc4(own, words).hex().encode() + b">" + rest
    head = b"".join(parts)
    if not mark:
        return head
    return head + mark + _rc4(own, data.removesuffix(b"\nendstream")) + b"\nendstream"


def _rc4(key, data):
    box, j = list(range(256)), 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)
