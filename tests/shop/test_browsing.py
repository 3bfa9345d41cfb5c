from decimal import Decimal

import pytest

from shop.browsing import Entry, Wish, find, fold, meant, wish


def entry(
    key, de, en, *, group=0, category="premium", material="", colour="", size=None, price="1"
):
    said = (f"HB-{key}", de, en, material, colour)
    return Entry(
        id=key,
        sku=f"HB-{key}",
        group=group or -key,
        names=(de, en),
        category=category,
        material=material,
        colour=colour,
        size=Decimal(size) if size else None,
        price=Decimal(price),
        in_stock=key % 2 == 1,
        words=" ".join(map(fold, filter(None, said))),
    )


SHELF = [
    entry(1, "Büffelhornknopf Sylt", "Sylt buffalo horn button", group=7, material="Büffelhorn",
          colour="braun", size="20", price="0.74"),
    entry(2, "Büffelhornknopf Sylt groß", "Sylt buffalo horn button", group=7, material="Büffelhorn",
          colour="schwarz", size="28", price="1.18"),
    entry(3, "Perlmuttknopf Aurora", "Aurora pearl button", material="Perlmutt", colour="weiß",
          size="11.5", price="0.38"),
    entry(4, "Hemdenknopf", "Shirt button", category="standard", material="Polyester",
          colour="weiß", price="0.04"),
]  # fmt: skip


def ids(found):
    return [[one.id for one in group] for group in found.groups]


def test_a_family_stands_on_the_shelf_once():
    assert ids(find(SHELF, Wish())) == [[1, 2], [3], [4]]


@pytest.mark.parametrize("text", ["büffel", "BÜFFEL", "bueffel", "buffel", "horn sylt", "hb-1"])
def test_umlauts_and_case_do_not_matter(text):
    assert ids(find(SHELF, Wish(text=text)))[0][0] == 1


@pytest.mark.parametrize("text", ["weiß", "weiss", "WEISS"])
def test_a_sharp_s_is_found_however_it_is_written(text):
    assert ids(find(SHELF, Wish(text=text))) == [[3], [4]]


def test_each_word_has_to_be_found():
    assert ids(find(SHELF, Wish(text="knopf perlmutt"))) == [[3]]
    assert ids(find(SHELF, Wish(text="knopf gold"))) == []


def test_who_types_an_article_number_finds_that_first():
    assert ids(find(SHELF, Wish(text="HB-4")))[0] == [4]


def test_values_of_one_filter_are_either_or_and_filters_are_both():
    white = Wish(colour=frozenset({"weiß", "schwarz"}))
    assert ids(find(SHELF, white)) == [[2], [3], [4]]
    assert ids(find(SHELF, white.but(category=frozenset({"premium"})))) == [[2], [3]]


def test_a_count_says_how_many_cards_there_would_be_with_it():
    counts = find(SHELF, Wish(category=frozenset({"premium"}))).counts
    assert counts["category"] == {"premium": 2, "standard": 1}
    assert counts["colour"] == {"braun": 1, "schwarz": 1, "weiß": 1}
    assert counts["size"] == {"20": 1, "28": 1, "11.5": 1}


def test_prices_and_stock_narrow_too():
    assert ids(find(SHELF, Wish(price_from=Decimal("0.5"), price_to=Decimal("0.8")))) == [[1]]
    assert ids(find(SHELF, Wish(in_stock=True))) == [[1], [3]]


def test_the_cheapest_variant_decides_where_a_family_stands():
    assert ids(find(SHELF, Wish(sort="price"))) == [[4], [3], [1, 2]]
    assert ids(find(SHELF, Wish(sort="-price"))) == [[1, 2], [3], [4]]


def test_words_that_are_spelled_nearly_right_are_suggested():
    assert meant(SHELF, "perlmutknopff") == "Perlmuttknopf"
    assert meant(SHELF, "xyzzy") == ""


@pytest.mark.parametrize(
    "asked",
    [
        {"price_from": ["NaN"], "price_to": ["-1"]},
        {"price_from": ["1e99"], "price_to": ["inf"]},
        {"sort": ["password"], "q": ["\0"], "colour": [""]},
        {"page": ["x"], "unknown": ["y"]},
    ],
)
def test_what_makes_no_sense_in_an_address_is_passed_over(asked):
    assert wish(asked) == Wish()


def test_an_address_is_read_within_bounds():
    read = wish({"q": ["x" * 5000], "colour": [f"c{one}" for one in range(500)]})
    assert len(read.text) == 80
    assert len(read.colour) == 50
    assert wish({"price_to": ["0,75"]}).price_to == Decimal("0.75")
