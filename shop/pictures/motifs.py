"""What stands on a button's face, or is its shape."""

from collections.abc import Callable
from math import cos, pi, sin

from shop.pictures import figures, paint
from shop.pictures.faces import circle, ring, round_button
from shop.pictures.looks import Look
from shop.pictures.surfaces import MIDDLE, Surface

Shape = Callable[[Look, Surface, float], str]


def anchor(seen: Look, made_of: Surface, radius: float) -> str:
    rope = _beads(radius * 0.8, 44, radius * 0.026, made_of)
    return round_button(seen, made_of, radius, rope + _embossed(figures.ANCHOR, seen, radius))


def crest(seen: Look, made_of: Surface, radius: float) -> str:
    line = ring(radius * 0.8, paint.lighter(seen.colour, 0.5), 2, 0.6)
    return round_button(seen, made_of, radius, line + _embossed(figures.CROWN, seen, radius))


def antique(seen: Look, made_of: Surface, radius: float) -> str:
    petals = "".join(
        _embossed(figures.PETAL, seen, radius * 0.95, turn=turn) for turn in range(0, 360, 45)
    )
    beads = _beads(radius * 0.84, 36, radius * 0.045, made_of)
    patina = circle(radius * 0.71, paint.darker(seen.colour, 0.7), 'opacity=".22"')
    knob = circle(radius * 0.14, "url(#body)") + ring(radius * 0.14, made_of.edge, 2, 0.6)
    return round_button(seen, made_of, radius, patina + petals + beads + knob)


def diamonds(seen: Look, made_of: Surface, radius: float) -> str:
    tones = [paint.lighter(seen.colour, 0.75), paint.lighter(seen.colour, 0.2),
             paint.darker(seen.colour, 0.45), paint.darker(seen.colour, 0.15)]  # fmt: skip
    corners = ((0, 0), (30, 0), (30, 30), (0, 30))
    sides = "".join(
        f'<path d="M{corners[at][0]} {corners[at][1]}L{corners[(at + 1) % 4][0]} '
        f'{corners[(at + 1) % 4][1]}L15 15z" fill="{tones[(at + 3) % 4]}"/>'
        for at in range(4)
    )
    studs = (
        '<pattern id="studs" width="30" height="30" patternUnits="userSpaceOnUse" '
        f'patternTransform="translate({MIDDLE} {MIDDLE}) rotate(45)">{sides}</pattern>'
    )
    art = circle(radius * 0.71, "url(#studs)", 'opacity=".85"') + circle(
        radius * 0.71, "url(#body)", 'opacity=".3"'
    )
    return round_button(seen, made_of, radius, art, studs)


