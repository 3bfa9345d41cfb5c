"""Measure the reading on our own corpora: `python -m tests.corpora [part ...]`."""

import os
import pkgutil
import sys
import tempfile
from importlib import import_module
from pathlib import Path

import django


def main(wanted: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hbu.settings")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HBU_DATA_DIR"] = folder
        django.setup()
        parts = [name for name in _parts() if not wanted or name in wanted]
        figures = [figure for name in parts for figure in _measured(name)]
    return 0 if figures and all(figure.holds for figure in figures) else 1


def _parts():
    names = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    return [name for name in names if name not in {"__main__", "figure"}]


def _measured(name):
    measure = getattr(import_module(f"tests.corpora.{name}"), "measure", None)
    for figure in measure() if measure else ():
        print(figure, flush=True)  # noqa: T201 - a command's output
        for note in figure.notes:
            print(f"       {note}")  # noqa: T201
        yield figure


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
