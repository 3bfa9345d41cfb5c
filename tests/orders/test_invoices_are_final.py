"""O5: what was issued is never changed, whoever asks."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from hbu.lib.errors import DomainError
from orders.models import Invoice, InvoiceLine
from shop.models import Customer
from tests.orders.billed import invoiced

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(company):
    return invoiced(("HB-1001", 200), ("HB-1002", 100))


def refused(act):
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        act()


def test_o5_the_objects_themselves_refuse(invoice):
    for row in (invoice, invoice.lines.first()):
        with pytest.raises(DomainError, match="never changed"):
            row.save()
        with pytest.raises(DomainError, match="never changed"):
            row.delete()


def test_o5_the_database_refuses_updates_of_the_orm(invoice):
    refused(lambda: Invoice.objects.filter(pk=invoice.pk).update(gross=1))
    refused(lambda: InvoiceLine.objects.filter(invoice=invoice).update(quantity=1))
    line = invoice.lines.first()
    line.total = 0
    refused(lambda: InvoiceLine.objects.bulk_update([line], ["total"]))


def test_o5_the_database_refuses_deletion(invoice):
    refused(lambda: InvoiceLine.objects.filter(invoice=invoice)._raw_delete("default"))
    refused(lambda: Invoice.objects.filter(pk=invoice.pk)._raw_delete("default"))


@pytest.mark.parametrize(
    "query",
    [
        "UPDATE orders_invoice SET gross = 1",
        "UPDATE orders_invoice SET number = 'RE-2026-999999'",
        "UPDATE orders_invoiceline SET unit_price = 0",
        "DELETE FROM orders_invoiceline",
        "DELETE FROM orders_invoice",
    ],
)
def test_o5_the_database_refuses_sql(invoice, query):
    refused(lambda: connection.cursor().execute(query))


def test_o5_every_column_but_the_link_to_the_customer_is_final(invoice):
    for model in (Invoice, InvoiceLine):
        for field in model._meta.concrete_fields:
            if field.column != "customer_id":
                column, table = field.column, model._meta.db_table
                query = f"UPDATE {table} SET {column} = {column}"
                refused(lambda query=query: connection.cursor().execute(query))


def test_the_invoice_may_follow_a_customer_that_was_put_into_another(invoice):
    other = Customer.objects.exclude(pk=invoice.customer_id).first()
    Invoice.objects.filter(pk=invoice.pk).update(customer=other)
    invoice.refresh_from_db()
    assert invoice.customer == other
    assert invoice.buyer["identifier"] == "K-10001"


def test_o5_the_admin_offers_no_way_to_change_one(invoice, clara, client):
    client.force_login(clara)
    page = reverse("admin:orders_invoice_change", args=[invoice.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"gross": "1"}).status_code == 403
    assert client.post(reverse("admin:orders_invoice_delete", args=[invoice.pk])).status_code == 403
    assert client.post(reverse("admin:orders_invoice_add"), {}).status_code == 403
    invoice.refresh_from_db()
    assert invoice.gross > 1
