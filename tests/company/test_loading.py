import pytest
from django.utils import timezone

from hbu.management import loading
from shop.models import Alias, Product, Supplier
from tests.factories import company

pytestmark = pytest.mark.django_db


def test_suppliers_come_into_the_books_and_follow_the_file():
    company.load()
    horn = Supplier.objects.get(number="L-70001")
    assert (horn.name, horn.iban) == ("Hornwerk Oberpfalz GmbH", "DE02 1203 0000 0000 2020 51")
    assert horn.domains == ["hornwerk-oberpfalz.example"]
    Supplier.objects.filter(pk=horn.pk).update(iban="")
    own = Supplier.objects.create(number="L-1", name="Added by a person")
    loading.load(company.file())
    horn.refresh_from_db()
    assert horn.iban
    assert Supplier.objects.filter(pk=own.pk).exists()


def test_what_a_person_put_right_is_not_overwritten_by_the_file():
    company.load()
    loaded, learned = Alias.objects.order_by("pk")[:2]
    other = Product.objects.get(sku="HB-1009")
    Alias.objects.filter(pk=loaded.pk).update(product=other)
    Alias.objects.filter(pk=learned.pk).update(product=other, learned_at=timezone.now())
    loading.load(company.file())
    assert Alias.objects.get(pk=loaded.pk).product == loaded.product != other
    assert Alias.objects.get(pk=learned.pk).product == other
