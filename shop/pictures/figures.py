"""Outlines of what is stamped into metal, and buttons that are figures themselves."""

from shop.pictures import paint
from shop.pictures.faces import definitions, holes, round_button
from shop.pictures.looks import Look
from shop.pictures.surfaces import MIDDLE, Surface

# In units in which a button's radius is 150, around its middle.
ANCHOR = (
    '<g fill="none" stroke-width="9" stroke-linecap="round" stroke-linejoin="round">'
    '<circle cx="0" cy="-58" r="11"/><path d="M0-46V58M-27-28H27M-50 12C-46 44-24 58 0 58'
    'C24 58 46 44 50 12M-60 26L-50 10-36 24M60 26L50 10 36 24"/></g>'
)
CROWN = (
    '<path stroke-width="4" stroke-linejoin="round" d="M-58 34L-66-28-34 0 0-46 34 0 66-28 58 34z"/>'
    '<rect x="-58" y="44" width="116" height="14" rx="4" stroke="none"/>'
    '<g stroke="none"><circle cx="-66" cy="-38" r="8"/><circle cx="0" cy="-57" r="9"/>'
    '<circle cx="66" cy="-38" r="8"/></g>'
)
PETAL = '<path stroke="none" d="M0-26C-20-46-20-78 0-98 20-78 20-46 0-26z"/>'
PAINTED_PETAL = "M0-34C-26-52-24-88 0-104 24-88 26-52 0-34z"
LEAF = "M0-84C-9-96-9-108 0-118 9-108 9-96 0-84z"


def ladybird(seen: Look, made_of: Surface, radius: float) -> str:
    black, scale = "#17161a", radius / 150
    spots = "".join(
        f'<circle cx="{x}" cy="{y}" r="{size}"/>'
        for x, y, size in ((-62, -18, 22), (62, -18, 22), (-44, 58, 20), (44, 58, 20), (-92, 42, 15),
                           (92, 42, 15), (-34, -66, 14), (34, -66, 14))
    )  # fmt: skip
    head = (
        '<path d="M-92-112A146 146 0 0 1 92-112C60-84-60-84-92-112z"/>'
        '<g fill="#fff"><circle cx="-38" cy="-118" r="13"/><circle cx="38" cy="-118" r="13"/></g>'
        '<circle cx="-35" cy="-116" r="6"/><circle cx="35" cy="-116" r="6"/>'
    )
    wings = '<path d="M0-92V148" fill="none" stroke="#17161a" stroke-width="6"/>'
    art = (
        f'<g clip-path="url(#all)"><g transform="translate({MIDDLE} {MIDDLE}) scale({scale:.3f})" '
        f'fill="{black}">{spots}{head}{wings}</g></g>'
    )
    return round_button(seen, made_of, radius, art)


def boat(seen: Look, made_of: Surface, radius: float) -> str:
    scale = radius / 150
    art = (
        f'<g clip-path="url(#face)"><g transform="translate({MIDDLE} {MIDDLE}) scale({scale:.3f})">'
        '<path d="M-120 62C-90 46-70 46-40 62S20 78 50 62 100 46 130 62V120H-120z" fill="#fff" '
        'fill-opacity=".35"/>'
        '<path d="M-62 34H66L46 66H-40z" fill="#c8202f"/>'
        '<path d="M6-84V30" stroke="#f6f2e6" stroke-width="6" stroke-linecap="round"/>'
        '<path d="M14-80C52-46 62-10 60 22H14z" fill="#fff"/>'
        '<path d="M-2-68C-30-38-44-8-48 22H-2z" fill="#f3e7c9"/>'
        '<path d="M-120 80C-90 64-70 64-40 80S20 96 50 80 100 64 130 80V130H-120z" fill="#fff" '
        'fill-opacity=".5"/></g></g>'
    )
    return round_button(seen, made_of, radius, art)


TOGGLE = "M44 240C44 206 128 190 240 190S436 206 436 240 352 290 240 290 44 274 44 240z"


def toggle(seen: Look, made_of: Surface, radius: float) -> str:
    """A piece of wood as long as it is in life, with two holes across."""
    lying = (
        paint.linear("round", ((0, paint.lighter(seen.colour, 0.3)), (0.35, seen.colour),
                               (1, paint.darker(seen.colour, 0.6))), angle=90)
        + f'<clipPath id="wood"><path d="{TOGGLE}"/></clipPath>'
    )  # fmt: skip
    grains = "".join(made_of.layers)
    parts = (
        f'<path d="{TOGGLE}" transform="translate(8 20)" fill="#1b1712" opacity=".4" '
        'filter="url(#soft)"/>'
        f'<path d="{TOGGLE}" fill="url(#round)"/>'
        f'<g clip-path="url(#wood)">{grains}</g>'
        f'<path d="{TOGGLE}" fill="url(#round)" opacity=".4"/>'
        f'<path d="{TOGGLE}" fill="none" stroke="{made_of.edge}" stroke-width="2" opacity=".6"/>'
        '<path d="M92 212C140 202 340 202 388 212" fill="none" stroke="#fff" stroke-width="7" '
        'stroke-linecap="round" opacity=".28" filter="url(#fine)"/>'
    )
    cord = holes(seen, made_of, radius * 1.25)
    return (
        definitions(made_of, radius, lying)
        + f'<g transform="rotate(-32 {MIDDLE} {MIDDLE})">{parts}{cord}</g>'
    )
