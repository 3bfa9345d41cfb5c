"""The page of the search and the box in the header."""

import pytest
from django.urls import reverse

from cases.services import indexing
from tests.cases.test_searching import finance, sales, seller, write

__all__ = ["finance", "sales", "seller"]
PAGE, SUGGEST = "/search/", "/search/suggest/"


@pytest.fixture
def mails(sales, finance):
    for number in range(7):
        write(f"C-{number}", sales, f"Knopf <b>Nummer</b> {number}", subject=f"Anfrage {number}")
    write("C-9", finance, "Knopf geheim", subject="Verschlossen")
    indexing.fill(100)


def test_f3_the_page_shows_and_counts_what_one_may_see(client, seller, mails):
    client.force_login(seller)
    page = client.get(PAGE, {"q": "knopf"}).content.decode()
    assert page.count("data-hit") == 5
    assert '<span class="hb-finds-count">7</span>' in page
    assert "Verschlossen" not in page
    assert "&lt;b&gt;Nummer" in page
    more = client.get(PAGE, {"q": "knopf", "kind": "email"}).content.decode()
    assert more.count("data-hit") == 7
    box = client.get(SUGGEST, {"q": "knopf"}).content.decode()
    assert box.count('role="option"') == 4
    assert "Verschlossen" not in box


def test_nothing_asked_and_nothing_found_are_said(client, clara, mails):
    client.force_login(clara)
    assert "Nothing was found" not in client.get(PAGE).content.decode()
    page = client.get(PAGE, {"q": "<script>x", "kind": "nonsense"}).content.decode()
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page
    assert client.get(SUGGEST, {"q": "\x00"}).content.decode().strip() == ""


@pytest.mark.parametrize("address", [PAGE, SUGGEST])
def test_f1_only_staff_search(client, mallory, address):
    assert client.get(address, {"q": "x"}).status_code == 302
    client.force_login(mallory)
    assert client.get(address, {"q": "x"}).status_code == 302


def test_the_box_stands_in_the_header_of_every_page(client, clara):
    client.force_login(clara)
    for address in (reverse("admin:index"), "/", PAGE):
        assert "data-search" in client.get(address, follow=True).content.decode()
