from decimal import Decimal

import pytest

from orders.data import ReadLine
from orders.matching import CERTAIN, Catalogue, match, normalised_sku
from tests.orders.papers import ARTICLES, CATALOGUE, HORN, PEARL, PEARL_SMALL, WOOD, article


def found(sku="", name="", catalogue=CATALOGUE):
    return match(ReadLine(1, sku, name, Decimal(100)), catalogue)


def reasons(result):
    return [reason.what for reason in result.reasons]


@pytest.mark.parametrize(
    "sku", ["HB-1001", "hb-1001", "HB 1001", "HB1001", "HB-01001", " HB_1001 "]
)
def test_an_article_number_is_certain_however_it_is_written(sku):
    assert (found(sku).article, found(sku).score) == (PEARL, 1.0)


def test_leading_zeros_do_not_count_and_inner_ones_do():
    assert normalised_sku("0004711") == normalised_sku("4711")
    assert normalised_sku("HB-1001") != normalised_sku("HB-1010")


def test_e1_the_customers_own_number_is_nearly_as_good():
    result = found("kn 77")
    assert (result.article, result.score) == (WOOD, 0.98)
    assert reasons(result) == ["The customer's number for this article"]


def test_a_plain_list_of_articles_will_do():
    assert match(ReadLine(1, "HB-1001", "", Decimal(1)), ARTICLES).article == PEARL


@pytest.mark.parametrize(
    "name",
    ["Perlmuttknopf 18 mm weiß", "perlmuttknopf 18mm WEISS", "Mother-of-pearl button 18 mm white"],
)
def test_exactly_the_name_of_one_article_is_certain(name):
    assert (found(name=name).article, found(name=name).score) == (PEARL, 0.92)


def test_a_name_that_two_articles_share_is_not_certain():
    twins = Catalogue([PEARL, article(9, "HB-9999", *PEARL.names)])
    assert found(name=PEARL.names[0], catalogue=twins).score < CERTAIN


@pytest.mark.parametrize(
    "name",
    [
        "Perlmutt 18 mm",
        "Perlmuttknopf 18 mm",
        "Perlmuttknöpfe weiß 18mm",
        "pearl button white 18 mm",
    ],
)
def test_a_name_that_is_alike_proposes_and_is_never_certain(name):
    result = found(name=name)
    assert result.article == PEARL
    assert 0.4 < result.score < CERTAIN


def test_the_size_tells_like_names_apart():
    assert found(name="Perlmuttknopf weiß 15 mm").article == PEARL_SMALL
    assert found(name="Perlmuttknopf weiß 1,5 cm").article == PEARL_SMALL


def test_an_unknown_number_is_never_certain_even_with_the_right_name():
    result = found("HB-1010", "Perlmuttknopf 18 mm weiß")
    assert result.article == PEARL
    assert result.score < CERTAIN
    assert reasons(result)[0] == "Unknown article number"


@pytest.mark.parametrize("name", ["Hornknopf 23 mm dunkel", "Perlmuttknopf 15 mm weiß"])
def test_a_name_that_contradicts_the_number_lowers_the_score(name):
    result = found("HB-1001", name)
    assert (result.article, result.score) == (PEARL, 0.7)
    assert len(result.reasons) == 2


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Perlmutt weiß",
        "Knöpfe für die Sommerkollektion, Farbe 7",
        "Perlmuttknopf 18 mm weiß, zwei Löcher, poliert",
    ],
)
def test_a_name_that_says_less_or_more_does_not_contradict(name):
    assert found("HB-1001", name).score == 1.0


def test_a_number_inside_the_description_is_found():
    result = found("70-1234", "Knopf weiß Ihre Art.-Nr.: HB-1001")
    assert (result.article, result.score) == (PEARL, 0.95)


def test_two_numbers_inside_the_description_decide_nothing():
    assert found(name="Ersatz HB-1001 durch HB-2003").score < CERTAIN


def test_a_number_that_is_ours_and_the_customers_for_another_is_not_certain():
    both = Catalogue([PEARL, article(9, "HB-9999", "Knopf", aliases=("HB-1001",))])
    assert found("HB-1001", catalogue=both).score == 0.7


def test_numbers_that_differ_in_hyphens_only_are_kept_apart():
    both = Catalogue([PEARL, article(9, "HB-10-01", "Knopf")])
    assert found("HB-1001", catalogue=both).score == 1.0
    assert found("HB1001", catalogue=both).score == 0.7


def test_nothing_alike_is_no_article():
    result = found("X-1", "Dachziegel")
    assert (result.article, result.score) == (None, 0.0)


def test_three_candidates_are_shown_best_first():
    candidates = found(name="Perlmuttknopf weiß").candidates
    assert len(candidates) == 3
    assert {candidates[0][0], candidates[1][0]} == {"HB-1001", "HB-1002"}
    scores = [score for _, score in candidates]
    assert scores == sorted(scores, reverse=True)


def test_an_empty_catalogue_matches_nothing():
    assert found("HB-1001", "Knopf", Catalogue([])).article is None


def test_one_article_is_found_among_thousands():
    many = Catalogue(
        article(n, f"HB-{n}", f"Knopf Modell {n} {n % 40} mm rot") for n in range(5_000)
    )
    assert found("HB-2003", catalogue=many).article.sku == "HB-2003"
    assert HORN.sku == "HB-2003"
