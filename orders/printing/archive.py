"""A PDF as one for the archive, PDF/A-3b (ISO 19005-3), with the data of an invoice where it has some.

No validator of the standard runs here: what `faults` looks at are the essentials that our own
writer could get wrong.
"""

import hashlib
import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

from PIL import ImageCms
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DecodedStreamObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

XML_NAME = "factur-x.xml"
_PROGRAM = "Happy Buttons"
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance></rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<pdf:Producer>{program}</pdf:Producer></rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<xmp:CreatorTool>{program}</xmp:CreatorTool><xmp:CreateDate>{moment}</xmp:CreateDate>
<xmp:ModifyDate>{moment}</xmp:ModifyDate></rdf:Description>
{data}</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
_FX = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_PROPERTIES = {
    "DocumentFileName": ("The name of the embedded XML document", XML_NAME),
    "DocumentType": ("The type of the hybrid document in capital letters", "INVOICE"),
    "Version": ("The version of the standard of the embedded XML document", "1.0"),
    "ConformanceLevel": ("The conformance level of the embedded XML document", "EN 16931"),
}
_EXTENSION = """<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{space}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
<rdf:Description rdf:about="" xmlns:fx="{space}">{values}</rdf:Description>
"""
_PROPERTY = """<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name>
<pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category>
<pdfaProperty:description>{what}</pdfaProperty:description></rdf:li>"""


@dataclass(frozen=True, slots=True)
class About:
    """What the file says of itself."""

    title: str
    author: str
    language: str
    at: datetime


def archived(pdf: bytes, about: About, xml: bytes = b"") -> bytes:
    """The PDF with colours, metadata and, if there are some, data as the standard wants them."""
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    writer.pdf_header = "%PDF-1.7"
    root = writer._root_object
    for page in writer.pages:
        page.pop("/Trans", None)
    root[NameObject("/OutputIntents")] = ArrayObject([_output_intent(writer)])
    root[NameObject("/Metadata")] = _metadata(writer, about, with_data=bool(xml))
    root[NameObject("/Lang")] = TextStringObject(about.language)
    if xml:
        _attach(writer, xml, about)
    writer.metadata = None
    writer.add_metadata(_information(about))
    _identify(writer, pdf + xml + about.at.isoformat().encode())
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _information(about: About) -> dict[str, Any]:
    moment = _moment(about.at)
    return {
        "/Title": about.title,
        "/Author": about.author,
        "/Creator": _PROGRAM,
        "/Producer": _PROGRAM,
        "/CreationDate": moment,
        "/ModDate": moment,
    }


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):D:%Y%m%d%H%M%S+00'00'}"


def _identify(writer: PdfWriter, content: bytes) -> None:
    """Both halves of the ID by the content: the same letter gives the same bytes."""
    digest = ByteStringObject(hashlib.sha256(content).digest()[:16])
    writer._ID = ArrayObject([digest, digest])


def _stream(writer: PdfWriter, data: bytes, **keys: Any) -> IndirectObject:
    stream = DecodedStreamObject()
    stream.set_data(data)
    stream.update({NameObject(f"/{key}"): value for key, value in keys.items()})
    return writer._add_object(stream)


def _output_intent(writer: PdfWriter) -> DictionaryObject:
    profile = _stream(writer, srgb(), N=NumberObject(3))
    words = TextStringObject("sRGB IEC61966-2.1")
    return DictionaryObject({
        NameObject("/Type"): NameObject("/OutputIntent"),
        NameObject("/S"): NameObject("/GTS_PDFA1"),
        NameObject("/OutputConditionIdentifier"): words,
        NameObject("/Info"): words,
        NameObject("/DestOutputProfile"): profile,
    })  # fmt: skip


