"""Letters as PDF, without a database: pages, sums carried over, letters of many alphabets."""

import datetime
import io
from decimal import Decimal

import pytest
from pypdf import PdfReader

from orders.printing import archive, fonts, naming, rendering, wording
from orders.printing.letter import Column, Letter, Row, Sender, Sum, Table
from orders.printing.proof import text_of

SENDER = Sender("Knopf GmbH", "Knopf GmbH · Weg 1 · 50667 Köln", (("Knopf GmbH",),) * 4)
AT = datetime.datetime(2026, 11, 21, tzinfo=datetime.UTC)


def letter(count, name="Perlmuttknopf", **fields):
    columns = (Column("Pos.", 10), Column("Bezeichnung", 0), Column("Betrag", 25, right=True))
    rows = tuple(Row((str(at), name, "10,00"), Decimal(10)) for at in range(1, count + 1))
    return Letter(
        sender=SENDER,
        language="de",
        title="Rechnung",
        number="RE-1",
        day=AT.date(),
        address=("Modehaus", "München"),
        table=Table(columns, rows, "Übertrag"),
        sums=(Sum("Gesamtbetrag", wording.money(Decimal(10 * count), "de", "EUR"), strong=True),),
        page="Seite {page} von {pages}",
        **fields,
    )


def archived(pdf, xml=b""):
    return archive.archived(pdf, archive.About("Rechnung", "Knopf GmbH", "de", AT), xml)


def pages(pdf):
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.parametrize("count", [1, 12, 60, 200])
def test_the_sum_is_carried_over_from_page_to_page(count):
    shown = pages(rendering.pdf(letter(count)))
    for number, page in enumerate(shown, start=1):
        assert f"Seite {number} von {len(shown)}" in page
    lines = "\n".join(shown).split("\n")
    assert lines.count("Perlmuttknopf") == count
    carried = [lines[at + 1].strip() for at, line in enumerate(lines) if line.strip() == "Übertrag"]
    assert len(carried) == 2 * (sum("Perlmuttknopf" in page for page in shown) - 1)
    assert carried[::2] == carried[1::2]  # what leaves a page arrives on the next
    assert all(Decimal(one.replace(".", "").replace(",", ".")) % 10 == 0 for one in carried)


def test_a_table_repeats_its_head_on_each_page():
    shown = [page for page in pages(rendering.pdf(letter(60))) if "Perlmuttknopf" in page]
    assert len(shown) > 1
    assert all("Bezeichnung" in page for page in shown)


def test_letters_of_many_alphabets_are_shown_and_read_back():
    name = "Łódź Őrség Şişli Größe Ünit Čapek Ελλάδα Жук „–“ € ½"
    assert name in text_of(rendering.pdf(letter(1, name)))


def test_what_the_font_has_not_is_replaced_by_what_it_has():
    assert fonts.shown("A\u2011B\u00adC ſ 漢 😀\x07") == "A-BC s ? ?"


def test_an_archive_pdf_has_what_we_look_for_and_a_plain_one_has_not():
    plain = rendering.pdf(letter(3))
    assert archive.faults(archived(plain)) == []
    assert archive.faults(archived(plain, b"<a/>")) == []
    assert set(archive.faults(plain)) == {
        "its metadata do not say PDF/A-3", "it has no colour profile",
    }  # fmt: skip


def test_faults_are_found_in_what_others_print():
    from tests.corpora.hybrids import page

    found = archive.faults(archived(page("Rechnung")))
    assert found == ["page 1: font /Helvetica is not embedded"]


def test_metadata_say_twice_the_same():
    reader = PdfReader(io.BytesIO(archived(rendering.pdf(letter(1)), b"<a/>")))
    packet = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert reader.metadata["/Title"] == "Rechnung"
    assert '<rdf:li xml:lang="x-default">Rechnung</rdf:li>' in packet
    assert reader.metadata["/CreationDate"] == "D:20261121000000+00'00'"
    assert "<xmp:CreateDate>2026-11-21T00:00:00+00:00</xmp:CreateDate>" in packet
    assert "<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>" in packet
    assert reader.attachments["factur-x.xml"] == [b"<a/>"]


def test_the_same_letter_gives_the_same_bytes():
    one = archived(rendering.pdf(letter(60)), b"<a/>")
    assert archived(rendering.pdf(letter(60)), b"<a/>") == one


def test_a_long_address_stays_in_its_window():
    address = (
        "Société Anonyme " * 6,
        "Abteilung " * 8,
        "Straße " * 14,
        "75017 Paris",
        "FRANKREICH",
    )
    filled = rendering.pdf(letter(1, facts=(("E-Mail", "x" * 80),)))
    assert filled
    from dataclasses import replace

    assert "FRANKREICH" in text_of(rendering.pdf(replace(letter(1), address=address)))


@pytest.mark.parametrize(
    ("kind", "language", "name"),
    [
        ("confirmation", "de", "Auftragsbestaetigung-B-2026-000001.pdf"),
        ("invoice", "en", "Invoice-B-2026-000001.pdf"),
        ("cancellation", "de", "Stornorechnung-B-2026-000001.pdf"),
    ],
)
def test_files_are_called_by_what_they_are(kind, language, name):
    assert naming.filename(kind, "B-2026-000001", language) == name


def test_a_number_never_becomes_a_path():
    assert naming.filename("invoice", "../../etc/Ä b", "en") == "Invoice-..-..-etc-b.pdf"


def test_days_amounts_and_countries_are_written_as_the_reader_writes_them():
    day = datetime.date(2026, 3, 5)
    assert (wording.day(day, "de"), wording.day(day, "en")) == ("05.03.2026", "5 Mar 2026")
    assert wording.money(Decimal("1234.5"), "de", "EUR") == "1.234,50\u00a0€"
    assert wording.money(Decimal("1234.5"), "en", "CHF") == "1,234.50\u00a0CHF"
    assert wording.price(Decimal("0.4200"), "de", 2) == "0,42"
    assert wording.price(Decimal("0.4275"), "en") == "0.4275"
    assert wording.places([Decimal("0.4200"), Decimal(3)]) == 2
    assert wording.places([Decimal("0.4200"), Decimal("0.4275")]) == 4
    assert wording.country("FR", "de") == "FRANKREICH"
    assert wording.iban("DE89370400440532013000") == "DE89 3704 0044 0532 0130 00"
