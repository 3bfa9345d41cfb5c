"""Pictures of our products, drawn from their data: the same button looks the same each time.

Plain SVG without scripts, styles or anything from elsewhere. No Django here.
"""

from html import escape

from shop.pictures import faces, motifs, surfaces
from shop.pictures.looks import Look, look

__all__ = ["Look", "draw", "look"]
SIDE = 480


def draw(seen: Look, *, title: str = "") -> str:
    """Return the picture as an SVG document."""
    radius = 128 + 62 * seen.scale
    shape = motifs.SHAPES.get(seen.motif, faces.round_button)
    parts = shape(seen, surfaces.Surface.of(seen), radius)
    named = f"<title>{escape(title)}</title>" if title else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" '
        f'width="{SIDE}" height="{SIDE}" role="img">{named}{parts}</svg>'
    )