@lru_cache(maxsize=1)
def srgb() -> bytes:
    """The colour profile, with a date that does not change from day to day (ICC.1, 7.2.8)."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return bytes(profile[:24] + struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + profile[36:])


def _metadata(writer: PdfWriter, about: About, *, with_data: bool) -> IndirectObject:
    packet = _XMP.format(
        title=escape(about.title),
        author=escape(about.author),
        program=_PROGRAM,
        moment=f"{about.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S+00:00}",
        data=_extension() if with_data else "",
    )
    return _stream(
        writer, packet.encode(), Type=NameObject("/Metadata"), Subtype=NameObject("/XML")
    )


def _extension() -> str:
    described = (_PROPERTY.format(name=name, what=what) for name, (what, _) in _PROPERTIES.items())
    values = (f"<fx:{name}>{value}</fx:{name}>" for name, (_, value) in _PROPERTIES.items())
    return _EXTENSION.format(space=_FX, properties="".join(described), values="".join(values))


def _attach(writer: PdfWriter, xml: bytes, about: About) -> None:
    facts = DictionaryObject({
        NameObject("/Size"): NumberObject(len(xml)),
        NameObject("/ModDate"): TextStringObject(_moment(about.at)),
    })  # fmt: skip
    file = _stream(
        writer,
        xml,
        Type=NameObject("/EmbeddedFile"),
        Subtype=NameObject("/text/xml"),
        Params=facts,
    )
    name = TextStringObject(XML_NAME)
    spec = writer._add_object(
        DictionaryObject({
            NameObject("/Type"): NameObject("/Filespec"),
            NameObject("/F"): name,
            NameObject("/UF"): name,
            NameObject("/Desc"): TextStringObject("Factur-X"),
            # The XML says all that the pages say (ZUGFeRD 2, technical annex).
            NameObject("/AFRelationship"): NameObject("/Alternative"),
            NameObject("/EF"): DictionaryObject({NameObject("/F"): file, NameObject("/UF"): file}),
        })
    )  # fmt: skip
    leaves = DictionaryObject({NameObject("/Names"): ArrayObject([name, spec])})
    root = writer._root_object
    root[NameObject("/AF")] = ArrayObject([spec])
    root[NameObject("/Names")] = DictionaryObject({NameObject("/EmbeddedFiles"): leaves})


def faults(pdf: bytes) -> list[str]:
    """What keeps the PDF from being one for the archive, as far as we look."""
    return list(_faults(PdfReader(io.BytesIO(pdf))))


def _faults(reader: PdfReader) -> Iterator[str]:
    root: Any = reader.trailer["/Root"]
    packet = root["/Metadata"].get_data() if "/Metadata" in root else b""
    intents = [one.get_object() for one in root.get("/OutputIntents", ())]
    files = [one.get_object() for one in root.get("/AF", ())]
    held = {
        "its version is not 1.7": reader.pdf_header == "%PDF-1.7",
        "it is encrypted": "/Encrypt" not in reader.trailer,
        "it has no ID": len(reader.trailer.get("/ID", ())) == 2,
        "its metadata do not say PDF/A-3": b"<pdfaid:part>3<" in packet,
        "it has no colour profile": any("/DestOutputProfile" in one for one in intents),
        "a file has no relationship": all("/AFRelationship" in one for one in files),
        "it does something by itself": not {"/OpenAction", "/AA", "/AcroForm"} & set(root),
    }
    yield from (fault for fault, fits in held.items() if not fits)
    for number, page in enumerate(reader.pages, start=1):
        yield from (f"page {number}: {fault}" for fault in _faults_of_page(page))


def _faults_of_page(page: Any) -> Iterator[str]:
    resources = page.get("/Resources", {}).get_object()
    for font in resources.get("/Font", {}).get_object().values():
        if not _is_embedded(font.get_object()):
            yield f"font {font.get_object().get('/BaseFont')} is not embedded"
    for state in resources.get("/ExtGState", {}).values():
        if {state.get_object().get(key, 1) for key in ("/ca", "/CA")} != {1}:
            yield "transparency"
    if "/Group" in page or "/Annots" in page:
        yield "group or annotation"


def _is_embedded(font: Any) -> bool:
    descriptor = font.get("/FontDescriptor")
    return descriptor is not None and "/FontFile2" in descriptor.get_object()
