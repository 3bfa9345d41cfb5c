import threading
import zlib
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from hbu.lib import jail
from orders.documents.einvoice.embedded import xml_of
from orders.documents.einvoice.hybrid import read_hybrid
from orders.documents.einvoice.reading import read_xml
from tests.corpora import bill_cii
from tests.corpora.bills import SHAPES
from tests.corpora.hybrids import pdf
from tests.corpora.spellings import encoded
from tests.explosions import no_explosion

REFUSED = "XML with a document type definition is refused."
BODY = bill_cii.written(SHAPES["plain"], "en16931")


@pytest.fixture
def tracker():
    """A server that should never be asked; what it was asked for is kept."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_words):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


def with_dtd(dtd, body=BODY):
    return f'<?xml version="1.0"?><!-- a --><!DOCTYPE x {dtd}>{body}'.encode()


def payloads(url):
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    entity = BODY.replace("RE-2026-0042", "&x;")
    return {
        "external entity": with_dtd(f'[<!ENTITY x SYSTEM "{url}/entity">]', entity),
        "file": with_dtd('[<!ENTITY x SYSTEM "file:///etc/passwd">]', entity),
        "billion laughs": with_dtd(f'[<!ENTITY l0 "ha">{laughs}<!ENTITY x "&l11;">]', entity),
        "quadratic": with_dtd(f'[<!ENTITY x "{"a" * 100_000}">]', entity.replace("&x;", "&x;" * 10_000)),
        "parameter entity": with_dtd(f'[<!ENTITY % p SYSTEM "{url}/parameter"> %p;]'),
        "external DTD": with_dtd(f'SYSTEM "{url}/a.dtd"'),
        "public DTD": with_dtd(f'PUBLIC "-//X//Y" "{url}/b.dtd"'),
        "UTF-16": with_dtd(f'SYSTEM "{url}/c.dtd"').decode().replace("?>", ' encoding="UTF-16"?>', 1).encode("utf-16"),
        "UTF-7": b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x SYSTEM "' + url.encode() + b'/d.dtd">' + BODY.encode(),
    }  # fmt: skip


def test_b12_nothing_with_a_dtd_is_read_and_nobody_is_asked(tracker):
    url, asked = tracker
    with no_explosion():
        for name, data in payloads(url).items():
            read = read_xml(data)
            assert read.error, name
            assert read.number == "", name
            assert name == "UTF-7" or (read.kind, read.error) == ("other", REFUSED), name
    assert asked == []


def test_b12_inside_a_pdf_it_is_refused_as_well(tracker):
    url, asked = tracker
    for data in payloads(url).values():
        assert read_hybrid(pdf(data)).error
    assert asked == []


def test_b12_inclusions_schemas_and_style_sheets_that_it_names_are_not_fetched(tracker):
    url, asked = tracker
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{url}/x"/>'
    hint = f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x {url}/x.xsd"'
    sheet = f'<?xml-stylesheet type="text/xsl" href="{url}/x.xsl"?>'
    xml = sheet + BODY.replace(
        "<rsm:CrossIndustryInvoice ", f"<rsm:CrossIndustryInvoice {hint} "
    ).replace("<ram:SellerTradeParty>", f"<ram:SellerTradeParty>{include}")
    assert read_xml(xml.encode()).number == "RE-2026-0042"
    assert asked == []


def test_b12_depth_width_and_size_are_bounded():
    hostile = {
        "deep": b"<Invoice>" + b"<a>" * 100_000,
        "deep and closed": b"<Invoice>" + b"<ID>" * 100_000 + b"</ID>" * 100_000 + b"</Invoice>",
        "wide": b"<Invoice>" + b"<ID/>" * 900_000 + b"</Invoice>",
        "tags": b"<Invoice>" + b"<ID/>" * 1_400_000 + b"</Invoice>",
        "comments": b"<?xml version='1.0'?>" + b"<!---->" * 900_000 + b"<Invoice/>",
        "large": b"<Invoice>" + b" " * 20_000_001 + b"</Invoice>",
        "long text": encoded(BODY.replace("RE-2026-0042", "9" * 11_000_000)),
    }
    with no_explosion():
        for name, data in hostile.items():
            assert read_xml(data).error, name


def test_b12_attributes_and_names_without_end_cost_no_more_than_their_size():
    attributes = b" ".join(b'a%d="1"' % n for n in range(100_000))
    spaces = b" ".join(b'xmlns:a%d="u%d"' % (n, n) for n in range(50_000))
    with no_explosion():
        for many in (attributes, spaces, attributes.replace(b'"1"', b'"' + b"x" * 50 + b'"')):
            read_xml(b"<Invoice " + many + b"><ID>1</ID></Invoice>")


def test_b12_streams_that_swell_are_cut():
    bomb = zlib.compressobj()
    packed = bomb.compress(b"<Invoice>")
    for _ in range(100):
        packed += bomb.compress(bytes(1_000_000))
    packed += bomb.flush()
    with no_explosion():
        for data in (
            b"%PDF-1.4\nstream\n" + packed + b"\nendstream",
            b"%PDF-1.4\n" + b"stream\n" * 300_000,
            b"%PDF-1.4\n" + b"stream\nendstream\n" * 100_000,
        ):
            found = xml_of(data)
            assert found is None or len(found[1]) <= 20_000_001


def test_b12_in_the_jail_a_bomb_is_an_error_and_the_worker_lives(tracker):
    url, asked = tracker
    answer = jail.call("orders.documents.door:read", payloads(url)["billion laughs"])
    assert answer["document"]["error"] == REFUSED
    answer = jail.call("orders.documents.door:read", BODY.encode())
    assert answer["document"]["number"] == "RE-2026-0042"
    assert asked == []
