import re
from decimal import Decimal
from pathlib import Path

import pytest

from hbu.journal.models import Event
from hbu.lib.errors import DomainError
from orders import proposing
from orders.data import Check, CheckState, Doubt, Party, ReadDocument, ReadLine, Source
from orders.models import Document, FieldCorrection, Order
from orders.services import correcting, drafting, editing, filing, placing, reproposing
from orders.services.correcting import Wanted
from shop.models import Alias, Customer, Product, Supplier, SupplierName
from tests.orders.books import BERGER

pytestmark = pytest.mark.django_db
NUMBER, NAME = "K-4711", "Baron dunkel, groß"


@pytest.fixture
def berger(company):
    return Customer.objects.get(number=BERGER)


@pytest.fixture
def horn(company):
    return Product.objects.get(sku="HB-1004")


def line(position=1, sku="", name="", quantity=100):
    return ReadLine(position, sku, name, Decimal(quantity), "Stück", source=Source(name or sku))


def ordered(*lines, number="PO-1", doubts=()):
    """An order in our books, read from these lines."""
    document = ReadDocument(kind="order", format="pdf", number=number, lines=lines)
    customer = Customer.objects.get(number=BERGER)
    proposal = drafting.draft([drafting.Request(document, customer, doubts)])[0]
    return placing.place([placing.Entry(proposal, Order.Source.MAIL, "de")])[0]


def invoiced(**fields):
    values = {"number": "RE-1", "seller": Party("Horn & Söhne", iban="DE02120300000000202051")}
    read = ReadDocument(kind="invoice", format="pdf", **(values | fields))
    return filing.file([filing.Paper(read, sha256="a" * 64)])[0]


def proposed(*lines):
    document = ReadDocument(kind="order", format="pdf", number="PO-2", lines=lines)
    customer = Customer.objects.get(number=BERGER)
    return drafting.draft([drafting.Request(document, customer)])[0]


def test_a_correction_is_kept_with_before_after_and_who(db, clara):
    document = invoiced()
    rows = correcting.correct(
        document, Wanted({"gross": Decimal("119.00"), "seller.name": "Horn GmbH"}), by=clara
    )
    assert {(row.field, row.before, row.after, row.by) for row in rows} == {
        ("gross", "", "119.00", clara),
        ("seller.name", "Horn & Söhne", "Horn GmbH", clara),
    }
    fresh = Document.objects.get()
    assert (fresh.gross, fresh.party) == (Decimal("119.00"), "Horn GmbH")
    assert filing.read_of(fresh).sources["gross"].path == "by hand"
    event = Event.objects.about(document).filter(kind="document.corrected").get()
    assert (event.actor, sorted(event.data["fields"])) == (clara, ["gross", "seller.name"])


def test_what_is_not_changed_leaves_no_trace(db, clara):
    document = invoiced()
    assert correcting.correct(document, Wanted({"number": "RE-1", "gross": None}), by=clara) == []
    assert not FieldCorrection.objects.exists()
    assert not Event.objects.filter(kind="document.corrected").exists()


def test_who_looked_at_older_figures_is_told_so(db, clara, ben):
    document = invoiced()
    correcting.correct(document, Wanted({"number": "RE-2"}, seen=0), by=ben)
    with pytest.raises(DomainError) as refused:
        correcting.correct(document, Wanted({"number": "RE-3"}, seen=0), by=clara)
    assert refused.value.code == "document.corrected_meanwhile"
    assert Document.objects.get().number == "RE-2"


def test_a_number_put_right_finds_the_invoice_that_came_before(db, clara):
    seller = Party("Horn & Söhne")
    first, second = filing.file(
        [
            filing.Paper(ReadDocument("invoice", "pdf", number=number, seller=seller))
            for number in ("RE-1", "RE-I")
        ]
    )
    assert second.duplicate_of is None
    correcting.correct(second, Wanted({"number": "RE-1"}), by=clara)
    assert second.duplicate_of == first
    assert [one["code"] for one in second.concerns] == ["duplicate", "unknown_supplier"]
    correcting.correct(second, Wanted({"number": "RE-7"}), by=clara)
    assert (second.duplicate_of, len(second.concerns)) == (None, 1)


def test_a_scan_is_typed_in_by_a_person(db, clara):
    document = invoiced(number="", seller=Party(), error="It may be a scan.")
    typed = {
        "number": "RE-9", "gross": Decimal("11.90"), "lines.0.sku": "RM-1",
        "lines.0.quantity": Decimal(5),
    }  # fmt: skip
    correcting.correct(document, Wanted(typed), by=clara)
    assert (document.number, document.error) == ("RE-9", "")
    assert [one.sku for one in filing.read_of(document).lines] == ["RM-1"]
    assert "unreadable" not in {one["code"] for one in document.concerns}


