import pytest

from emails.html import sanitise
from emails.marking import Marker, Sought
from tests.explosions import no_explosion


def marker(*words, own=None):
    return Marker(
        [Sought(one, f"for {one}", "color: red") for one in words], own or " ".join(words)
    )


def marked(marker, text):
    return [piece for piece, sought in marker.pieces(text) if sought]


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        ("mängelrüge", "Eine MÄNGELRÜGE an Sie", ["MÄNGELRÜGE"]),
        ("mängelrüge", "Eine Ma\u0308ngelru\u0308ge an Sie", ["Ma\u0308ngelru\u0308ge"]),
        ("mängelrüge", "Eine Maengelruege an Sie", ["Maengelruege"]),
        ("sehr dringend", "Das ist sehr\n  dringend!", ["sehr\n  dringend"]),
        ("e mail", "Per E-Mail", ["E-Mail"]),
        ("app", "Apple und App", ["App"]),
        ("1.234,50 EUR", "über 1.234,50 EUR.", ["1.234,50 EUR"]),
    ],
)
def test_words_are_found_as_people_write_them(words, text, found):
    assert marked(marker(words, own=text), text) == found


def test_pieces_are_the_whole_text_again():
    text = "Knöpfe defekt, sehr defekt\r\n> defekt ß İ"
    assert "".join(piece for piece, _ in marker("defekt", own=text).pieces(text)) == text


def test_quoted_history_keeps_no_marks():
    own = "Die Ware ist defekt."
    assert marked(marker("defekt", own=own), f"{own}\n> auch defekt") == ["defekt"]


def test_the_longest_words_win():
    text = "bis Freitag KW 48"
    assert marked(marker("freitag", text, own=text), text) == [text]


def test_html_is_marked_in_its_text_and_nowhere_else():
    html = '<p title="defekt">Alles <b>defekt</b> &lt;i&gt; defekt</p>defekt'
    shown, _ = sanitise(marker("defekt", own="defekt defekt defekt").html(html))
    assert shown.count("<mark ") == 3
    assert 'title="defekt"' in shown
    assert "&lt;i&gt;" in shown


def test_b6_a_mark_opens_no_door():
    evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    one = Marker([Sought(evil, evil, evil)], evil)
    for html in (f"<p>{evil}</p>", "<p>&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;</p>"):
        shown, _ = sanitise(one.html(html))
        assert "<script" not in shown
        assert "onerror" not in shown.replace("onerror=alert(1)&gt;", "")


def test_nothing_sought_leaves_html_alone():
    assert Marker([], "x").html("<p>x</p>") == "<p>x</p>"
    assert marker("x").html("") == ""


def test_b14_marking_costs_no_time():
    with no_explosion():
        text = "defekt " * 100_000
        list(marker("defekt", own=text).pieces(text))
        marker("defekt", own=text).html(f"<p>{text}</p>")
