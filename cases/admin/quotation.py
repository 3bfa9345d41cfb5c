"""The page of a quotation, with what only the case side can do: show the letter before it leaves."""

from dataclasses import replace

from django.contrib import admin

from cases.services.news import quotations
from orders.admin import QuotationAdmin
from orders.admin.quotation import SEND
from orders.models import Quotation

SEND_AS_SHOWN = replace(SEND, preview=quotations.preview)

admin.site.unregister(Quotation)


@admin.register(Quotation)
class CaseQuotationAdmin(QuotationAdmin):
    transitions = tuple(SEND_AS_SHOWN if one is SEND else one for one in QuotationAdmin.transitions)
