"""Colours, gradients and grains: what surfaces are painted with."""

from collections.abc import Iterable

Stop = tuple[float, str]


def channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mixed(colour: str, other: str, share: float) -> str:
    """Return the colour with a share of the other."""
    pairs = zip(channels(colour), channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def lighter(colour: str, share: float) -> str:
    return mixed(colour, "#ffffff", share)


def darker(colour: str, share: float) -> str:
    return mixed(colour, "#0b0a10", share)


def brightness(colour: str) -> float:
    red, green, blue = channels(colour)
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def radial(name: str, stops: Iterable[Stop], *, x: float = 0.36, y: float = 0.3) -> str:
    """A ball in light from the upper left."""
    return (
        f'<radialGradient id="{name}" cx="{x}" cy="{y}" r="0.85" fx="{x}" fy="{y}">'
        f"{_stops(stops)}</radialGradient>"
    )


def linear(name: str, stops: Iterable[Stop], *, angle: float = 45) -> str:
    return (
        f'<linearGradient id="{name}" x1="0" y1="0" x2="1" y2="0" '
        f'gradientTransform="rotate({angle} .5 .5)">{_stops(stops)}</linearGradient>'
    )


def fading(name: str, colour: str, *, angle: float) -> str:
    """A colour that is strong where the light comes from, and gone on the other side."""
    stops = "".join(
        f'<stop offset="{at}" stop-color="{colour}" stop-opacity="{strength}"/>'
        for at, strength in ((0, 1), (0.4, 0.45), (0.62, 0))
    )
    return (
        f'<linearGradient id="{name}" x1="0" y1="0" x2="1" y2="0" '
        f'gradientTransform="rotate({angle:g} .5 .5)">{stops}</linearGradient>'
    )


def _stops(stops: Iterable[Stop]) -> str:
    return "".join(f'<stop offset="{at:g}" stop-color="{colour}"/>' for at, colour in stops)


def grain(  # noqa: PLR0913 - one row of numbers for each material
    name: str, colour: str, *, across: float, along: float, seed: int, depth: float, cut: float
) -> str:
    """Streaks or specks of a colour: noise, thin where `cut` is high, strong where `depth` is."""
    red, green, blue = (channel / 255 for channel in channels(colour))
    return (
        f'<filter id="{name}" x="0" y="0" width="1" height="1">'
        f'<feTurbulence type="fractalNoise" baseFrequency="{across:g} {along:g}" numOctaves="4" '
        f'seed="{seed % 997}"/>'
        f'<feColorMatrix values="0 0 0 0 {red:.3f} 0 0 0 0 {green:.3f} 0 0 0 0 {blue:.3f} '
        f'{depth:g} 0 0 0 {-cut:g}"/></filter>'
    )


def shimmer(name: str, *, seed: int, across: float = 0.007, along: float = 0.016) -> str:
    """The colours of mother-of-pearl: each channel its own soft waves, all of them pale."""
    return (
        f'<filter id="{name}" x="0" y="0" width="1" height="1">'
        f'<feTurbulence type="fractalNoise" baseFrequency="{across:g} {along:g}" numOctaves="2" '
        f'seed="{seed % 997}"/>'
        '<feColorMatrix values="1.9 0 0 0 -.12 0 1.5 0 0 .12 0 0 1.9 0 -.02 0 0 0 0 1"/></filter>'
    )


def blur(name: str, much: float) -> str:
    return (
        f'<filter id="{name}" x="-.5" y="-.5" width="2" height="2">'
        f'<feGaussianBlur stdDeviation="{much:g}"/></filter>'
    )
