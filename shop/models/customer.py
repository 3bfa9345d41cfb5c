from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shop.models.catalogue import PriceList, Product


class CustomerQuerySet(models.QuerySet["Customer"]):
    def in_use(self) -> "CustomerQuerySet":
        """Leave out those that were put into another one."""
        return self.filter(merged_into=None)


class Customer(models.Model):
    class Payment(models.TextChoices):
        INVOICE = "invoice", _("on invoice")
        PREPAYMENT = "prepayment", _("in advance")

    class InvoiceFormat(models.TextChoices):
        ZUGFERD = "zugferd", _("ZUGFeRD (PDF with data)")
        XRECHNUNG = "xrechnung", _("XRechnung (data, with a PDF to read)")

    class Progression(models.TextChoices):
        """How far orders move on by themselves where nothing is in the way."""

        BY_HAND = "hand", _("a person takes each step")
        PRODUCTION = "production", _("until it is produced")
        ALL = "all", _("all the way")

    number = models.CharField(_("number"), max_length=20, unique=True)
    name = models.CharField(_("company"), max_length=120)
    domains = models.JSONField(
        _("mail domains"), default=list, blank=True, help_text=_("Mail from here is theirs.")
    )
    street = models.CharField(_("street"), max_length=120, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=2, default="DE")
    vat_id = models.CharField(_("VAT id"), max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=2, default="de")
    is_oem = models.BooleanField(_("OEM"), default=False)
    discount_percent = models.DecimalField(
        _("discount %"), max_digits=4, decimal_places=1, default=Decimal(0)
    )
    price_list = models.ForeignKey(
        PriceList,
        verbose_name=_("price list"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="customers",
    )
    payment = models.CharField(
        _("pays"), max_length=10, choices=Payment.choices, default=Payment.INVOICE
    )
    payment_days = models.PositiveSmallIntegerField(_("days to pay"), default=30)
    cash_discount_percent = models.DecimalField(
        _("cash discount %"), max_digits=3, decimal_places=1, default=Decimal(0)
    )
    cash_discount_days = models.PositiveSmallIntegerField(_("days for cash discount"), default=0)
    credit_limit = models.DecimalField(
        _("credit limit (gross)"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Empty: none. Open invoices and orders together stay below it."),
    )
    invoice_email = models.EmailField(
        _("invoices go to"), blank=True, help_text=_("Empty: to whoever ordered.")
    )
    invoice_format = models.CharField(
        _("invoices as"),
        max_length=10,
        choices=InvoiceFormat.choices,
        default=InvoiceFormat.ZUGFERD,
    )
    buyer_reference = models.CharField(
        _("buyer reference"),
        max_length=60,
        blank=True,
        help_text=_("Leitweg-ID of an authority, or what the customer wants on each invoice."),
    )
    desk_address = models.EmailField(
        _("own desk"),
        blank=True,
        help_text=_("Mail of this customer goes to the department with this address."),
    )
    progression = models.CharField(
        _("orders move on by themselves"),
        max_length=10,
        choices=Progression.choices,
        default=Progression.PRODUCTION,
    )
    is_guest = models.BooleanField(
        _("guest"), default=False, help_text=_("Ordered in the shop and is nobody we know yet.")
    )
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("put into"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="absorbed",
        editable=False,
    )
    auto_confirm_limit = models.DecimalField(
        _("confirm unseen up to (gross)"), max_digits=12, decimal_places=2, default=Decimal(0)
    )

    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ["name"]
        permissions = [("merge_customer", _("Can put a customer into another one"))]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    class Title(models.TextChoices):
        NONE = "", "-"
        MR = "mr", _("Mr")
        MS = "ms", _("Ms")

    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), on_delete=models.CASCADE, related_name="contacts"
    )
    title = models.CharField(
        pgettext_lazy("person", "title"), max_length=4, choices=Title.choices, blank=True
    )
    first_name = models.CharField(_("first name"), max_length=60, blank=True)
    last_name = models.CharField(_("last name"), max_length=60, blank=True)
    email = models.EmailField(_("mail address"))
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("login"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="contact",
        editable=False,
    )

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["last_name", "first_name"]
        constraints = [models.UniqueConstraint(Lower("email"), name="one_contact_per_address")]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name} <{self.email}>".strip()


class Alias(models.Model):
    """What a customer calls one of our products: by a number of their own, or by a name."""

    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), on_delete=models.CASCADE, related_name="aliases"
    )
    sku = models.CharField(_("their article number"), max_length=60, blank=True)
    name = models.CharField(
        _("their name for it"),
        max_length=200,
        blank=True,
        help_text=_("Decides where an order states no article number."),
    )
    product = models.ForeignKey(
        Product, verbose_name=_("our product"), on_delete=models.CASCADE, related_name="aliases"
    )
    learned_at = models.DateTimeField(_("learned"), null=True, editable=False)
    learned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("learned from"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )
    source = models.CharField(_("learned at"), max_length=120, blank=True, editable=False)
    """The document or order that was corrected, as people call it."""

    class Meta:
        verbose_name = _("customer's article number")
        verbose_name_plural = _("customers' article numbers")
        ordering = ["sku", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "sku"], condition=~Q(sku=""), name="one_product_per_alias"
            ),
            models.UniqueConstraint(
                fields=["customer", "name"], condition=~Q(name=""), name="one_product_per_name"
            ),
            models.CheckConstraint(
                condition=~Q(sku="", name=""), name="an_alias_is_a_number_or_a_name"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku or self.name} → {self.product.sku}"


class Address(models.Model):
    """Where goods or invoices go, when not to the company's seat."""

    class Kind(models.TextChoices):
        DELIVERY = "delivery", pgettext_lazy("address", "delivery")
        BILLING = "billing", _("billing")

    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), on_delete=models.CASCADE, related_name="addresses"
    )
    kind = models.CharField(_("for"), max_length=8, choices=Kind.choices, default=Kind.DELIVERY)
    name = models.CharField(_("name"), max_length=120)
    addition = models.CharField(_("department or person"), max_length=120, blank=True)
    street = models.CharField(_("street"), max_length=120)
    postcode = models.CharField(_("postcode"), max_length=12)
    city = models.CharField(_("city"), max_length=80)
    country = models.CharField(_("country"), max_length=2, default="DE")
    is_default = models.BooleanField(_("usual one"), default=False)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        ordering = ["kind", "-is_default", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind"],
                condition=Q(is_default=True),
                name="one_usual_address_per_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.street}, {self.postcode} {self.city}"


class DiscountTier(models.Model):
    """A discount from an order's value on; the best of these and the customer's own counts."""

    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), on_delete=models.CASCADE, related_name="tiers"
    )
    from_net = models.DecimalField(_("from (net)"), max_digits=12, decimal_places=2)
    percent = models.DecimalField(_("discount %"), max_digits=4, decimal_places=1)

    class Meta:
        verbose_name = _("discount tier")
        verbose_name_plural = _("discount tiers")
        ordering = ["from_net"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "from_net"], name="one_discount_per_tier"),
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=100), name="discount_is_a_percentage"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_net}: {self.percent} %"
