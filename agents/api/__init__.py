"""How programs of staff come in."""
