from django.test import Client

from kpis.definitions import KPIS
from kpis.periods import Span
from kpis.values import values
from tests.kpis.test_figures_pages import shown


def test_an_empty_house_has_no_shares_and_no_zeros_in_their_place(db, clara):
    for one in values(clara, Span.until_today(30)).values():
        nothing = None if one.kpi.how not in ("sum", "level") else 0
        assert one.value == nothing, one.code


def test_an_empty_house_says_what_is_missing(clara):
    client = Client()
    client.force_login(clara)
    page = client.get("/kpis/")
    html = page.content.decode()
    assert "Nothing has happened in this time yet." in html
    for code, card in shown(page).items():
        nothing = KPIS[code].how not in ("sum", "level")
        assert (card.value == "–") == nothing, code
        assert bool(card.empty) == nothing
    assert "NaN" not in html
    for code in KPIS:
        assert client.get(f"/kpis/{code}/").status_code == 200
