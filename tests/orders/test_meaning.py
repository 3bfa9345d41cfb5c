from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from orders.data import Article, ReadLine
from orders.matching import CERTAIN, Catalogue, match
from orders.meaning import concepts, sizes, sizes_agree
from tests.explosions import no_explosion

ROWS = yaml.safe_load(Path("demo/products.yaml").read_text(encoding="utf-8"))
DEMO = Catalogue(
    Article(
        number,
        row["sku"],
        (row["name"]["de"], row["name"]["en"]),
        Decimal(str(row["price"])),
        Decimal(19),
        traits=(row["material"], row["colour"], f"{row['size_mm']} mm"),
    )
    for number, row in enumerate(ROWS)
)


def found(name):
    return match(ReadLine(1, "", name, Decimal(100)), DEMO)


@pytest.mark.parametrize(
    ("name", "sku"),
    [
        ("Perlmutt 18 mm", "HB-1002"),
        ("shell buttons 28L", "HB-1002"),
        ("dunkelbrauner Hornknopf 20 mm", "HB-1004"),
        ("buffalo horn 28mm dark brown", "HB-1005"),
        ("Knöpfe aus Steinnuss, espresso", "HB-1008"),
        ("corozo buttons 15", "HB-1007"),
        ("goldene Blazerknöpfe 20 mm", "HB-1010"),
        ("blaue Porzellanknöpfe", "HB-1013"),
        ("white shirt buttons 11mm", "HB-1017"),
        ("Holzknöpfe 2 cm", "HB-1027"),
        ("Jeansknopf 17", "HB-1030"),
        ("silver snap 12 mm", "HB-1032"),
        ("Toggle for duffle coats", "HB-1034"),
    ],
)
def test_e1_a_name_is_matched_by_meaning_size_and_colour(name, sku):
    result = found(name)
    assert result.article.sku == result.candidates[0][0] == sku
    assert 0.7 < result.score < CERTAIN
    assert result.candidates[1][1] < result.score


@pytest.mark.parametrize("name", ["Dachziegel", "rote Dachziegel", "Rechnung 4711", ""])
def test_what_we_do_not_sell_is_no_article_or_a_weak_guess(name):
    assert found(name).score < 0.6


def test_words_of_both_languages_share_their_meaning():
    assert concepts("Knopf, dunkelbrauner, Horn") == concepts("dark brown horn buttons")
    assert concepts("Perlmuttknöpfe weiß") == concepts("white mother-of-pearl")


def test_lignes_and_centimetres_are_millimetres():
    assert sizes("28L / 1,8 cm / 18 mm") == {17.78, 18.0}
    assert sizes_agree("Knopf 28L", "Knopf 18 mm")
    assert not sizes_agree("Knopf 20 mm", "Knopf 18 mm")
    assert sizes_agree("Knopf", "Knopf 18 mm")


def test_a_name_without_end_is_read_in_bounds():
    with no_explosion():
        concepts("knopf" * 20_000)
        sizes("1" * 100_000)
        found("rot " * 25_000)
