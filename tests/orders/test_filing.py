import threading
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from hbu.journal.models import Event
from orders.data import Check, CheckState, Party, ReadDocument
from orders.models import Document
from orders.services import correcting, filing
from orders.services.filing import Paper
from shop.models import Supplier

pytestmark = pytest.mark.django_db
IBAN = "DE02 1203 0000 0000 2020 51"
HORN = Party("Hornwerk Oberpfalz GmbH", vat_id="DE999049837", iban=IBAN)
FRAUD = replace(HORN, iban="DE89 3704 0044 0532 0130 00")


@pytest.fixture
def hornwerk():
    return Supplier.objects.create(
        number="L-1", name=HORN.name, vat_id=HORN.vat_id, iban=IBAN, domains=["hornwerk.example"]
    )


def invoice(number="RE-1", seller=HORN, **fields):
    values = {"date": date(2026, 11, 16), "net": Decimal(100), "gross": Decimal("119.00")}
    return ReadDocument(
        kind="invoice", format="pdf", number=number, seller=seller, **values | fields
    )


def paper(document=None, sha256="", **fields):
    return Paper(document or invoice(), filename="RE.pdf", sha256=sha256, **fields)


def codes(document):
    return [one["code"] for one in document.concerns]


def test_an_invoice_is_filed_with_what_lists_show(hornwerk):
    [row] = filing.file([paper(sha256="a" * 64)])
    row.refresh_from_db()
    assert (row.kind, row.number, row.date, row.party) == (
        "invoice", "RE-1", date(2026, 11, 16), HORN.name,
    )  # fmt: skip
    assert (row.gross, row.currency, row.supplier, row.concerns) == (
        Decimal("119.00"), "EUR", hornwerk, [],
    )  # fmt: skip
    assert filing.read_of(row) == invoice()
    assert Event.objects.about(row).get().kind == "document.filed"


def test_the_report_is_kept_with_the_document(hornwerk):
    checks = (
        Check("Schema", CheckState.OK, "", "format"),
        Check("Sums", CheckState.FAILED, "1 ≠ 2", "rules", "BR-CO-15"),
        Check("Schematron", CheckState.NOT_CHECKED, "", "rules"),
    )
    [row] = filing.file([paper(invoice(checks=checks))])
    row.refresh_from_db()
    assert [(one["part"], one["rule"], one["state"]) for one in row.checks] == [
        ("format", "", "ok"), ("rules", "BR-CO-15", "failed"), ("rules", "", "not checked"),
    ]  # fmt: skip
    assert codes(row) == ["rules"]


def test_a_supplier_nobody_knows_is_flagged(db):
    [row] = filing.file([paper()])
    assert (row.supplier, codes(row)) == (None, ["unknown_supplier"])


def test_who_sent_it_identifies_where_the_paper_does_not(hornwerk):
    [row] = filing.file([paper(invoice(seller=Party()), sender="a@hornwerk.example")])
    assert row.supplier_id == hornwerk.pk


def test_another_account_is_flagged_although_everything_else_fits(hornwerk):
    [row] = filing.file([paper(invoice(seller=FRAUD), sender="a@hornwerk.example")])
    assert codes(row) == ["other_iban"]


def test_an_invoice_that_came_before_is_flagged(hornwerk):
    [first] = filing.file([paper(sha256="a" * 64)])
    [second] = filing.file([paper(sha256="b" * 64)])
    assert (second.duplicate_of, codes(second)) == (first, ["duplicate"])
    first.refresh_from_db()
    assert (first.duplicate_of, first.concerns) == (None, [])


def test_two_that_come_at_the_same_moment_are_compared_as_well(hornwerk):
    first, second = filing.file(
        [paper(sha256="a" * 64, letter=1), paper(sha256="b" * 64, letter=2)]
    )
    assert (second.duplicate_of, codes(second)) == (first, ["duplicate"])


@pytest.mark.parametrize("again", [HORN, Party(HORN.name), Party("Horn", vat_id=HORN.vat_id)])
def test_an_invoice_came_before_also_if_nobody_knew_its_supplier_then(again):
    [first] = filing.file([paper(sha256="a" * 64)])
    Supplier.objects.create(number="L-1", name=HORN.name, vat_id=HORN.vat_id)
    [second] = filing.file([paper(invoice(seller=again), sha256="b" * 64)])
    assert (first.supplier, second.supplier.number) == (None, "L-1")
    assert second.duplicate_of == first