def test_a_supplier_that_a_person_chose_is_known_by_that_name_from_now_on(db, clara):
    document = invoiced()
    horn = Supplier.objects.create(number="L-1", name="Hornwerk GmbH")
    correcting.correct(document, Wanted(supplier=horn), by=clara)
    assert (document.supplier, document.concerns) == (horn, [])
    learned = SupplierName.objects.get()
    assert (learned.name, learned.learned_by) == ("Horn & Söhne", clara)
    read = ReadDocument("invoice", "pdf", number="RE-2", seller=Party("Horn & Soehne"))
    assert filing.file([filing.Paper(read)])[0].supplier == horn
    learned.delete()
    read = ReadDocument("invoice", "pdf", number="RE-3", seller=Party("Horn & Söhne"))
    assert filing.file([filing.Paper(read)])[0].supplier is None


def test_a_supplier_is_known_as_soon_as_a_person_typed_what_identifies(db, clara):
    horn = Supplier.objects.create(number="L-1", name="Hornwerk GmbH", vat_id="DE999049837")
    document = invoiced(seller=Party(), error="It may be a scan.")
    correcting.correct(document, Wanted({"seller.vat_id": "DE 999049837"}), by=clara)
    assert (document.supplier, document.concerns) == (horn, [])


def test_a_new_supplier_is_made_of_the_invoice(db, clara):
    document = invoiced()
    supplier = correcting.add_supplier(document, by=clara)
    assert (supplier.name, supplier.iban) == ("Horn & Söhne", "DE02 1203 0000 0000 2020 51")
    assert (document.supplier, document.concerns) == (supplier, [])
    with pytest.raises(DomainError):
        correcting.add_supplier(document, by=clara)


def test_a_chosen_product_is_learned_by_the_customers_number(berger, horn, clara):
    document = ordered(line(sku=NUMBER, name="Irgendwas")).document
    correcting.correct(document, Wanted(products={0: horn}), by=clara)
    alias = Alias.objects.get(sku=NUMBER)
    assert (alias.customer, alias.product, alias.name, alias.learned_by) == (
        berger,
        horn,
        "",
        clara,
    )
    assert alias.source == "purchase order PO-1"
    [next_line] = proposed(line(sku="k 4711", name="Irgendwas")).lines
    assert (next_line.match.article.sku, next_line.match.score >= 0.9) == ("HB-1004", True)
    assert next_line.match.reasons[-1].what == "As corrected by a person"
    assert "clara" in next_line.match.reasons[-1].evidence


def test_a_chosen_product_is_learned_by_its_name_where_there_is_no_number(berger, horn, clara):
    document = ordered(line(name=NAME)).document
    before = proposed(line(name=NAME)).lines[0].match
    assert before.score < 0.9
    correcting.correct(document, Wanted(products={0: horn}), by=clara)
    after = proposed(line(name=f"  {NAME.upper()}")).lines[0].match
    assert (after.article.sku, after.score >= 0.9) == ("HB-1004", True)
    assert "As corrected by a person" in [one.what for one in after.reasons]


def test_a_wrong_lesson_is_unlearned_by_deleting_it(berger, horn, clara):
    document = ordered(line(sku=NUMBER)).document
    correcting.correct(document, Wanted(products={0: horn}), by=clara)
    Alias.objects.get(sku=NUMBER).delete()
    assert proposed(line(sku=NUMBER)).lines[0].match.score < 0.9


def test_the_second_lesson_takes_the_place_of_the_first(berger, horn, clara):
    document = ordered(line(sku=NUMBER)).document
    other = Product.objects.get(sku="HB-1005")
    correcting.correct(document, Wanted(products={0: horn}), by=clara)
    document.fields["lines"][0]["sku"] = "k-4711"
    document.save()
    correcting.correct(document, Wanted(products={0: other}), by=clara)
    assert Alias.objects.filter(customer=berger, learned_by=clara).get().product == other


def test_a_product_belongs_to_its_line_although_another_is_taken_out(berger, horn, clara):
    lines = (line(sku="OUT-1"), line(2, sku="K-47I1"), line(3, sku="STAYS-1"))
    document = ordered(*lines).document
    changes = {"lines.0": None, "lines.1.sku": NUMBER}
    correcting.correct(document, Wanted(changes, {1: horn, 0: horn}), by=clara)
    assert Alias.objects.get(learned_by=clara).sku == NUMBER
    assert [one.sku for one in filing.read_of(document).lines] == [NUMBER, "STAYS-1"]


