import json
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from hbu.lib import keeping
from shop.models import Category, Family, PriceList, Product, TierPrice
from shop.services import catalogue

pytestmark = pytest.mark.django_db
LIST = "/shop/products/"
HOSTILE = "<script>window.__xss=1</script>\"'><img src=x onerror=window.__xss=1>"


def text(answer):
    return answer.content.decode()


def cards(answer):
    return re.findall(r'<h3><a href="/shop/products/([^/]+)/">', text(answer))


def more(number):
    """So many products more."""
    category = Category.objects.first()
    Product.objects.bulk_create(
        Product(sku=f"X-{one}", category=category, name_de=f"Knopf {one}", name_en=f"Button {one}",
                price=Decimal("0.10"), material="Polyester", colour=f"c{one % 30}")
        for one in range(number)
    )  # fmt: skip
    keeping.forget()


def test_the_door_of_the_house_leads_guests_into_the_shop(client, company):
    answer = client.get("/", follow=True)
    assert answer.redirect_chain == [("/shop/", 302)]
    assert company.name in text(answer)
    assert "Sign in as staff" in text(answer)


def test_a_shop_without_anything_says_so(client, db):
    assert "The shelves are being filled" in text(client.get("/shop/"))
    assert "Nothing found" in text(client.get(LIST))


def test_the_list_is_found_filtered_and_sorted_by_its_address(client, company):
    assert cards(client.get(LIST, {"q": "HB-1006"}))[0] == "HB-1006"
    dear = cards(client.get(LIST, {"sort": "-price", "category": "premium"}))
    cheap = cards(client.get(LIST, {"sort": "price", "category": "premium"}))
    assert dear[0] != cheap[0]
    assert cards(client.get(LIST, {"price_to": "0,05"}))
    horn = client.get(LIST, {"material": "Hirschhorn"})
    assert cards(horn) == ["HB-1006"]
    assert "Remove filter:" in text(horn)


def test_pages_hold_twenty_four_cards_and_lead_on(client, company):
    more(60)
    first = client.get(LIST, {"q": "Knopf"})
    assert len(cards(first)) == 24
    assert "?q=Knopf&amp;page=2" in text(first)
    last = client.get(LIST, {"q": "Knopf", "page": "9999"})
    assert cards(last)
    assert not set(cards(first)) & set(cards(last))


@pytest.mark.parametrize("page", ["0", "-1", "x", "1e9", "²", "9" * 300])
def test_no_page_number_breaks_the_list(client, company, page):
    assert client.get(LIST, {"page": page}).status_code == 200


def test_an_empty_result_says_what_to_do(client, company):
    page = text(client.get(LIST, {"q": "perlmutknopff"}))
    assert "Did you mean" in page
    assert "Show all buttons" in page
    assert "Remove one of them" in text(client.get(LIST, {"colour": "nowhere"}))


def test_b6_what_somebody_looks_for_is_shown_as_text(client, company):
    page = text(client.get(LIST, {"q": HOSTILE, "colour": HOSTILE, "sort": HOSTILE}))
    assert "<script>window" not in page
    assert "<img src=x" not in page


