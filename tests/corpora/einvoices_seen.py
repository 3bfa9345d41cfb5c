"""The invoices of seen_cii and seen_ubl and the files of seen_files, read and compared."""

from dataclasses import replace as changed

from orders.documents.einvoice.dialects import looks_like_xml
from orders.documents.einvoice.hybrid import read_hybrid
from orders.documents.einvoice.reading import read_xml
from tests.corpora import seen_files as files
from tests.corpora.figure import Figure
from tests.corpora.seen_cii import FIRST_EDITION, LICENCE, PAPERS
from tests.corpora.seen_papers import (
    CII_HEAD,
    EXTENDED,
    XML,
    Paper,
    cii,
    facts_read,
    ubl,
    zugferd_1,
)
from tests.corpora.seen_ubl import CREDITED, IN_UBL


def texts():
    """Name, what it says, and the whole XML."""
    for paper in PAPERS:
        yield paper.name, paper.facts, XML + cii(paper)
    for paper in FIRST_EDITION:
        yield paper.name, paper.facts, XML + zugferd_1(paper)
    for paper in IN_UBL:
        yield paper.name, paper.facts, XML + ubl(paper)
    for paper in CREDITED:
        yield paper.name, paper.facts, XML + ubl(paper, "CreditNote")


def spelled():
    """The same text in the alphabets and line ends that reach us."""
    paper = PAPERS[0]
    text, facts = XML + cii(changed(paper, head="")), paper.facts
    bare = text.removeprefix(XML)
    yield "with a mark", facts, text.encode("utf-8-sig")
    yield "UTF-16", facts, text.replace("UTF-8", "UTF-16").encode("utf-16")
    yield "UTF-16 that says UTF-8", facts, text.encode("utf-16")
    yield "ISO-8859-15", facts, text.replace("UTF-8", "ISO-8859-15").encode("iso-8859-15")
    yield "no alphabet of this name", facts, text.replace("UTF-8", "UTF-8-BOM").encode()
    yield "lines of Windows", facts, text.replace("><", ">\r\n<").encode()
    yield "no declaration", facts, bare.encode()
    yield "no declaration, a licence", facts, (LICENCE + bare).encode()
    yield "blank line in front", facts, ("\n" + text).encode()
    yield (
        "in an envelope",
        facts,
        (
            f'{XML}<StandardBusinessDocument xmlns="urn:sbd"><StandardBusinessDocumentHeader/>{bare}</StandardBusinessDocument>'
        ).encode(),
    )


def in_files():
    """The same in PDF files."""
    paper = Paper("in a PDF", EXTENDED, root=LICENCE + CII_HEAD)
    xml = (XML + cii(paper)).encode()
    older = (XML + cii(changed(paper, number="ALT-1"))).encode()
    tree = "/Names<</EmbeddedFiles<</Names[(factur-x.xml)6 0 R]>>>>"
    named = {5: files.embedded(xml), 6: files.spec("factur-x.xml")}
    whole = files.basics(tree) | named
    kids = files.basics("/Names<</EmbeddedFiles<</Kids[7 0 R]>>>>") | named
    kids |= {7: b"<</Kids[8 0 R]>>", 8: b"<</Limits[(a)(z)]/Names[(factur-x.xml)6 0 R]>>"}
    shown = {
        5: files.embedded(xml),
        6: files.spec("/F(ATT1)/UF(Rechnung 1.xml)/Desc(Daten)", keys=""),
    }
    first = files.plain(files.basics(tree) | named | {5: files.embedded(older)})
    both = files.basics(f"{tree}/AF[8 0 R]") | {
        5: files.embedded(older, "20240101080000+01'00'"),
        6: files.spec("factur-x.xml"),
        7: files.embedded(xml, "20240202080000+01'00'"),
        8: files.spec("factur-x.xml", 7),
    }
    note = "/Annots[<</Type/Annot/Subtype/FileAttachment/Rect[0 0 9 9]/FS 6 0 R>>]"
    other = {
        7: files.embedded(b"<?xml version='1.0'?><Lieferschein/>"),
        8: files.spec("lieferschein.xml", 7),
    }
    pages = {
        "tree of names": files.plain(whole),
        "kids": files.plain(kids),
        "/AF alone": files.plain(files.basics("/AF[6 0 R]") | named),
        "/AF of the page": files.plain(files.basics("", "/AF[6 0 R]") | named),
        "name in /UF alone": files.plain(whole | {6: files.spec("/UF(factur-x.xml)")}),
        "old name in other letters": files.plain(whole | {6: files.spec("ZUGFERD-Invoice.XML")}),
        "wrong name": files.plain(files.basics("/AF[6 0 R]") | shown),
        "object streams": files.compressed(whole),
        "object streams, /AF alone": files.compressed(files.basics("/AF[6 0 R]") | named),
        "encrypted": files.encrypted(whole),
        "PDF 2.0": files.plain(files.basics(f"{tree}/Version/2.0/AF[6 0 R]") | named, "2.0"),
        "updated": files.updated(first, {5: files.embedded(xml)}),
        "updated beside the tree": files.plain(both),
        "pinned to the page": files.plain(files.basics("", note) | shown),
        "beside another": files.plain(
            files.basics("/Names<</EmbeddedFiles<</Names[(a)8 0 R(factur-x.xml)6 0 R]>>>>")
            | named
            | other
        ),
        "not packed": files.plain(whole | {5: files.embedded(xml, packed=False)}),
        "words before the file": b"HTTP/1.1 200 OK\r\n\r\n" + files.plain(whole),
        "cut at the end": files.plain(whole)[:-60],
    }
    for name, pdf in pages.items():
        yield name, paper.facts, pdf


def read():
    """Name, what it says, what was read."""
    for name, facts, text in texts():
        yield name, facts, read_xml(text.encode())
    for name, facts, data in spelled():
        yield name, facts, read_xml(data) if looks_like_xml(data) else None
    for name, facts, pdf in in_files():
        yield name, facts, read_hybrid(pdf)


def measure():
    wrong, of = [], 0
    for name, facts, document in read():
        of += 1
        got = facts_read(document) if document else ("not found",)
        wrong += [f"{name}: {_differing(facts, got)}"] if got != facts else []
    return (
        Figure(
            "e-invoices as the public examples write them", of - len(wrong), of, 1.0, tuple(wrong)
        ),
    )


def _differing(facts, got):
    pairs = zip(facts, got, strict=False)
    return next((f"{meant} read {seen}" for meant, seen in pairs if meant != seen), str(got))[:200]
