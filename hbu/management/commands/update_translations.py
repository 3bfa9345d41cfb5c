"""Brings locale/*/LC_MESSAGES/django.po up to date with the texts marked in code and templates.

Django's own makemessages wants GNU gettext on the machine; Babel comes with the house.
"""

import ast
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po
from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation.template import templatize

APPS = ("agents", "cases", "emails", "hbu", "integrations", "kpis", "orders", "shop")
LAZY = ("gettext", "ngettext", "pgettext", "npgettext")
KEYWORDS = {**DEFAULT_KEYWORDS, **{f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in LAZY}}
# Babel would add the day of the last change, and every run would be a change.
HEADER = """\
msgid ""
msgstr ""
"Language: {locale}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"

"""


Source = tuple[str, Path]
"""A file, and what the catalogue calls it."""


class Command(BaseCommand):
    help = "Bring the translations up to date with the texts that are marked for translation."

    def handle(self, *_args: Any, **_options: Any) -> None:
        marked = marked_texts()
        for path in catalogues():
            catalogue = merged(path, marked)
            path.write_bytes(as_po(catalogue))
            missing = sum(1 for message in catalogue if message.id and not translated(message))
            self.stdout.write(f"{path.parent.parent.name}: {len(catalogue)}, missing: {missing}")


def catalogues() -> Iterator[Path]:
    for folder in settings.LOCALE_PATHS:
        yield from sorted(Path(folder).glob("*/LC_MESSAGES/django.po"))


def marked_texts() -> Catalog:
    """Return every text of the product, and of the admin's look, that is marked for translation."""
    found = Catalog()
    for name, path in [*_ours(), *_of_the_look()]:
        text = path.read_text("utf-8")
        code = _calls_in(text) if path.suffix == ".py" else _calls_instead_of(text)
        for _line, message, _comments, context in extract(
            "python", BytesIO(code.encode()), KEYWORDS
        ):
            found.add(message, locations=[(name, 0)], context=context)
    return found


def _ours() -> Iterator[Source]:
    for app in APPS:
        paths = sorted((settings.BASE_DIR / app).rglob("*.py"))
        yield from (_named(path) for path in paths if "migrations" not in path.parts)
    yield from map(_named, sorted((settings.BASE_DIR / "templates").rglob("*.html")))


def _named(path: Path) -> Source:
    return path.relative_to(settings.BASE_DIR).as_posix(), path


def _of_the_look() -> Iterator[Source]:
    """Unfold speaks English only."""
    for app in apps.get_app_configs():
        if app.name.split(".")[0] == "unfold":
            files = {path.relative_to(app.path): path for path in Path(app.path).rglob("*.*")}
            yield from (
                (app.name, files[name])
                for name in sorted(files)
                if name.suffix in {".py", ".html"} and name.parts[0] != "contrib"
            )


def _calls_in(code: str) -> str:
    """Return the marks alone: before Python 3.12 Babel does not look into f-strings."""
    calls = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call))
    return "\n".join(ast.unparse(call) for call in calls if _name(call) in KEYWORDS)


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _calls_instead_of(template: str) -> str:
    """Return the template's marks as calls. Its indentation would mean something in Python."""
    return "\n".join(line.strip() for line in templatize(template).splitlines())


def merged(path: Path, marked: Catalog) -> Catalog:
    """Return what is marked, with the translations that are there already."""
    catalogue = read_po(BytesIO(path.read_bytes()), locale=path.parent.parent.name)
    catalogue.update(marked, no_fuzzy_matching=True)
    return catalogue


def as_po(catalogue: Catalog) -> bytes:
    header = HEADER.format(locale=catalogue.locale_identifier, plural=catalogue.plural_forms)
    body = BytesIO()
    write_po(
        body,
        catalogue,
        omit_header=True,
        sort_output=True,
        ignore_obsolete=True,
        include_lineno=False,
    )
    return header.encode() + body.getvalue()


def translated(message: Message) -> bool:
    texts = message.string if isinstance(message.string, tuple) else [message.string]
    return all(texts) and not message.fuzzy
