from decimal import Decimal

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.urls import reverse

from hbu.lib import blobs
from hbu.lib.admin.showing import address
from orders.data import Check, CheckState, Party, ReadDocument, ReadLine, Source
from orders.models import Document
from orders.services import correcting, filing
from shop.models import Alias, Supplier
from tests.admin import rows
from tests.orders.papers import german_order

HOSTILE = "</pre><script>alert(1)</script>"
BOX = (0.1, 0.2, 0.4, 0.25)


def line(position=1, **fields):
    values = {"sku": "X-9", "name": "Knopf", "quantity": Decimal(10), "unit": "Stk"}
    source = Source("10 × X-9", page=1, box=(0.1, 0.5, 0.9, 0.53), score=0.6)
    return ReadLine(position, **values | {"source": source, "score": 0.6} | fields)


def document(kind="order", data=b"", text="", **fields):
    values = {
        "number": "4711",
        "lines": (line(),),
        "sources": {"number": Source("Nr. 4711", 1, BOX)},
    }
    read = ReadDocument(kind=kind, format="pdf" if data else "text", **values | fields)
    sha256 = blobs.put(settings.BLOBS_DIR, data) if data else ""
    return filing.file([filing.Paper(read, "Bestellung.pdf", sha256, text)])[0]


def ordered(what):
    return rows.order((rows.product("HB-1"), 10), document=what)


def page_of(browser, what):
    page = browser.get(reverse("admin:orders_document_change", args=[what.pk]))
    assert page.status_code == 200
    return page.content.decode()


def post(browser, what, name="correct", **changes):
    # A browser sends what was changed, and how many corrections were shown.
    form = {"seen": what.corrections.count()} | changes
    return browser.post(reverse(f"admin:orders_document_{name}", args=[what.pk]), form)


def told(answer):
    return [str(one) for one in get_messages(answer.wsgi_request)]


def test_the_fields_are_marked_on_the_picture_and_stand_beside_it(office):
    page = page_of(office, document(data=german_order()))
    assert "left:9.70%;top:19.70%;width:30.60%;height:5.60%" in page
    assert 'data-mark="number"' in page
    assert 'class="hb-mark hb-weak" href="#field-lines.0"' in page
    assert 'name="lines.0.sku"' in page
    assert 'value="X-9"' in page


