import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emails.html import sanitise, strip, text_of
from tests.explosions import no_explosion

quick = settings(max_examples=100, deadline=None, database=None)


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><style><img src=x onerror=alert(1)></style></svg>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='java&#10;script:alert(1)'>x</a>",
        "<a href='vbscript:x'>x</a>",
        "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<form action=https://evil.example><button>Go</button></form>",
        "<base href=https://evil.example/>",
        "<meta http-equiv=refresh content='0;url=https://evil.example'>",
        "<link rel=stylesheet href=https://evil.example/x.css>",
        "<style>@import url(https://evil.example)</style>",
        "<p style='background:url(https://evil.example)'>x</p>",
        "<p style='color:u\\72l(https://evil.example)'>x</p>",
        "<p style='background-color:image-set(\"https://evil.example\")'>x</p>",
        "<p style='width:expression(alert(1))'>x</p>",
        "<table background=https://evil.example>",
        "<img srcset='https://evil.example 2x'>",
        "<object data=https://evil.example></object><embed src=https://evil.example>",
        "<video src=https://evil.example poster=https://evil.example></video>",
        "<input type=image src=https://evil.example>",
        "<textarea><img title='</textarea><img src=x onerror=alert(1)>'>",
        "<template><script>alert(1)</script></template>",
        "<!--[if mso]><img src=https://evil.example><![endif]-->",
        "<xmp><p title='</xmp><script>alert(1)</script>'>",
    ],
)
def test_b6_nothing_in_safe_html_acts_by_itself(attack):
    safe = sanitise(f"<p>vorher</p>{attack}<p>nachher</p>")[0].lower()
    for trace in (
        "alert",
        "evil.example",
        "javascript",
        "<script",
        "<form",
        "<style",
        "onerror",
        "expression",
    ):
        assert trace not in safe
    assert "vorher" in safe


@pytest.mark.parametrize(
    "source",
    [
        "http://t.example/p",
        "https://t.example/p",
        "//t.example/p",
        "data:image/png;base64,AA",
        "/p.png",
    ],
)
def test_b7_only_pictures_of_the_mail_itself_are_kept(source):
    safe, _ = sanitise(f'<img src="{source}" alt="Bild"><img src="cid:logo@house">')
    assert source not in safe
    assert 'src="cid:logo@house"' in safe


def test_links_open_apart_and_tell_nothing():
    safe, _ = sanitise('<a href="https://kunde.example/" target="_top" onclick="x()">Seite</a>')
    assert 'rel="noopener noreferrer nofollow"' in safe
    assert 'target="_blank"' in safe
    assert "onclick" not in safe
    assert "_top" not in safe


def test_harmless_styles_stay_and_others_go():
    safe, _ = sanitise('<p style="color:rgb(1,2,3);position:fixed;font-weight:bold">x</p>')
    assert "color:rgb(1, 2, 3)" in safe
    assert "font-weight:bold" in safe
    assert "position" not in safe


def test_what_comes_out_may_go_in_again():
    once, _ = sanitise(
        '<h1>A</h1><table><tr><td style="color:red">1 &lt; 2</td></tr></table><a href="https://x.example">x</a>'
    )
    assert sanitise(once) == (once, "")


def test_tables_are_read_row_by_row():
    text = text_of(
        "<p>Wir bestellen:</p><table><tr><td>KN-10</td><td>100</td></tr><tr><td>KN-2000</td><td>5</td></tr></table>"
    )
    assert [line.split() for line in text.splitlines() if "KN" in line] == [
        ["KN-10", "100"],
        ["KN-2000", "5"],
    ]


def test_text_is_without_styles_scripts_and_entities():
    assert (
        text_of("<style>p{}</style><p>Müller &amp; S&ouml;hne</p><script>x</script>")
        == "Müller & Söhne"
    )
    assert (
        strip(
            "<style>p{}</style><p>Müller &amp; S&ouml;hne</p><!-- a > b --><script>x</script>"
        ).strip()
        == "Müller & Söhne"
    )


@pytest.mark.parametrize("blank", ["", "  \n", "<!-- nur das -->", "<html></html>"])
def test_html_without_content_is_no_defect(blank):
    assert sanitise(blank) == ("", "")
    assert text_of(blank) == ""


FONTS = "".join(f"<font size={n}>" for n in range(190))
BOMBS = {
    "deep": "<div>" * 100_000 + "letzte Worte",
    "reopened": (FONTS + "<p>x</p>" * 60_000)[:500_000] + "letzte Worte",
    "large": "<p>x</p>" * 700_000 + "letzte Worte",
    "attributes": f"<p title='{'x' * 5_000_000}'>letzte Worte",
    "growing": "<a href=https://x>x</a>" * 22_000 + "letzte Worte",
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_b5_html_beyond_the_bounds_is_told_and_not_shown(bomb):
    with no_explosion():
        safe, defect = sanitise(bomb)
        text_of(bomb)
        assert (safe, bool(defect)) == ("", True)


WIDE = (
    "<table><tr><td>" + "a" * 200_000 + "</td></tr>" + "<tr><td>x</td></tr>" * 10_000 + "</table>"
)
TALL = "<table><tr><td>" + "a<br>" * 40_000 + "</td>" + "<td>x" * 40_000 + "</tr></table>"


HOSTILE = {
    "wide": WIDE,
    "tall": TALL,
    "brackets": "<" * 500_000,
    "comments": "<!--" * 120_000,
    "scripts": "<script>" * 60_000,
}


@pytest.mark.parametrize("bomb", HOSTILE.values(), ids=HOSTILE.keys())
def test_b5_text_of_hostile_html_is_bounded(bomb):
    with no_explosion():
        assert len(text_of(bomb)) <= 1_000_000


fragments = st.lists(
    st.sampled_from(["<p>", "</p>", "<table>", "<td>", "</tr>", "<b>", "<!--", "-->", "<script>", "<", ">", "&#0;", "&#xd800;",
                     "<?xml encoding='x'?>", "<!DOCTYPE", "\0", "\ud800", "ü", "<svg>", "<li>", "<ol start=x>", "<td rowspan=-1>", "="]),
    max_size=40,
).map("".join)  # fmt: skip


@quick
@given(fragments | st.text(st.characters(), max_size=80))
def test_b3_no_html_raises(html):
    safe, _ = sanitise(html)
    assert "<script" not in safe
    (safe + text_of(html) + strip(html)).encode()