def test_our_own_number_teaches_nothing(berger, horn, clara):
    document = ordered(line(sku="hb 1004")).document
    assert correcting.correct(document, Wanted(products={0: horn}), by=clara) == []


def test_a_lesson_belongs_to_a_customer(company, horn, clara):
    order = ordered(line(sku=NUMBER))
    Order.objects.filter(pk=order.pk).update(customer=None)
    with pytest.raises(DomainError) as refused:
        correcting.correct(order.document, Wanted(products={0: horn}), by=clara)
    assert refused.value.code == "document.no_customer"
    assert not FieldCorrection.objects.exists()


def test_a_product_chosen_on_the_order_is_learned_as_well(berger, horn, clara):
    order = ordered(line(sku=NUMBER), line(2, sku="HB-1001"))
    first, second = order.lines.all()
    wanted = {
        first.pk: editing.NewLine(horn, Decimal(50)),
        second.pk: editing.NewLine(second.product, Decimal(50)),
    }
    editing.edit(order, editing.Edit(customer=berger, lines=wanted), by=clara)
    learned = Alias.objects.get(learned_by=clara)
    assert (learned.sku, learned.product, learned.source) == (NUMBER, horn, order.number)


def test_an_order_is_proposed_again_with_what_was_learned(berger, horn, clara):
    came = Doubt("several_orders", "The mail brings more than one order")
    order = ordered(
        line(sku=NUMBER, quantity=77), line(2, sku="HB-1001", quantity=200), doubts=(came,)
    )
    assert {"unknown_article", "several_orders"} <= {one["code"] for one in order.doubts}
    changes = {"lines.0.quantity": Decimal(100), "number": "PO-1A"}
    correcting.correct(order.document, Wanted(changes, {0: horn}), by=clara)
    reproposing.propose_again(order, by=clara)
    order = Order.objects.get(pk=order.pk)
    first, second = order.lines.all()
    assert (first.product, first.quantity, first.position) == (horn, Decimal(100), 1)
    assert (order.reference, order.customer) == ("PO-1A", berger)
    assert order.net == first.total + second.total > 0
    assert [one["code"] for one in order.doubts] == ["several_orders"]
    assert Event.objects.about(order).filter(kind="order.proposed_again").exists()


def test_an_order_is_no_duplicate_of_itself(berger, clara):
    order = ordered(line(sku="HB-1001", quantity=200))
    reproposing.propose_again(order, by=clara)
    assert order.doubts == []
    placing.confirm([order], by=clara)
    with pytest.raises(DomainError):
        reproposing.propose_again(order, by=clara)


def test_what_a_proposal_looks_for_is_all_it_forgets():
    text = Path(proposing.__file__).read_text(encoding="utf-8")
    assert set(re.findall(r'Doubt\(\s*"(\w+)"', text)) == proposing.DOUBTS


@pytest.mark.parametrize(
    "act",
    [
        lambda document, by: correcting.check(document, by=by),
        lambda document, by: correcting.reject(document, reason="no", by=by),
    ],
)
def test_a_document_is_decided_on_once(db, clara, ben, act):
    document = invoiced()
    correcting.check(document, by=ben)
    assert document.state == "checked"
    with pytest.raises(DomainError):
        act(document, clara)


def test_what_was_rejected_is_not_corrected(db, clara):
    document = invoiced()
    with pytest.raises(DomainError):
        correcting.reject(document, reason=" ", by=clara)
    correcting.reject(document, reason="Not for us", by=clara)
    with pytest.raises(DomainError):
        correcting.correct(document, Wanted({"number": "x"}), by=clara)


def test_rows_of_long_ago_are_shown_and_can_be_corrected(db, clara):
    document = Document.objects.create(kind="order", format="text", number="4711", fields={"a": 1})
    assert filing.read_of(document).number == "4711"
    correcting.correct(document, Wanted({"number": "4712"}), by=clara)
    assert document.number == "4712"


def test_a_failed_check_that_a_person_mended_is_no_concern_any_more(db, clara):
    lines = (ReadLine(1, "A", "", Decimal(2), price=Decimal(5), total=Decimal(11)),)
    checks = (Check("Quantity times price is the line total", CheckState.FAILED, "1"),)
    document = invoiced(lines=lines, checks=checks)
    assert "check_failed" in {one["code"] for one in document.concerns}
    correcting.correct(document, Wanted({"lines.0.total": Decimal(10)}), by=clara)
    assert "check_failed" not in {one["code"] for one in document.concerns}