def test_the_page_of_a_pdf_is_a_picture_that_staff_see_and_browsers_keep(office, client):
    what = document(data=german_order())
    address = reverse("admin:orders_document_page", args=[what.pk, 1])
    assert f"{address}?{what.sha256[:16]}" in page_of(office, what)
    picture = office.get(address)
    assert picture["Content-Type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    assert "immutable" in picture["Cache-Control"]
    assert "private" in picture["Cache-Control"]
    assert office.get(reverse("admin:orders_document_page", args=[what.pk, 2])).status_code == 404
    client.logout()
    assert client.get(address).status_code == 302


def test_who_may_not_see_documents_sees_no_picture_of_one(desk):
    what = document(data=german_order())
    for name, arguments in (("page", [what.pk, 1]), ("file", [what.pk])):
        assert desk.get(reverse(f"admin:orders_document_{name}", args=arguments)).status_code == 404


@pytest.mark.parametrize("data", [b"%PDF-1.4 broken", b"PK\x03\x04", b"<x/>"])
def test_what_is_no_picture_is_shown_as_text_with_its_passages_marked(office, data):
    what = document(data=data, text="Bestellung  Nr.\n4711\n10 × X-9 Knopf")
    page = page_of(office, what)
    assert 'data-mark="number" tabindex="-1">Nr.\n4711</a>' in page
    assert 'data-mark="lines.0" tabindex="-1">10 × X-9</a>' in page


def test_b6_a_hostile_text_runs_nothing(office):
    what = document(
        text=f"{HOSTILE} 4711 {HOSTILE}",
        number=HOSTILE,
        buyer=Party(HOSTILE),
        lines=(line(name=HOSTILE, source=Source(HOSTILE)),),
        sources={"number": Source(HOSTILE, path=HOSTILE)},
        checks=(Check(HOSTILE, CheckState.FAILED, HOSTILE, "rules", HOSTILE),),
    )
    assert "<script>alert" not in page_of(office, what)


def test_fields_are_put_right_by_a_post(office, clara):
    what = document()
    answer = post(office, what, number="4712", **{"lines.0.quantity": "12.5", "date": "2026-11-21"})
    assert told(answer) == ["3 fields corrected."]
    what.refresh_from_db()
    assert (what.number, filing.read_of(what).lines[0].quantity) == ("4712", Decimal("12.5"))
    assert {row.by for row in what.corrections.all()} == {clara}
    page = page_of(office, what)
    assert "by hand" in page
    assert "line 1, quantity" in page


def test_nothing_changed_is_said_so(office):
    assert told(post(office, document(), number="4711")) == ["Nothing was changed."]


def test_what_cannot_be_is_shown_again_as_it_was_typed(office):
    what = document()
    answer = post(office, what, number="4712", **{"lines.0.quantity": "-3", "gross": "a lot"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="a lot"' in page
    assert 'value="4712"' in page
    assert "A line has a quantity above zero" in page
    assert not what.corrections.exists()


def test_a_line_is_taken_out_and_another_added(office):
    what = document(lines=(line(1), line(2, sku="X-10")))
    post(
        office, what,
        **{"lines.0.out": "on", "lines.0.quantity": "", "lines.2.sku": "N-1", "lines.2.quantity": "7"},
    )  # fmt: skip
    what.refresh_from_db()
    assert [one.sku for one in filing.read_of(what).lines] == ["X-10", "N-1"]
    answer = post(office, what, **{"lines.2.name": "no quantity"})
    assert "A line has a quantity above zero" in answer.content.decode()


def test_a_product_is_chosen_by_its_number_and_learned(office, clara):
    what, product = document(), rows.product("HB-7")
    ordered(what)
    assert "our number" in page_of(office, what)
    post(office, what, **{"lines.0.product": " hb-7 "})
    alias = Alias.objects.get()
    assert (alias.sku, alias.product, alias.learned_by) == ("X-9", product, clara)
    listed = office.get(reverse("admin:shop_alias_changelist")).content.decode()
    assert "purchase order 4711" in listed
    answer = post(office, what, **{"lines.0.product": "NIX"})
    assert "We have no article with this number." in answer.content.decode()


def test_the_order_is_proposed_again_with_one_click(office):
    what, product = document(), rows.product("HB-7", on_hand=500)
    order = ordered(what)
    address = reverse("admin:orders_order_transition", args=[order.pk, "propose-again"])
    assert address in page_of(office, what)
    post(office, what, **{"lines.0.product": "HB-7"})
    office.post(address)
    assert order.lines.get().product == product


def test_an_unknown_supplier_is_chosen_or_added(office):
    seller = Party("Horn & Söhne", iban="DE02120300000000202051")
    what = document("invoice", seller=seller)
    page = page_of(office, what)
    assert "The supplier is not known" in page
    assert reverse("admin:orders_document_supplier", args=[what.pk]) in page
    answer = post(office, what, "supplier")
    supplier = Supplier.objects.get()
    assert answer.url == reverse("admin:shop_supplier_change", args=[supplier.pk])
    what.refresh_from_db()
    assert (what.supplier, what.concerns) == (supplier, [])
    other = Supplier.objects.create(number="L-2", name="Another")
    post(office, what, supplier=other.pk)
    what.refresh_from_db()
    assert what.supplier == other


def test_without_the_right_everything_is_read_and_nothing_is_changed(desk):
    what = document("invoice", seller=Party("Horn"))
    desk.may("orders.view_document")
    page = page_of(desk, what)
    assert 'fieldset class="hb-plain" disabled' in page
    assert "Save corrections" not in page
    for name in ("correct", "supplier"):
        assert post(desk, what, name).status_code == 403
    desk.may("orders.change_document")
    assert post(desk, what, number="4712").status_code == 302
    assert post(desk, what, "supplier").status_code == 403
    assert desk.get(reverse("admin:orders_document_correct", args=[what.pk])).status_code == 403


def test_who_was_slower_is_told_and_overwrites_nothing(office, ben):
    what = document()
    correcting.correct(what, correcting.Wanted({"number": "by Ben"}), by=ben)
    answer = office.post(
        reverse("admin:orders_document_correct", args=[what.pk]), {"seen": 0, "number": "late"}
    )
    assert told(answer) == ["Somebody corrected the document meanwhile; look at it again."]
    assert Document.objects.get().number == "by Ben"


def test_the_report_shows_three_steps_with_what_is_wrong_first(office):
    right = [Check(f"Rule {n}", CheckState.OK, "", "rules", f"BR-{n:02}") for n in range(20)]
    checks = (
        *right,
        Check("The totals add up", CheckState.FAILED, "1 ≠ 2", "rules", "BR-CO-15"),
        Check("The schema holds", CheckState.OK, "", "format"),
    )
    page = page_of(office, document("invoice", checks=checks))
    for words in ("Format", "Rules", "Content", "BR-CO-15", "1 ≠ 2", "20 checks without"):
        assert words in page
    assert page.index("BR-CO-15", page.index("What was checked")) < page.index("BR-00")


def test_another_account_cannot_be_overlooked(office):
    Supplier.objects.create(number="L-1", name="Horn", iban="DE02120300000000202051")
    what = document("invoice", seller=Party("Horn", iban="DE89370400440532013000"))
    page = page_of(office, what)
    assert "hb-concern-danger" in page
    assert "ask the supplier before you pay" in page
    listed = office.get(reverse("admin:orders_document_changelist") + "?wrong=any")
    assert "The account is not the one we know" in listed.content.decode()


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("wrong=twice", 1),
        ("wrong=unknown", 2),
        ("wrong=nothing", 1),
        ("kind__exact=invoice&state__exact=read", 2),
        ("q=Horn", 2),
    ],
)
def test_the_list_finds_what_is_wrong(office, query, count):
    document(), document("invoice", seller=Party("Horn")), document("invoice", seller=Party("Horn"))
    page = office.get(f"{reverse('admin:orders_document_changelist')}?{query}")
    assert page.context["cl"].result_count == count


def test_an_invoice_is_found_right_or_rejected_and_then_stays_so(office):
    what = document("invoice")
    office.post(
        reverse("admin:orders_document_transition", args=[what.pk, "reject"]), {"reason": "x"}
    )
    what.refresh_from_db()
    assert what.state == "rejected"
    page = page_of(office, what)
    assert "Save corrections" not in page
    assert "/do/check/" not in page


def test_a_document_leads_to_mail_case_order_and_the_other_like_it(office):
    first, second = (document("invoice", seller=Party("Horn")) for _ in range(2))
    order, case, email = ordered(second), rows.case(), rows.mail()
    rows.join(case, email)
    second.filings.create(email=email)
    page = page_of(office, second)
    for one in (order, case, email, first):
        assert address(one) in page
    second.checks = [{"name": "Sum", "state": "ok", "detail": ""}] * 3
    second.save()
    case_page = office.get(reverse("admin:cases_case_change", args=[case.pk])).content.decode()
    assert f"/orders/document/{second.pk}/change/" in case_page
    assert "An invoice with this number came before" in case_page
    assert "3 right" in case_page


def test_a_long_document_shows_its_first_lines_and_says_how_many_follow(office):
    what = document(lines=tuple(line(n) for n in range(1, 251)))
    page = page_of(office, what)
    assert "and 50 more lines" in page
    assert "lines.250.sku" not in page


def test_the_lines_of_an_order_lead_to_where_they_stand(office):
    what = document()
    order = ordered(what)
    page = office.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()
    assert f"/orders/document/{what.pk}/change/#field-lines.0" in page
