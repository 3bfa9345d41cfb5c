"""Products and their stock in the staff's house: found, counted, taken along and brought in."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from shop.models import Movement, PriceList, Product, Stock
from shop.services import stock
from shop.services.stock import Demand
from tests.admin import rows

IMPORT = "/admin/shop/product/import/"
FIELDS = [
    "sku", "category__code", "family__code", "name_de", "name_en", "description_de",
    "description_en", "material", "colour", "size_mm", "price", "tax_rate", "pack_size",
    "min_quantity", "lead_time_days", "from_stock", "is_active", "tier_prices",
]  # fmt: skip


def upload(content, name="products.csv"):
    return {"file": SimpleUploadedFile(name, content)}


def page(response) -> str:
    return response.content.decode()


def exported(browser) -> bytes:
    form = {"format": "0", "resource": ""} | {f"productresource_{name}": "on" for name in FIELDS}
    file = browser.post(reverse("admin:shop_product_export"), form)
    assert file["Content-Type"].startswith("text/csv"), page(file)[-2000:]
    return file.content


@pytest.mark.parametrize("language", ["de", "en"])
def test_what_is_taken_along_comes_back_and_changes_nothing(company, office, language):
    office.cookies["django_language"] = language
    with override(language):
        file = exported(office)
    shown = office.post(IMPORT, upload(file))
    assert shown.context["counts"] == {
        "new": 0, "changed": 0, "unchanged": Product.objects.count(), "wrong": 0,
    }, shown.context["tables"]  # fmt: skip
    assert not shown.context["plan"].ignored
    assert 'name="token"' not in page(shown)


def test_a_file_is_looked_at_and_then_written_by_a_second_click(company, office):
    shown = office.post(IMPORT, upload(b"sku;price\nHB-1001;0,41\n"))
    assert "0.41" in page(shown)
    assert not Product.objects.filter(price="0.41").exists()
    written = office.post(IMPORT, {"token": shown.context["token"]})
    assert written.status_code == 302
    assert Product.objects.get(price="0.41").sku == "HB-1001"
    again = office.post(IMPORT, {"token": shown.context["token"]}, follow=True)
    assert "The catalogue has changed since you looked" in page(again)


def test_what_is_wrong_with_a_file_stands_on_the_page_and_there_is_no_button(company, office):
    shown = page(office.post(IMPORT, upload(b"sku;price\nHB-1001;cheap\n<b>X</b>;1\n")))
    assert "not a number such as 0.38" in shown
    assert "&lt;b&gt;X" in shown
    assert 'name="token"' not in shown
    refused = office.post(IMPORT, upload(b"%PDF\0", "list.pdf"))
    assert "neither a CSV file nor a workbook" in page(refused)


def test_only_who_may_change_products_and_stock_brings_them_in(desk):
    desk.may("shop.view_product", "shop.change_product", "shop.add_product")
    assert desk.get(IMPORT).status_code == 403
    desk.may("shop.change_stock")
    assert desk.get(IMPORT).status_code == 200
    assert desk.get(reverse("admin:shop_product_changelist")).status_code == 200


def test_a_product_is_found_by_umlauts_in_any_case(company, office):
    found = page(office.get(reverse("admin:shop_product_changelist") + "?q=BÜFFELHORN"))
    assert "HB-1004" in found
    assert "HB-1001" not in found
    assert "/shop/pictures/HB-1004.svg" in found


def test_the_page_of_a_product_saves_features_and_tiers(company, office):
    product = Product.objects.get(sku="HB-1001")
    url = reverse("admin:shop_product_change", args=[product.pk])
    assert "/shop/pictures/HB-1001.svg" in page(office.get(url))
    tiers = list(product.tiers.all())
    form = {
        "sku": "HB-1001", "category": product.category_id, "family": product.family_id,
        "name_de": "Knopf", "name_en": "Button", "is_active": "on", "description_de": "",
        "description_en": "", "features_de": "vier Loch\npoliert", "features_en": "four holes",
        "material": "", "colour": "", "size_mm": "11.5", "price": "0.38", "tax_rate": "19",
        "pack_size": "100", "min_quantity": "200", "lead_time_days": "5", "from_stock": "on",
        "tiers-TOTAL_FORMS": "1", "tiers-INITIAL_FORMS": "1", "tiers-MIN_NUM_FORMS": "0",
        "tiers-MAX_NUM_FORMS": "1000", "tiers-0-id": tiers[0].pk, "tiers-0-product": product.pk,
        "tiers-0-from_quantity": "3000", "tiers-0-price": "0.35", "tiers-0-price_list": "",
    }  # fmt: skip
    answer = office.post(url, form)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    product.refresh_from_db()
    assert product.features_de == ["vier Loch", "poliert"]
    assert "3000: 0.35" in product.tier_prices
    assert office.post(url, form | {"pack_size": "0"}).status_code == 200


def test_a_price_list_names_its_products_and_who_buys_by_it(company, office):
    PriceList.objects.get(code="automotive")
    assert "automotive" in page(office.get(reverse("admin:shop_pricelist_changelist")))
    url = reverse("admin:shop_pricelist_change", args=[PriceList.objects.first().pk])
    assert office.get(url).status_code == 200
    assert office.get(reverse("admin:shop_family_changelist")).status_code == 200


def test_the_page_of_a_shelf_tells_who_holds_what(office, clara):
    order = rows.order(number="B-2026-7")
    product = rows.product(on_hand=100)
    stock.reserve([Demand(product.pk, 30, order.number)], by=clara)
    stock.hold({product.pk: 20}, until=timezone.now() + timedelta(minutes=5), reference="cart:1")
    shown = page(office.get(reverse("admin:shop_stock_change", args=[product.stock.pk])))
    assert "/admin/orders/order/?q=B-2026-7" in shown
    assert "checkout" in shown
    listed = page(office.get(reverse("admin:shop_reservation_changelist")))
    assert "B-2026-7" in listed


def test_goods_that_come_in_are_entered_on_the_page_of_the_shelf(office, clara):
    shelf = rows.product(on_hand=10).stock
    url = reverse("admin:shop_stock_transition", args=[shelf.pk, "receive"])
    assert office.get(url).status_code == 200
    assert office.post(url, {"quantity": "5", "reference": "L-1"}).status_code == 302
    assert Stock.objects.get().on_hand == 15
    assert (Movement.objects.get().kind, Movement.objects.get().by) == ("produced", clara)
    assert office.post(url, {"quantity": "0"}).status_code == 200
    assert Stock.objects.get().on_hand == 15