def facets(seen: Look, made_of: Surface, radius: float) -> str:
    """Cut crystal: a table, and facets that catch the light each in its own way."""
    number, parts = 12, []
    for at in range(number):
        middle, nexts = 2 * pi * at / number, 2 * pi * (at + 1) / number
        outer = _on(radius * 0.97, middle), _on(radius * 0.97, nexts)
        inner = _on(radius * 0.5, middle), _on(radius * 0.5, nexts)
        top = _on(radius * 0.76, (middle + nexts) / 2)
        lit = 0.5 + 0.5 * cos(middle + pi / number - 3.9)
        parts += [
            _facet((outer[0], outer[1], top), lit * 0.9),
            _facet((outer[0], top, inner[0]), 1 - lit),
            _facet((outer[1], top, inner[1]), lit * (at % 2)),
            _facet((inner[0], top, inner[1]), (1 - lit) * 0.8 + 0.1),
        ]
    table = [_on(radius * 0.5, 2 * pi * at / number) for at in range(number)]
    rays = "".join(
        _facet((_on(0, 0), table[at], table[at + 1]), 0.35 + 0.3 * (at // 2 % 2))
        for at in range(0, number, 2)
        if at + 1 < number
    )
    return round_button(seen, made_of, radius, "".join(parts) + rays)


def _on(radius: float, angle: float) -> tuple[float, float]:
    return MIDDLE + radius * cos(angle), MIDDLE + radius * sin(angle)


def _facet(points: tuple[tuple[float, float], ...], lit: float) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    fill, strength = ("#ffffff", lit) if lit > 0.45 else ("#5f88a8", 0.5 - lit)
    return (
        f'<polygon points="{path}" fill="{fill}" fill-opacity="{min(strength, 0.9):.2f}" '
        'stroke="#ffffff" stroke-opacity=".7" stroke-width="1"/>'
    )


def flower(seen: Look, made_of: Surface, radius: float) -> str:
    blue = "#1d3f9a"
    scale = radius / 150
    petals = "".join(
        f'<path d="{figures.PAINTED_PETAL}" transform="translate({MIDDLE} {MIDDLE}) '
        f'rotate({turn}) scale({scale:.3f})" fill="url(#cobalt)"/>'
        for turn in range(0, 360, 45)
    )
    leaves = "".join(
        f'<path d="{figures.LEAF}" transform="translate({MIDDLE} {MIDDLE}) '
        f'rotate({turn}) scale({scale:.3f})" fill="{blue}" fill-opacity=".75"/>'
        for turn in range(22, 382, 45)
    )
    rings = ring(radius * 0.92, blue, 5, 0.85) + ring(radius * 0.84, blue, 1.6, 0.8)
    cobalt = paint.radial("cobalt", ((0, "#7f9ee0"), (0.5, "#2b53b8"), (1, "#142d78")), x=0.5, y=1)
    return round_button(seen, made_of, radius, rings + petals + leaves, cobalt)


def weave(seen: Look, made_of: Surface, radius: float) -> str:
    """Leather straps, over and under."""
    tones = ((0, paint.darker(seen.colour, 0.55)), (0.3, paint.lighter(seen.colour, 0.2)),
             (0.6, seen.colour), (1, paint.darker(seen.colour, 0.6)))  # fmt: skip
    defs = paint.linear("lying", tones, angle=90) + paint.linear("standing", tones, angle=0)
    step = radius * 0.52
    straps = "".join(
        _strap(MIDDLE + (row - 1.5) * step, MIDDLE + (line - 1.5) * step, step, (row + line) % 2)
        for row in range(-1, 5)
        for line in range(-1, 5)
    )
    ball = circle(radius, "url(#body)", 'opacity=".35"') + ring(radius - 2, made_of.edge, 5, 0.5)
    art = f'<g clip-path="url(#all)"><g transform="rotate(45 240 240)">{straps}</g></g>{ball}'
    return round_button(seen, made_of, radius, art, defs)


def _strap(x: float, y: float, step: float, lying: int) -> str:
    fill = "lying" if lying else "standing"
    width, height = (step * 1.12, step * 0.94) if lying else (step * 0.94, step * 1.12)
    left, top = x + (step - width) / 2, y + (step - height) / 2
    return (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'rx="{step * 0.2:.1f}" fill="url(#{fill})" stroke="#000" stroke-opacity=".35"/>'
    )


def tuft(seen: Look, made_of: Surface, radius: float) -> str:
    """Covered: the cloth is drawn over a dome and gathered behind it."""
    folds = "".join(
        f'<line x1="{_on(radius * 0.84, turn)[0]:.1f}" y1="{_on(radius * 0.84, turn)[1]:.1f}" '
        f'x2="{_on(radius, turn + 0.06)[0]:.1f}" y2="{_on(radius, turn + 0.06)[1]:.1f}" '
        f'stroke="{paint.darker(seen.colour, 0.6)}" stroke-width="4" opacity=".5" '
        'stroke-linecap="round"/>'
        for turn in (2 * pi * at / 22 + 0.02 * (seen.seed >> at % 8 & 3) for at in range(22))
    )
    cloth = paint.grain(
        "cloth", paint.lighter(seen.colour, 0.5),
        across=0.35, along=0.35, seed=seen.seed, depth=2.2, cut=1.05,
    )  # fmt: skip
    weave_of_it = (
        '<g clip-path="url(#all)"><rect width="480" height="480" filter="url(#cloth)" '
        'opacity=".35"/></g>'
    )
    ball = circle(radius, "url(#body)", 'opacity=".55"')
    return round_button(seen, made_of, radius, weave_of_it + ball + folds, cloth)


def rivet(seen: Look, made_of: Surface, radius: float) -> str:
    groove = ring(radius * 0.6, "#000000", 5, 0.3) + ring(radius * 0.57, "#ffffff", 2.4, 0.4)
    wreath = _beads(radius * 0.8, 30, radius * 0.03, made_of)
    nail = (
        circle(radius * 0.24, made_of.edge, 'opacity=".55"')
        + circle(radius * 0.22, "url(#body)")
        + ring(radius * 0.22, "url(#lit)", 2.4, 0.8)
    )
    return round_button(seen, made_of, radius, groove + wreath + nail)


def snap(seen: Look, made_of: Surface, radius: float) -> str:
    art = (
        ring(radius * 0.86, "#000000", 3, 0.2)
        + circle(radius * 0.52, "url(#well)")
        + ring(radius * 0.52, "url(#shaded)", 5, 0.6)
        + circle(radius * 0.4, paint.darker(seen.colour, 0.75))
        + circle(radius * 0.33, "url(#body)")
        + circle(radius * 0.16, "url(#well)")
        + ring(radius * 0.33, "url(#lit)", 3, 0.9)
    )
    return round_button(seen, made_of, radius, art)


def magnet(seen: Look, made_of: Surface, radius: float) -> str:
    steel = ((0, "#ffffff"), (0.4, "#c9ccd2"), (1, "#6d7178"))
    art = (
        circle(radius * 0.58, made_of.edge, 'opacity=".5"')
        + circle(radius * 0.55, "url(#steel)")
        + ring(radius * 0.55, "url(#lit)", 3, 0.9)
        + ring(radius * 0.36, "#000000", 1.6, 0.14)
        + ring(radius * 0.86, "#000000", 2, 0.18)
    )
    return round_button(seen, made_of, radius, art, paint.radial("steel", steel))


def glow(seen: Look, made_of: Surface, radius: float) -> str:
    halo = (
        '<defs><radialGradient id="halo"><stop offset=".55" stop-color="#c8f58a" '
        'stop-opacity=".85"/><stop offset="1" stop-color="#c8f58a" stop-opacity="0"/>'
        "</radialGradient></defs>"
    )
    return (
        halo + circle(min(radius * 1.42, 236), "url(#halo)") + round_button(seen, made_of, radius)
    )


def blank(seen: Look, made_of: Surface, radius: float) -> str:
    """Seen from behind: the shell with its teeth, and the bar that holds the thread."""
    teeth = "".join(
        f'<line x1="{_on(radius * 0.6, turn)[0]:.1f}" y1="{_on(radius * 0.6, turn)[1]:.1f}" '
        f'x2="{_on(radius * 0.68, turn)[0]:.1f}" y2="{_on(radius * 0.68, turn)[1]:.1f}" '
        f'stroke="{made_of.edge}" stroke-width="4" opacity=".7"/>'
        for turn in (2 * pi * at / 20 for at in range(20))
    )
    bar = radius * 0.3
    loop = (
        f'<rect x="{MIDDLE - bar:.1f}" y="{MIDDLE - bar * 0.34:.1f}" width="{2 * bar:.1f}" '
        f'height="{bar * 0.68:.1f}" rx="{bar * 0.3:.1f}" fill="{paint.darker(seen.colour, 0.7)}"/>'
        f'<rect x="{MIDDLE - bar:.1f}" y="{MIDDLE - bar * 0.12:.1f}" width="{2 * bar:.1f}" '
        f'height="{bar * 0.24:.1f}" rx="{bar * 0.12:.1f}" fill="{paint.lighter(seen.colour, 0.5)}"/>'
    )
    inside = circle(radius * 0.71, "url(#well)") + ring(radius * 0.71, "url(#shaded)", 6, 0.5)
    hub = circle(radius * 0.44, "url(#body)") + ring(radius * 0.44, "url(#lit)", 3, 0.9)
    return round_button(seen, made_of, radius, inside + teeth + hub + loop)


def _beads(away: float, number: int, size: float, made_of: Surface) -> str:
    dots = []
    for at in range(number):
        x, y = _on(away, 2 * pi * at / number)
        dots.append(
            f'<circle cx="{x + 1:.1f}" cy="{y + 1.4:.1f}" r="{size:.1f}" fill="{made_of.edge}" '
            f'opacity=".55"/><circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" '
            f'fill="{made_of.light[0][1]}" opacity=".75"/>'
        )
    return "".join(dots)


def _embossed(path: str, seen: Look, radius: float, *, turn: float = 0) -> str:
    """Raised from the metal: lit on its upper left, dark on the other side."""
    scale = radius / 150
    drawn = (
        (2.2, 2.6, paint.darker(seen.colour, 0.75), 0.75),
        (-1.6, -1.6, paint.lighter(seen.colour, 0.85), 0.85),
        (0, 0, paint.lighter(seen.colour, 0.22), 1),
    )
    return "".join(
        f'<g transform="translate({MIDDLE + x:g} {MIDDLE + y:g}) rotate({turn:g}) '
        f'scale({scale:.3f})" fill="{fill}" stroke="{fill}" opacity="{opacity:g}">{path}</g>'
        for x, y, fill, opacity in drawn
    )


SHAPES: dict[str, Shape] = {
    "anchor": anchor,
    "antique": antique,
    "blank": blank,
    "boat": figures.boat,
    "crest": crest,
    "diamonds": diamonds,
    "facets": facets,
    "flower": flower,
    "glow": glow,
    "ladybird": figures.ladybird,
    "magnet": magnet,
    "rivet": rivet,
    "snap": snap,
    "toggle": figures.toggle,
    "tuft": tuft,
    "weave": weave,
}
