import pytest

from shop import quantities
from shop.quantities import BadQuantity, corrections, parse, supply, whole_packs

# What a form, a program or mischief may send (promise O6).
NONSENSE = [
    "", " ", "0", "-1", "1.5", "1,5", "1e9", "NaN", "inf", "1000001", "99999999999999999999", "१२",
    "²", "10 000", "0x10", "1;DROP", None, [], "1\0", "+5", "--5", "1_000", True,
]  # fmt: skip


@pytest.mark.parametrize("text", NONSENSE)
def test_o6_what_is_no_number_of_pieces_is_refused(text):
    with pytest.raises(BadQuantity):
        parse(text)


@pytest.mark.parametrize(("text", "pieces"), [("1", 1), (" 200 ", 200), ("1000000", 10**6), (7, 7)])
def test_whole_pieces_up_to_a_million_are_taken(text, pieces):
    assert parse(text) == pieces


@pytest.mark.parametrize(
    ("asked", "pack", "minimum", "sold"),
    [
        (1, 1, 1, 1),
        (1, 100, 200, 200),
        (150, 100, 100, 200),
        (200, 100, 200, 200),
        (1, 50, 120, 150),
        (1_000_000, 300, 1, 999_900),
    ],
)
def test_a_quantity_goes_up_to_whole_packs_from_the_minimum_on(asked, pack, minimum, sold):
    quantity = whole_packs(asked, pack_size=pack, min_quantity=minimum)
    assert quantity == sold
    assert quantity <= quantities.MOST
    assert not corrections(quantity, pack_size=pack, min_quantity=minimum)


def test_why_it_was_changed_is_named_as_in_an_order():
    assert corrections(150, pack_size=100, min_quantity=200) == ("min_quantity", "pack_size")
    assert corrections(250, pack_size=100, min_quantity=200) == ("pack_size",)
    assert corrections(300, pack_size=100, min_quantity=200) == ()


@pytest.mark.parametrize(
    ("free", "word"), [(0, "request"), (99, "request"), (100, "few"), (500, "available")]
)
def test_a_word_tells_how_much_there_is(free, word):
    assert supply(free, 100) == word