def test_the_same_number_of_another_issuer_is_no_duplicate(hornwerk):
    other = Party("Knopfmanufaktur", vat_id="DE136695976")
    rows = filing.file([paper(sha256="a" * 64), paper(invoice(seller=other), sha256="b" * 64)])
    nameless = [paper(invoice(seller=Party()), sha256=letter * 64) for letter in "cd"]
    assert [row.duplicate_of for row in (*rows, *filing.file(nameless))] == [None] * 4


@pytest.mark.django_db(transaction=True)
def test_two_workers_who_hold_the_same_file_make_one_document_of_it(hornwerk):
    start, rows = threading.Barrier(2), []

    def work():
        start.wait()
        rows.extend(filing.file([paper(sha256="a" * 64)]))
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [row.pk for row in rows] == [Document.objects.get().pk] * 2


def test_the_same_invoice_in_two_shapes_of_one_mail_is_no_duplicate(hornwerk):
    first, second = filing.file(
        [paper(sha256="a" * 64, letter=1), paper(sha256="b" * 64, letter=1)]
    )
    assert (second.duplicate_of, second.concerns) == (first, [])


@pytest.mark.parametrize(
    "other",
    [
        invoice("RE-2"),
        invoice(seller=Party("Kartonagen KG", vat_id="DE1")),
        replace(invoice(), kind="order"),
    ],
)
def test_another_number_supplier_or_kind_is_another_document(hornwerk, other):
    filing.file([paper(sha256="a" * 64)])
    [row] = filing.file([paper(other, sha256="b" * 64)])
    assert row.duplicate_of is None


def test_two_unknown_papers_without_a_name_are_not_taken_for_one(db):
    nameless = invoice(seller=Party())
    rows = filing.file([paper(nameless), paper(nameless)])
    assert [row.duplicate_of for row in rows] == [None, None]


def test_what_was_rejected_may_come_again(hornwerk, clara):
    [first] = filing.file([paper(sha256="a" * 64)])
    correcting.reject(first, reason="Wrong address", by=clara)
    [second] = filing.file([paper(sha256="b" * 64)])
    assert second.concerns == []


def test_the_same_file_is_one_document_and_says_that_it_came_again(hornwerk):
    [first] = filing.file([paper(sha256="a" * 64)])
    for _ in range(2):
        [again] = filing.file([paper(sha256="a" * 64, sender="a@hornwerk.example")])
    assert again == first
    assert Document.objects.get().concerns == [
        {
            "code": "sent_again",
            "what": "The same file was sent again",
            "evidence": "a@hornwerk.example",
            "position": 0,
        }
    ]


def test_the_same_file_twice_in_one_chunk_is_one_document(hornwerk):
    first, second = filing.file([paper(sha256="a" * 64), paper(sha256="a" * 64)])
    assert first is second
    assert first.concerns == []


def test_mails_that_say_the_same_are_documents_of_their_own(db):
    order = ReadDocument(kind="order", format="text", number="4711")
    rows = filing.file([Paper(order, text="500 HB-1001"), Paper(order, text="500 HB-1001")])
    assert len({row.pk for row in rows}) == 2


@pytest.mark.parametrize("amount", ["1e30", "NaN", "Infinity", "-1e12"])
def test_a_figure_beyond_all_money_breaks_no_column(db, amount):
    document = replace(invoice(), gross=Decimal(amount), number="9" * 500, currency="EUROS")
    [row] = filing.file([Paper(document, filename="x" * 999, text="a\0b" * 200_000)])
    row.refresh_from_db()
    assert (row.gross, len(row.number), row.currency) == (None, 80, "EUR")


def test_more_documents_need_no_more_questions_to_the_database(
    hornwerk, django_assert_max_num_queries
):
    def some(numbers):
        return [paper(invoice(f"RE-{n}"), sha256=f"{n:064}", letter=n) for n in numbers]

    filing.file(some([1, 2]))
    with django_assert_max_num_queries(10) as few:
        filing.file(some([1, 3]))
    with django_assert_max_num_queries(len(few.captured_queries)):
        filing.file(some([2, *range(4, 24)]))
