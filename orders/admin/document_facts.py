"""What there is to know about a document beside what it says."""

from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hbu.lib.admin import Facts, Table, badge, link, links, moment, seen_of
from hbu.lib.admin.showing import EMPTY, Words, anchor
from orders.admin.document_form import HEAD, LINE, PARTY, SUMS
from orders.models import Document

STATES = {"read": "info", "checked": "success", "rejected": "danger"}


def corrections(document: Document) -> Table:
    rows = document.corrections.select_related("by")
    return Table(
        title=_("What people put right"),
        headers=(_("field"), _("before"), _("after"), _("by"), _("at")),
        rows=[
            (
                field_name(one.field),
                one.before or "–",
                one.after or "–",
                one.by or "",
                moment(one.at),
            )
            for one in rows
        ],
        empty=_("Nothing had to be corrected."),
    )


def field_name(path: str) -> str:
    """The words for a path: "seller.iban" is "seller, IBAN", "lines.1.price" is "line 2, price"."""
    names = dict((*HEAD, *SUMS, *LINE, *PARTY))
    others: dict[str, Promise] = {
        "seller": _("seller"), "buyer": _("buyer"), "supplier": _("Our supplier"),
        "product": _("our product"),
    }  # fmt: skip
    names |= others
    match path.split("."):
        case ["lines", index, *rest]:
            line = gettext("line %(number)d") % {"number": int(index) + 1}
            return ", ".join([line, *(str(names.get(name, name)) for name in rest)])
        case parts:
            return ", ".join(str(names.get(name, name)) for name in parts)


def facts(document: Document, *, is_hybrid: bool, user: Any) -> Facts:
    filings = document.filings.select_related("email__link__case")
    mails = seen_of((one.email for one in filings), user)
    cases = {case.pk: case for one in mails if (case := _case(one))}
    file = reverse("admin:orders_document_file", args=[document.pk])
    data = reverse("admin:orders_document_data", args=[document.pk])
    items: tuple[tuple[Words, Any], ...] = (
        (_("state"), badge(document.get_state_display(), STATES[document.state])),
        (_("format"), document.format),
        (_("file"), anchor(file, document.filename) if document.sha256 else document.filename),
        (_("data inside"), anchor(data, "XML") if is_hybrid else EMPTY),
        (_("Our supplier"), link(document.supplier)),
        (_("mails"), links(mails)),
        (_("cases"), links(seen_of(cases.values(), user))),
        (_("orders"), links(document.orders.all())),
        (_("came before as"), link(document.duplicate_of)),
        (_("came again as"), links(document.duplicates.all())),
        (_("read"), moment(document.read_at)),
    )
    known = [(label, value) for label, value in items if value not in ("", EMPTY)]
    return Facts(title=str(document), beside=True, items=known)


def _case(email: Any) -> Any:
    """The case is known by the apps above; we only follow the rows."""
    return getattr(getattr(email, "link", None), "case", None)
