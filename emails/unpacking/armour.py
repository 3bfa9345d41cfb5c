"""Text between the lines of OpenPGP (RFC 9580, 7)."""

import re

_BEGIN = "-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
_END = "-----END PGP SIGNATURE-----"
_MESSAGE = re.compile(r"^-----BEGIN PGP MESSAGE-----", re.MULTILINE)


def without_armour(text: str) -> str:
    """Return a text without the lines that sign it; the signature is not verified."""
    before, begin, rest = text.partition(f"{_BEGIN}\n")
    if not begin or (before and not before.endswith("\n")):
        return text
    signed, signature, rest = rest.partition(f"\n{_SIGNATURE}")
    if not signature:
        return text
    # Hash: and such end with an empty line.
    _, blank, words = (
        signed.partition("\n\n") if not signed.startswith("\n") else ("", "\n", signed[1:])
    )
    lines = (line.removeprefix("- ") for line in (words if blank else signed).split("\n"))
    after = rest.partition(_END)[2].lstrip("\n")
    return "\n".join(filter(None, [before.rstrip("\n"), "\n".join(lines), after]))


def is_encrypted(text: str) -> bool:
    return bool(_MESSAGE.search(text[:10_000]))
