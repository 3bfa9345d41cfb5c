"""A round button, from its shadow to its holes."""

from math import cos, pi, sin

from shop.pictures import paint
from shop.pictures.looks import Look
from shop.pictures.surfaces import MIDDLE, Surface

SHADOW = "#1b1712"


def round_button(seen: Look, made_of: Surface, radius: float, art: str = "", defs: str = "") -> str:
    """`art` lies on the face, below holes and gloss."""
    face = radius * 0.71
    centre = holes(seen, made_of, radius) if seen.holes else ""
    return "".join(
        (
            definitions(made_of, radius, defs),
            shadow(radius),
            body(made_of, radius),
            well(made_of, face) if seen.holes else dome(face),
            rim(made_of, radius, face),
            art,
            centre,
            gloss(made_of, radius),
        )
    )


def definitions(made_of: Surface, radius: float, more: str = "") -> str:
    inward = tuple((1 - at, colour) for at, colour in reversed(made_of.light))
    return (
        "<defs>"
        + paint.radial("body", made_of.light)
        + paint.radial("well", inward, x=0.62, y=0.68)
        + paint.fading("lit", "#ffffff", angle=45)
        + paint.fading("shaded", "#000000", angle=45)
        + paint.blur("soft", 12)
        + paint.blur("fine", 5)
        + f'<clipPath id="all"><circle cx="{MIDDLE}" cy="{MIDDLE}" r="{radius:g}"/></clipPath>'
        + f'<clipPath id="face"><circle cx="{MIDDLE}" cy="{MIDDLE}" r="{radius * 0.71:g}"/></clipPath>'
        + made_of.defs
        + more
        + "</defs>"
    )


def shadow(radius: float) -> str:
    return (
        f'<ellipse cx="{MIDDLE + 7}" cy="{MIDDLE + 17}" rx="{radius:g}" ry="{radius * 0.985:g}" '
        f'fill="{SHADOW}" opacity=".38" filter="url(#soft)"/>'
    )


def circle(radius: float, fill: str, more: str = "") -> str:
    return f'<circle cx="{MIDDLE}" cy="{MIDDLE}" r="{radius:g}" fill="{fill}" {more}/>'


def ring(radius: float, colour: str, width: float, opacity: float, more: str = "") -> str:
    stroke = f'stroke="{colour}" stroke-width="{width:g}" opacity="{opacity:g}" {more}'
    return circle(radius, "none", stroke)


def body(made_of: Surface, radius: float) -> str:
    layers = "".join(made_of.layers)
    return circle(radius, "url(#body)") + f'<g clip-path="url(#all)">{layers}</g>'


def well(made_of: Surface, face: float) -> str:
    return circle(face, "url(#well)", f'opacity="{0.3 if made_of.layers else 0.5}"')


def dome(face: float) -> str:
    """A closed face, with the shank behind it."""
    return circle(face, "url(#body)", 'opacity=".35"')


def rim(made_of: Surface, radius: float, face: float) -> str:
    """The raised edge: lit on its upper left, and again where the well rises on the other side."""
    turned = f'transform="rotate(180 {MIDDLE} {MIDDLE})"'
    return (
        ring(radius - 1.2, made_of.edge, 2.4, 0.55)
        + ring(radius - 5, "url(#lit)", 3.4, 0.5 + 0.4 * made_of.gloss)
        + ring(face, "url(#shaded)", 3.4, 0.4)
        + ring(face + 3, "url(#lit)", 2.6, 0.6, turned)
    )


def holes(seen: Look, made_of: Surface, radius: float) -> str:
    places = _places(seen.holes, radius * (0.2 if seen.holes == 4 else 0.19))
    size = radius * (0.078 if seen.holes == 4 else 0.088)
    return "".join(_hole(x, y, size) for x, y in places) + _threads(seen, made_of, places, size)


def _places(number: int, away: float) -> list[tuple[float, float]]:
    first = pi / 4 if number == 4 else 0.0
    return [
        (MIDDLE + away * cos(first + turn * 2 * pi / number),
         MIDDLE + away * sin(first + turn * 2 * pi / number))
        for turn in range(number)
    ]  # fmt: skip


def _hole(x: float, y: float, size: float) -> str:
    return (
        f'<circle cx="{x + 1.6:.1f}" cy="{y + 2:.1f}" r="{size + 1.8:.1f}" fill="#fff" '
        'opacity=".45"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" fill="#14110f"/>'
        f'<circle cx="{x + 1.2:.1f}" cy="{y + 1.8:.1f}" r="{size * 0.8:.1f}" fill="#3a332d"/>'
    )


def _threads(seen: Look, made_of: Surface, places: list[tuple[float, float]], size: float) -> str:
    """Crossed or side by side, as the seamstress of this one liked it."""
    ways = [(0, 2), (1, 3)], [(0, 3), (1, 2)]
    pairs = [(0, 1)] if seen.holes == 2 else ways[seen.seed % 2]
    return "".join(
        _strand(places[one], places[other], shift * size, size, made_of.thread)
        for one, other in pairs
        for shift in (-0.42, 0.0, 0.42)
    )


def _strand(
    start: tuple[float, float], end: tuple[float, float], shift: float, size: float, colour: str
) -> str:
    length = ((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5
    across = (end[1] - start[1]) / length * shift, (start[0] - end[0]) / length * shift
    points = [(x + across[0], y + across[1]) for x, y in (start, end)]
    (x1, y1), (x2, y2) = points
    line = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke-linecap="round"'
    shade = paint.darker(colour, 0.5)
    return (
        f'<line {line} stroke="{shade}" stroke-width="{size * 0.5:.1f}" opacity=".6"/>'
        f'<line {line} stroke="{colour}" stroke-width="{size * 0.36:.1f}"/>'
    )


def gloss(made_of: Surface, radius: float) -> str:
    """The window that shines on it, upper left."""
    strength = 0.16 + 0.5 * made_of.gloss
    x, y = MIDDLE - radius * 0.42, MIDDLE - radius * 0.56
    return (
        f'<ellipse cx="{x:.0f}" cy="{y:.0f}" rx="{radius * 0.36:.0f}" ry="{radius * 0.13:.0f}" '
        f'transform="rotate(-36 {x:.0f} {y:.0f})" fill="#fff" opacity="{strength:.2f}" '
        'filter="url(#fine)"/>'
    )
