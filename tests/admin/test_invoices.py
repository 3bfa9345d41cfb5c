import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from orders.models import Invoice, Printout, Return
from orders.services import invoicing, returning
from orders.services.composing import making
from orders.services.returning import Back
from tests.orders.billed import invoiced, lines_of, paper_of, printed, shipped
from tests.orders.books import AURORA

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client, clara):
    client.force_login(clara)
    return client


def page(row, step=""):
    name = row._meta.model_name
    if step:
        return reverse(f"admin:orders_{name}_transition", args=[row.pk, step])
    return reverse(f"admin:orders_{name}_change", args=[row.pk])


def listed(name):
    return reverse(f"admin:orders_{name}_changelist")


def test_the_list_says_how_each_invoice_stands(company, staff):
    invoice = invoiced((AURORA, 200))
    printed(paper_of(invoice))
    shown = staff.get(listed("invoice")).content.decode()
    assert invoice.number in shown
    assert invoice.order.number in shown
    assert "checked" in shown


@pytest.mark.parametrize("count", [1, 4])
def test_the_list_asks_as_often_for_many_as_for_one(company, staff, count, django_assert_max_num_queries):  # fmt: skip
    for _ in range(count):
        invoiced((AURORA, 200))
    with django_assert_max_num_queries(25):
        assert staff.get(listed("invoice")).status_code == 200


def test_the_page_shows_lines_files_and_checks(company, staff):
    invoice = invoiced((AURORA, 200))
    made = printed(paper_of(invoice))
    shown = staff.get(page(invoice)).content.decode()
    assert "Perlmuttknopf Aurora" in shown
    assert reverse("admin:orders_printout_download", args=[made.pk]) in shown
    assert "The data say what the invoice says" in shown


def test_an_invoice_is_cancelled_from_its_page(company, staff):
    invoice = invoiced((AURORA, 200))
    answer = staff.post(page(invoice, "cancel"), {"reason": "wrong address"})
    assert answer.status_code == 302
    correction = Invoice.objects.get(kind="cancellation")
    assert (correction.refers_to, correction.issued_by.username) == (invoice, "clara")
    shown = staff.get(page(invoice)).content.decode()
    assert "This invoice is cancelled." in shown
    assert page(invoice, "cancel") not in shown


def test_a_part_of_the_price_is_credited_from_its_page(company, staff):
    invoice = invoiced((AURORA, 200))
    line = invoice.lines.get()
    asked = staff.get(page(invoice, "credit")).content.decode()
    assert f"amount_{line.pk}" in asked
    assert f"pieces_{line.pk}" not in asked
    staff.post(page(invoice, "credit"), {f"amount_{line.pk}": "1.50", "reason": "scratched"})
    note = Invoice.objects.get(kind="credit_note")
    assert (str(note.net), note.reason) == ("1.50", "scratched")


def test_either_pieces_or_an_amount_is_credited(company, staff):
    order = shipped((AURORA, 200))
    invoice = invoicing.issue(order)
    returning.take_back(order, {lines_of(order)[0].pk: Back(10, restock=True)}, reason="x")
    line = invoice.lines.get()
    said = {f"amount_{line.pk}": "1.50", f"pieces_{line.pk}": "10", "reason": "x"}
    answer = staff.post(page(invoice, "credit"), said)
    assert "either pieces or an amount" in answer.content.decode()
    assert not Invoice.objects.filter(kind="credit_note").exists()


def test_what_came_back_is_credited_from_its_page(company, staff):
    order = shipped((AURORA, 200))
    invoice = invoicing.issue(order)
    returning.take_back(order, {lines_of(order)[0].pk: Back(10, restock=True)}, reason="x")
    goods = Return.objects.get()
    assert staff.post(page(goods, "credit")).status_code == 302
    assert Invoice.objects.get(kind="credit_note").refers_to == invoice
    assert page(goods, "credit") not in staff.get(page(goods)).content.decode()


def test_who_may_look_may_not_correct(company, client, ben):
    invoice = invoiced((AURORA, 200))
    ben.user_permissions.add(Permission.objects.get(codename="view_invoice"))
    client.force_login(ben)
    assert client.get(page(invoice)).status_code == 200
    for step in ("cancel", "credit"):
        assert client.post(page(invoice, step), {"reason": "x"}).status_code == 403
    assert Invoice.objects.count() == 1


def test_a_printout_is_shown_and_downloaded_by_who_may_see_it(company, staff, client, mallory):
    made = printed(paper_of(invoiced((AURORA, 200))))
    assert staff.get(page(made)).status_code == 200
    file = reverse("admin:orders_printout_download", args=[made.pk])
    answer = staff.get(file)
    assert answer.content.startswith(b"%PDF-")
    assert made.filename in answer["Content-Disposition"]
    picture = staff.get(reverse("admin:orders_printout_page", args=[made.pk, 1]))
    assert picture["Content-Type"].startswith("image/")
    client.force_login(mallory)
    assert client.get(file).status_code in {302, 403, 404}


def test_failed_printouts_are_made_again_together(company, staff, monkeypatch):
    first, second = (paper_of(invoiced((AURORA, 200))) for _ in range(2))
    with monkeypatch.context() as broken:
        broken.setattr(making.rendering, "pdf", lambda _letter: 1 / 0)
        failed = [printed(first), printed(second)]
    assert {one.state for one in failed} == {"failed"}
    assert "ZeroDivisionError" in staff.get(listed("printout")).content.decode()
    chosen = {
        "action": "do_make-again",
        "_selected_action": [one.pk for one in failed],
        "confirmed": "1",
    }
    staff.post(listed("printout"), chosen)
    assert {one.state for one in Printout.objects.filter(pk__in=[one.pk for one in failed])} == {
        "wanted"
    }
    assert printed(first).state == "made"
