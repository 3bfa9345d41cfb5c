"""What materials and colours are called in the reader's language, and how a colour looks."""

from functools import lru_cache

from shop.pictures.looks import colour_of

# A catalogue names them in one language. What is not in here is shown as it is written there.
ENGLISH = {
    "Aluminium": "aluminium", "Buche": "beech", "Büffelhorn": "buffalo horn",
    "Hirschhorn": "stag horn", "Kristallglas": "crystal glass",
    "Meeresplastik-Rezyklat": "recycled ocean plastic", "Melamin": "melamine", "Messing": "brass",
    "Messing vergoldet": "gold-plated brass", "Messing versilbert": "silver-plated brass",
    "Neodym mit Messing": "neodymium with brass", "Perlmutt": "mother-of-pearl",
    "Polyamid": "polyamide", "Polyamid flammhemmend": "flame-retardant polyamide",
    "Polyester": "polyester", "Polyester nachleuchtend": "luminous polyester",
    "Porzellan": "porcelain", "Rindsleder": "cowhide leather",
    "Schwarzlippen-Perlmutt": "black-lip mother-of-pearl",
    "Stahl mit Kunstleder": "steel with artificial leather", "Stahl nickelfrei": "nickel-free steel",
    "Steinnuss": "corozo", "Walnussholz": "walnut wood", "Zinkdruckguss": "die-cast zinc",
    "Horn": "horn", "Holz": "wood", "Leder": "leather", "Glas": "glass", "Metall": "metal",
    "Edelstahl": "stainless steel", "Kunststoff": "plastic", "Recyclingpolyester": "recycled polyester",
    "altmessing": "antique brass", "altsilber": "antique silver", "anthrazit": "anthracite",
    "beige": "beige", "blau": "blue", "bordeaux": "burgundy", "braun": "brown", "camel": "camel",
    "cognac": "cognac", "creme": "cream", "dunkelblau": "dark blue", "dunkelbraun": "dark brown",
    "dunkelgrün": "dark green", "elfenbein": "ivory", "espresso": "espresso", "gelb": "yellow",
    "gold": "gold", "grau": "grey", "grün": "green", "grünlich": "greenish", "hellblau": "light blue",
    "hellgrau": "light grey", "klar": "clear", "kobaltblau": "cobalt blue", "kupfer": "copper",
    "lila": "purple", "marine": "navy", "natur": "natural", "naturbraun": "natural brown",
    "naturweiß": "natural white", "nussbaum": "walnut", "orange": "orange",
    "perlmuttweiß": "pearl white", "petrol": "teal", "rauchgrau": "smoke grey", "rosa": "pink",
    "rot": "red", "sand": "sand", "schwarz": "black", "schwarz matt": "matt black",
    "silber": "silver", "tabak": "tobacco", "tannengrün": "fir green", "türkis": "turquoise",
    "violett": "violet", "weiß": "white",
}  # fmt: skip


def word(german: str, language: str) -> str:
    return german if language == "de" else ENGLISH.get(german, german)


@lru_cache(maxsize=1024)
def swatch(colour: str) -> str:
    """Return the colour as #rrggbb."""
    return colour_of(colour)
