"""The page of a document, with what only the case side can do: write to whom it came from."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from cases.services import asking
from hbu.lib.admin import Transition
from orders.admin import DocumentAdmin
from orders.models import Document

ASK_AGAIN = Transition(
    name="ask-again",
    label=_("Ask for a correct e-invoice"),
    act=lambda document, by, _reason: asking.ask(document, by=by),
    possible=asking.can_be_asked,
    question=_("This letter goes to the supplier, in the conversation that brought the invoice."),
    preview=asking.preview,
    icon="outgoing_mail",
)

admin.site.unregister(Document)


@admin.register(Document)
class CaseDocumentAdmin(DocumentAdmin):
    transitions = (*DocumentAdmin.transitions, ASK_AGAIN)
