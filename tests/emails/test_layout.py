import pytest

from emails.html import sanitise, text_of
from tests.explosions import no_explosion


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Guten Tag,</p><p>bitte<br>liefern.</p>", "Guten Tag,\n\nbitte\nliefern."),
        ("<div>A</div><div><br></div><div>B</div>", "A\n\nB"),
        ("<div>A</div><div>B</div>", "A\nB"),
        ("<ul><li>500 Knöpfe<li>200 Haken</ul>", "* 500 Knöpfe\n* 200 Haken"),
        ("<ol start=3><li>drei<li>vier</ol>", "3. drei\n4. vier"),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", "* a\n  * b\n* c"),
        ("<ol><li><p>eins</p><p>noch</p></ol>", "1. eins\n\n   noch"),
        ("<blockquote>alt<blockquote>älter</blockquote></blockquote>neu", "> alt\n>\n> > älter\n\nneu"),
        ("<blockquote style='margin:0 0 0 40px;border:none;padding:0'>eingerückt</blockquote>", "eingerückt"),
        ("<pre>a  b\n  c</pre>", "a  b\n  c"),
        ("<h1>Titel</h1>Text", "Titel\n\nText"),
        ("<dl><dt>Name<dd>Anna</dl>", "Name\nAnna"),
        ("a <b> b </b> c<span>d</span>", "a b cd"),
        ("<p>Siehe <a href='https://x.example/'>Katalog</a></p>", "Siehe Katalog"),
        ("<table><tr><th>Art.<th>Menge<tr><td>KN-2000<td>5</table>", "Art.     Menge\nKN-2000  5"),
        ("<table><tr><td>1<td>KN-10<br>rot<td>500</table>", "1  KN-10  500\n   rot"),
        ("<table><tr><td><table><tr><td>innen</table><tr><td>unten</table>", "innen\nunten"),
        ("<td>verirrt</td><li>lose", "verirrt\n* lose"),
        ("Kn\u00adöp\u200bfe&nbsp;rot", "Knöpfe rot"),
    ],
)  # fmt: skip
def test_the_text_of_html_keeps_its_structure(html, text):
    assert text_of(html) == text


@pytest.mark.parametrize(
    "hidden",
    [
        "<div style='display:none'>{}</div>",
        "<span style='color:red; DISPLAY : none !important'>{}</span>",
        "<div hidden>{}</div>",
        "<p style='mso-hide:all'>{}</p>",
        "<!--[if mso]>{}<![endif]-->",
        "<title>{}</title>",
        "<style>{}</style>",
    ],
)
def test_what_nobody_sees_is_in_no_text_and_not_shown(hidden):
    html = f"<p>vorher</p>{hidden.format('unsichtbar')}<p>nachher</p>"
    assert text_of(html) == "vorher\n\nnachher"
    assert "unsichtbar" not in sanitise(html)[0]


BOMBS = {
    "tables in tables": "<table><tr><td>" * 60 + "a<br>" * 30_000,
    "quotes in quotes": "<blockquote>" * 150 + "a<br>" * 30_000,
    "lists in lists": "<ul><li>" * 90 + "a<br>" * 30_000,
    "tall cells": "<table><tr><td>" + "a<br>" * 8 + ("<td>" + "x" * 40) * 10_000,
    "cells": "<table><tr>" + "<td>x" * 30_000,
    "lines": "<pre>" * 190 + "\n" * 400_000,
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_b5_laying_out_stays_in_proportion(bomb):
    with no_explosion():
        assert len(text_of(bomb[:500_000])) <= 1_000_000
