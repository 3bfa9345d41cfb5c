"""What each material looks like: its shades, its grain and how it shines."""

from dataclasses import dataclass

from shop.pictures import paint
from shop.pictures.looks import Look
from shop.pictures.paint import Stop

MIDDLE = 240


Grain = tuple[float, float, float, float, float, float]
"""How much lighter (or, below zero, darker), noise across and along, depth, cut, opacity."""


@dataclass(frozen=True, slots=True)
class Surface:
    """Definitions to put into the picture, and the layers that lie over the body's gradient."""

    light: tuple[Stop, ...]
    """From where the light falls to the edge in the shade."""
    defs: str
    layers: tuple[str, ...]
    """Rectangles over everything, to be clipped by a shape."""
    gloss: float
    """0 for matt wood, 1 for crystal."""
    thread: str
    edge: str

    @classmethod
    def of(cls, seen: Look) -> "Surface":
        defs, layers = _grained(seen)
        return cls(
            light=_light(seen),
            defs=defs,
            layers=layers,
            gloss=GLOSS[seen.material],
            thread=_thread(seen.colour),
            edge=paint.darker(seen.colour, 0.45),
        )


GLOSS = {
    "pearl": 0.75, "horn": 0.5, "nut": 0.3, "wood": 0.12, "crystal": 1.0, "porcelain": 0.95,
    "leather": 0.2, "metal": 0.7, "plastic": 0.55,
}  # fmt: skip


def _light(seen: Look) -> tuple[Stop, ...]:
    colour = seen.colour
    if seen.material == "metal":
        return (
            (0, paint.lighter(colour, 0.75)),
            (0.35, paint.lighter(colour, 0.15)),
            (0.7, paint.darker(colour, 0.25)),
            (1, paint.darker(colour, 0.5)),
        )
    depth = 0.18 if paint.brightness(colour) > 0.8 else 0.38
    return (
        (0, paint.lighter(colour, 0.34 if paint.brightness(colour) < 0.8 else 0.6)),
        (0.45, colour),
        (1, paint.darker(colour, depth)),
    )


def _thread(colour: str) -> str:
    if paint.brightness(colour) > 0.75:
        return paint.darker(colour, 0.16)
    return paint.lighter(colour, 0.42)


def sheet(grain: str, *, opacity: float = 1.0, angle: float = 0) -> str:
    turned = f' transform="rotate({angle:g} {MIDDLE} {MIDDLE})"' if angle else ""
    return (
        f'<rect x="-120" y="-120" width="720" height="720" filter="url(#{grain})" '
        f'opacity="{opacity:g}"{turned}/>'
    )


def _grained(seen: Look) -> tuple[str, tuple[str, ...]]:
    angle = seen.seed % 60 - 30
    colour, dark = seen.colour, paint.brightness(seen.colour) < 0.45
    if seen.material == "pearl" or seen.finish == "sheen":
        depth = 0.5 if dark else 0.42
        defs = paint.shimmer("g1", seed=seen.seed) + paint.grain(
            "g2", "#ffffff", across=0.004, along=0.03, seed=seen.seed, depth=1.9, cut=0.85
        )
        return defs, (
            sheet("g1", opacity=depth, angle=angle),
            sheet("g2", opacity=0.55, angle=angle + 20),
        )
    grains = GRAINS.get(seen.finish or seen.material, ())
    defs, layers = "", []
    for number, (tone, across, along, depth, cut, opacity) in enumerate(grains):
        shade = paint.lighter(colour, tone) if tone > 0 else paint.darker(colour, -tone)
        defs += paint.grain(
            f"g{number}", shade,
            across=across, along=along, seed=seen.seed + number, depth=depth, cut=cut,
        )  # fmt: skip
        layers.append(sheet(f"g{number}", opacity=opacity, angle=angle))
    return defs, tuple(layers)


GRAINS: dict[str, tuple[Grain, ...]] = {
    "horn": ((0.5, 0.004, 0.03, 4.2, 2.1, 0.75), (-0.6, 0.005, 0.05, 4.5, 2.2, 0.7)),
    "wood": ((-0.5, 0.006, 0.075, 3.6, 1.7, 0.6), (0.3, 0.008, 0.16, 3.2, 1.7, 0.5)),
    "nut": ((-0.4, 0.012, 0.05, 4.0, 2.0, 0.55), (0.4, 0.02, 0.08, 4.0, 2.1, 0.4)),
    "leather": ((-0.55, 0.09, 0.09, 3.4, 1.6, 0.5), (0.3, 0.07, 0.08, 3.2, 1.75, 0.35)),
    "metal": ((0.7, 0.003, 0.35, 2.4, 1.15, 0.22),),
    "speckled": ((0.75, 0.05, 0.05, 9.0, 5.4, 0.8), (-0.6, 0.06, 0.06, 9.0, 5.5, 0.8)),
}
