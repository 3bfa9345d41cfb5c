"""PDF documents that carry XML, at each of the places where makers put it."""

import io

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)
from reportlab.pdfgen.canvas import Canvas


def page(*words):
    paper = io.BytesIO()
    canvas = Canvas(paper)
    for at, line in enumerate(words or ("Rechnung",)):
        canvas.drawString(72, 760 - 20 * at, line)
    canvas.save()
    return paper.getvalue()


def file_in(writer, data, name, **keys):
    """A file specification with its stream."""
    stream = DecodedStreamObject()
    stream.set_data(data)
    stream[NameObject("/Type")] = NameObject("/EmbeddedFile")
    kept = writer._add_object(stream.flate_encode())
    spec = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Filespec"),
            NameObject("/EF"): DictionaryObject({NameObject("/F"): kept}),
        }
    )
    for key, value in ({"F": name, "UF": name} | keys).items():
        if value is not None:
            shown = NameObject(f"/{value}") if key == "AFRelationship" else TextStringObject(value)
            spec[NameObject(f"/{key}")] = shown
    return writer._add_object(spec)


def pdf(data, name="factur-x.xml", place="names", others=(), words=("Rechnung",), **keys):
    """A page that carries the XML at one of the places where makers put it."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(page(*words))))
    spec = file_in(writer, data, name, **keys)
    leaves = [TextStringObject(name or "x"), spec]
    for other, content in others:
        leaves = [TextStringObject(other), file_in(writer, content, other), *leaves]
    root, first = writer._root_object, writer.pages[0]
    if place == "names":
        root[NameObject("/Names")] = DictionaryObject(
            {
                NameObject("/EmbeddedFiles"): DictionaryObject(
                    {NameObject("/Names"): ArrayObject(leaves)}
                )
            }
        )
    elif place == "kids":
        leaf = writer._add_object(DictionaryObject({NameObject("/Names"): ArrayObject(leaves)}))
        node = writer._add_object(DictionaryObject({NameObject("/Kids"): ArrayObject([leaf])}))
        node.get_object()[NameObject("/Kids")].append(node)  # a tree that is its own child
        root[NameObject("/Names")] = DictionaryObject({NameObject("/EmbeddedFiles"): node})
    elif place == "af":
        root[NameObject("/AF")] = ArrayObject([spec])
    elif place == "page af":
        first[NameObject("/AF")] = ArrayObject([spec])
    elif place == "note":
        note = {
            "/Type": NameObject("/Annot"),
            "/Subtype": NameObject("/FileAttachment"),
            "/FS": spec,
        }
        shown = DictionaryObject({NameObject(key): value for key, value in note.items()})
        shown[NameObject("/Rect")] = ArrayObject([NumberObject(one) for one in (0, 0, 9, 9)])
        first[NameObject("/Annots")] = ArrayObject([writer._add_object(shown)])
    paper = io.BytesIO()
    writer.write(paper)
    return paper.getvalue()