def test_htmx_gets_the_list_alone(client, company):
    answer = client.get(LIST, {"q": "Horn"}, headers={"HX-Request": "true"})
    assert "<html" not in text(answer)
    assert 'id="filter-fields" hx-swap-oob="innerHTML"' in text(answer)
    assert "HX-Request" in answer["Vary"]
    assert answer["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("number", [10, 3000])
def test_the_queries_do_not_grow_with_the_catalogue(
    client, sabine, django_assert_num_queries, number
):
    more(number)
    catalogue.shelf()
    client.get(LIST)
    with django_assert_num_queries(0):
        client.get(LIST)
    client.force_login(sabine.user)
    client.get(LIST)
    # Session, user and contact; the cart; products, prices and stock of the page.
    with django_assert_num_queries(7):
        client.get(LIST, {"page": "2"})


def test_a_family_is_one_card_with_its_colours_from_its_lowest_price(client, company):
    family = Family.objects.create(code="probe", name_de="Probe", name_en="Probe family")
    category = Category.objects.first()
    for sku, colour, price in (("P-1", "rot", "0.50"), ("P-2", "blau", "0.30")):
        Product.objects.create(
            sku=sku, family=family, category=category, name_de=sku, name_en=sku, colour=colour,
            price=Decimal(price), size_mm=11,
        )  # fmt: skip
    keeping.forget()
    answer = client.get(LIST, {"q": "P-1 rot"})
    assert cards(answer) == ["P-1"]
    page = text(client.get(LIST, {"colour": ["rot", "blau"], "q": "P-"}))
    assert "Probe family" in page
    assert "2 variants" in page
    assert "<strong>€0.30</strong>" in page


def test_a_customer_sees_his_own_prices_and_why(client, sabine_in, sabine):
    agreed = PriceList.objects.create(code="probe", name="Probe")
    product = Product.objects.get(sku="HB-1001")
    TierPrice.objects.create(
        product=product, price_list=agreed, from_quantity=1, price=Decimal("0.20")
    )
    sabine.customer.price_list = agreed
    sabine.customer.save()
    page = text(sabine_in.get("/shop/products/HB-1001/"))
    assert "<strong>€0.19</strong>" in page
    assert "Discount of the customer: 5 %" in page
    listed = text(sabine_in.get(LIST, {"q": "HB-1001"}))
    assert "€0.19" in listed
    sabine_in.logout()
    assert "€0.19" not in text(sabine_in.get(LIST, {"q": "HB-1001"}))


def test_the_page_of_a_product_says_what_it_is_and_how_it_is_sold(client, company):
    page = text(client.get("/shop/products/HB-1001/"))
    for said in ("HB-1001", "mother-of-pearl", "11.5 mm", "In packs of 100, at least 200 pieces."):
        assert said in page
    assert 'min="200" max="1000000" step="100"' in page


def test_search_engines_are_told_of_the_product_and_nothing_breaks_out(client, company):
    Product.objects.filter(sku="HB-1001").update(name_en=f"Aurora {HOSTILE}")
    page = text(client.get("/shop/products/HB-1001/"))
    said = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[1]
    data = json.loads(said)
    assert data["sku"] == "HB-1001"
    assert data["offers"]["priceCurrency"] == "EUR"
    assert Decimal(data["offers"]["price"]) == Decimal("0.38")
    assert "<script>window" not in page


def test_what_is_not_sold_any_more_says_so_and_leads_on(client, company):
    Product.objects.filter(sku="HB-1001").update(is_active=False)
    answer = client.get("/shop/products/HB-1001/")
    assert answer.status_code == 410
    assert "No longer available" in text(answer)
    assert "Add to cart" not in text(answer)
    assert client.get("/shop/products/HB-0000/").status_code == 404


@pytest.mark.parametrize(
    ("language", "price", "word"), [("de", "0,38 €", "net"), ("en", "€0.38", "net")]
)
def test_both_languages_write_prices_their_own_way(client, company, language, price, word):
    client.post(reverse("set_language"), {"language": language, "next": "/shop/"})
    page = text(client.get("/shop/products/HB-1001/"))
    assert f'<html lang="{language}">' in page
    assert price in page.replace("\xa0", " ")


def test_the_imprint_names_the_company(client, company):
    page = text(client.get("/shop/imprint/"))
    for said in (company.name, company.vat_id, company.register_number, company.managing_directors):
        assert said in page


def test_legal_texts_are_there_where_the_company_gives_them(client, company, settings, tmp_path):
    assert client.get("/shop/legal/passwords/").status_code == 404
    assert "Terms of sale" in text(client.get("/shop/legal/terms/"))
    folder = tmp_path / "legal" / "de"
    folder.mkdir(parents=True)
    (folder / "terms.txt").write_text("Bedingungen\n\n# Preise\n\nNetto <b>.\n", "utf-8")
    settings.HBU_COMPANY_FILE = tmp_path / "company.yaml"
    keeping.forget()
    page = text(client.get("/shop/legal/terms/"))
    assert '<h2 class="mt-4">Preise</h2>' in page
    assert "Netto &lt;b&gt;." in page
    assert 'href="/shop/legal/terms/"' in text(client.get("/shop/"))


def test_j6_no_page_asks_anybody_else_for_anything(client, company):
    for address in ("/shop/", LIST, "/shop/products/HB-1001/", "/shop/cart/", "/shop/login/"):
        page = text(client.get(address))
        loaded = re.findall(r'(?:src|<link[^>]* href|action)="([^"]+)"', page)
        assert loaded
        assert [one for one in loaded if not one.startswith("/") or one.startswith("//")] == []
        assert re.findall(r"<script(?![^>]*(?:src=|ld\+json))", page) == []
        assert " style=" not in page


def test_an_article_number_with_a_slash_has_its_pages(client, company):
    product = Product.objects.get(sku="HB-1001")
    Product.objects.filter(pk=product.pk).update(sku="HB/1001.a")
    keeping.forget()
    assert 'href="/shop/products/HB/1001.a/"' in text(client.get(LIST + "?q=HB/1001"))
    assert client.get("/shop/products/HB/1001.a/").status_code == 200
    for address in ("/api/shop/products/HB/1001.a", "/api/shop/products/HB/1001.a/"):
        assert client.get(address).json()["sku"] == "HB/1001.a"
