"""Say what is read in orders and invoices; writes nothing."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext

from hbu.lib.telling import named, told
from orders.data import ReadDocument, ReadLine
from orders.documents.files import find, read_file


class Command(BaseCommand):
    help = "Read PDF documents, spreadsheets, XML and text, or folders of them, and say what they order or bill."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--json", action="store_true", help="one JSON object a file")

    def handle(self, *_args: Any, **options: Any) -> None:
        for path in find(options["paths"]):
            one = described(path, read_file(path))
            text = json.dumps(one, default=_plain) if options["json"] else "\n".join(_told(one))
            # Names of files may hold bytes that are no text.
            encoding = getattr(self.stdout, "encoding", None) or "utf-8"
            self.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))


def described(path: Path, document: ReadDocument) -> dict[str, Any]:
    return {
        "path": str(path),
        "kind": document.kind,
        "format": document.format,
        "number": document.number,
        "date": document.date,
        "currency": document.currency,
        "buyer": asdict(document.buyer),
        "seller": asdict(document.seller),
        "buyer_reference": document.buyer_reference,
        "lines": [_line(line) for line in document.lines],
        "net": document.net,
        "tax": document.tax,
        "gross": document.gross,
        "payable": document.gross if document.payable is None else document.payable,
        "prepaid": document.prepaid,
        "taxes": [asdict(tax) for tax in document.taxes],
        "charges": [asdict(charge) for charge in document.charges],
        "type_code": document.type_code,
        "profile": document.profile,
        "requested_date": document.requested_date,
        "delivery_date": document.delivery_date,
        "due_date": document.due_date,
        "order_reference": document.order_reference,
        "preceding": document.preceding,
        "checks": [
            {
                "name": check.name,
                "state": check.state,
                "detail": check.detail,
                "part": check.part,
                "rule": check.rule,
            }
            for check in document.checks
        ],
        "error": document.error,
    }


def _line(line: ReadLine) -> dict[str, Any]:
    shown = ("position", "sku", "name", "quantity", "unit", "price", "total")
    return {name: getattr(line, name) for name in shown} | {
        "score": line.score,
        "source": asdict(line.source),
    }


def _plain(value: Any) -> str:
    """Amounts keep their digits; a float would not."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _told(one: dict[str, Any]) -> list[str]:
    if one["error"]:
        return [f"{one['path']}: {told(one['error'])}"]
    side = "seller" if one["kind"] == "invoice" else "buyer"
    about = [named(one["kind"]), one["number"], one["date"], one[side]["name"]]
    about += [f"{one['payable']} {one['currency']}"] if one["payable"] is not None else []
    lines = [
        f"  {line['position']}  {line['quantity']:f} {line['unit']}  {line['sku']} {line['name']}"
        for line in one["lines"]
    ]
    failed = [
        f"  {gettext('not right')}: {check['rule']} {gettext(check['name'])}: {check['detail']}"
        for check in one["checks"]
        if check["state"] == "failed"
    ]
    return [f"{one['path']}: {', '.join(str(part) for part in about if part)}", *lines, *failed]
