"""Answer texts, with how they read and how courteous they are."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from emails import courtesy, templating
from emails.admin.findings import findings_table
from emails.data import CourtesyScore
from emails.models import RoyalTemplate
from hbu.lib.admin import Notice, Prose, Section, SectionsMixin, StaffAdmin, Table, column
from hbu.lib.telling import told

SAMPLES: Mapping[str, Mapping[str, Any]] = {
    "de": {
        "salutation": "Sehr geehrte Frau Berger",
        "subject_line": "Bestellung 4711",
        "order_state": "bestätigt",
        "promised_date": "14. Juli 2026",
        "due_date": "13. August 2026",
        "cash_discount_date": "24. Juli 2026",
        "pay_until": "27. August 2026",
        "delivery_date": "16. Juli 2026",
        "valid_until": "13. August 2026",
        "deadline": "Dienstag, 14. Juli, 12:00 Uhr",
        "department": "Auftragsbearbeitung",
        "doubts": ["Die Menge kann auf zwei Arten gelesen werden: 1.000"],
    },
    "en": {
        "salutation": "Dear Ms Berger",
        "subject_line": "Order 4711",
        "order_state": "confirmed",
        "promised_date": "14 July 2026",
        "due_date": "13 August 2026",
        "cash_discount_date": "24 July 2026",
        "pay_until": "27 August 2026",
        "delivery_date": "16 July 2026",
        "valid_until": "13 August 2026",
        "deadline": "Tuesday, 14 July, 12:00",
        "department": "Order processing",
        "doubts": ["The quantity can be read in two ways: 1,000"],
    },
}
EVERYWHERE: Mapping[str, Any] = {
    "customer": "Modehaus Berger GmbH",
    "case_number": "C-2026-000123",
    "order_number": "B-2026-000042",
    "order_reference": "4711",
    "document_number": "RE-2026-0815",
    "preceding_number": "RE-2026-0801",
    "prepayment": "",
    "cash_discount": "2",
    "open_amount": "142.80",
    "fee": "5.00",
    "to_pay": "147.80",
    "iban": "DE02 1203 0000 0000 2020 51",
    "shipment_number": "L-2026-000042",
    "carrier": "DHL",
    "tracking": "00340434161094000000",
    "lines": [
        {
            "position": 1,
            "sku": "HB-1015",
            "name": "Royal Blue 15 mm",
            "quantity": "1000",
            "unit": "pcs",
            "unit_price": "0.12 EUR",
            "total": "120.00 EUR",
        }
    ],
    "invoices": [
        {
            "number": "RE-2026-000815",
            "gross": "142.80 EUR",
            "received": "100.00 EUR",
            "open": "42.80 EUR",
            "due": "13.08.2026",
        }
    ],
    "net": "120.00 EUR",
    "tax": "22.80 EUR",
    "gross": "142.80 EUR",
    "currency": "EUR",
    "clerk": "Clara Weber",
    "company": "Happy Buttons GmbH",
    "signature": "Happy Buttons GmbH\nKnopfgasse 1 · 20095 Hamburg",
}


def sample(language: str) -> dict[str, Any]:
    """Return a value for every variable, to see how a template reads."""
    return {**EVERYWHERE, **SAMPLES.get(language, SAMPLES["en"])}


@admin.register(RoyalTemplate)
class RoyalTemplateAdmin(SectionsMixin, StaffAdmin):
    empty_words = _("There is no template: nothing can be answered by itself.")
    list_display = (
        "code", "title", "language_label", "subject", "courtesy_label", "by_hand", "updated_at",
    )  # fmt: skip
    list_filter = (("language", ChoicesDropdownFilter), "by_hand")
    search_fields = ("code", "title", "subject", "body")
    readonly_fields = ("updated_at",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("code", "language"),
                    ("title", "by_hand"),
                    "subject",
                    "body",
                    "updated_at",
                )
            },
        ),
    )

    @column(_("language"), ordering="language", label=True)
    def language_label(self, template: RoyalTemplate) -> str:
        return template.get_language_display()

    @column(_("courtesy"), label={"good": "success", "low": "danger"})
    def courtesy_label(self, template: RoyalTemplate) -> tuple[str, str]:
        try:
            points = judge(template, render(template)).score
        except templating.TemplateProblem:
            return "low", gettext("cannot be written")
        return "good" if points >= courtesy.LEAVES_UNSEEN else "low", f"{points} / 100"

    def sections_below(self, request: HttpRequest, template: RoyalTemplate) -> list[Section]:
        return [*_preview(template), _variables()]

    def save_model(
        self,
        request: HttpRequest,
        obj: RoyalTemplate,
        form: Any,
        change: bool,  # noqa: FBT001 - Django calls it so
    ) -> None:
        obj.updated_at = timezone.now()
        form.changed_data.append("updated_at")
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An answer whose text is gone would stop the mail that waits for it."""
        return False


def render(template: RoyalTemplate) -> templating.Rendered:
    return templating.render(template.subject, template.body, sample(template.language))


def judge(template: RoyalTemplate, letter: templating.Rendered) -> CourtesyScore:
    return courtesy.score(
        letter.text,
        subject=letter.subject,
        language=template.language,
        addressee=sample(template.language)["salutation"],
    )


def _preview(template: RoyalTemplate) -> list[Section]:
    try:
        letter = render(template)
    except templating.TemplateProblem as problem:
        return [
            Notice(title=_("It cannot be written"), text=told(problem.message), colour="danger")
        ]
    points = judge(template, letter)
    colour = "info" if points.score >= courtesy.LEAVES_UNSEEN else "danger"
    words = gettext("%(points)d of 100 points; from %(needed)d on it leaves by itself.")
    return [
        Notice(
            title=_("Courtesy"),
            text=words % {"points": points.score, "needed": courtesy.LEAVES_UNSEEN},
            colour=colour,
        ),
        Prose(title=letter.subject, text=letter.text),
        findings_table(points.as_json()["findings"]),
    ]


def _variables() -> Table:
    return Table(
        title=_("What can be filled in"),
        beside=True,
        headers=(_("variable"), _("meaning")),
        rows=[
            (f"{{{{ {name} }}}}", gettext(words)) for name, words in templating.VARIABLES.items()
        ],
    )
