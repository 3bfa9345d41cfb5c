from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.models import Product
from shop.pictures import draw, look, motifs
from shop.pictures.looks import MOTIFS
from shop.views.pictures import drawing

WORDS = st.text(max_size=60)


def seen(**changes):
    words = {"sku": "X-1", "material": "Polyester", "colour": "weiß", "size_mm": Decimal(11)}
    return look(**(words | {"words": ""} | changes))


@pytest.mark.parametrize(
    ("words", "holes"),
    [
        ("Knopf, vier Loch", 4),
        ("button, two holes", 2),
        ("Trachtenknopf mit Öse", 0),
        ("Hemdenknopf", 4),
        ("Druckknopf", 0),
        ("Kinderknopf mit Segelboot, zwei Loch", 2),
        ("Leuchtknopf", 4),
    ],
)
def test_the_words_of_the_catalogue_tell_how_it_is_sewn_on(words, holes):
    assert seen(words=words).holes == holes


@pytest.mark.parametrize(
    ("material", "expected"),
    [
        ("Schwarzlippen-Perlmutt", "pearl"),
        ("Steinnuss", "nut"),
        ("Walnussholz", "wood"),
        ("Stahl mit Kunstleder", "leather"),
        ("Kryptonit", "plastic"),
    ],
)
def test_materials_are_known_by_their_words(material, expected):
    assert seen(material=material).material == expected


def test_every_motif_has_a_shape():
    assert {name for name, _ in MOTIFS} == set(motifs.SHAPES)


@given(WORDS, WORDS, WORDS, WORDS, st.none() | st.decimals(0, 9999, places=1))
def test_whatever_a_product_is_called_its_picture_is_safe_xml(sku, material, colour, words, size):
    drawn = draw(
        look(sku=sku, material=material, colour=colour, size_mm=size, words=words),
        title="".join(one for one in sku if one.isprintable()),
    )
    tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(drawn).iter()}
    assert not tags & {"script", "style", "image", "foreignObject", "a"}
    assert "style=" not in drawn
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")


@pytest.mark.django_db
def test_all_products_of_the_demo_are_drawn_and_none_like_another(company):
    pictures = {drawing(product) for product in Product.objects.all()}
    assert len(pictures) == Product.objects.count()


@pytest.mark.django_db
def test_a_picture_is_kept_and_asked_for_by_its_mark(company, client):
    first = client.get("/shop/pictures/HB-1001.svg")
    assert first.status_code == 200
    assert first["Content-Type"].startswith("image/svg+xml")
    assert "max-age=86400" in first["Cache-Control"]
    again = client.get("/shop/pictures/HB-1001.svg", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/shop/pictures/HB-9999.svg").status_code == 404
    assert client.post("/shop/pictures/HB-1001.svg").status_code == 405
