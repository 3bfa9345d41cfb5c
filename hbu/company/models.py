"""Who we are and when we are open."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

# In the reader's language, which is not always one that staff work in.
IMPRINT_WORDS = {
    "de": ("Geschäftsführung", "USt-IdNr."),
    "en": ("Managing directors", "VAT ID"),
}


class Company(models.Model):
    """The one company this installation works for, loaded from company.yaml."""

    name = models.CharField(_("name"), max_length=120)
    street = models.CharField(_("street"), max_length=120, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=2, default="DE")
    region = models.CharField(
        _("federal state"),
        max_length=6,
        blank=True,
        help_text=_("Whose public holidays count, for example NW or BY."),
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("mail address"), blank=True)
    website = models.CharField(_("website"), max_length=120, blank=True)
    domain = models.CharField(_("mail domain"), max_length=120)
    vat_id = models.CharField(_("VAT id"), max_length=20, blank=True)
    register_court = models.CharField(_("register court"), max_length=80, blank=True)
    register_number = models.CharField(_("register number"), max_length=40, blank=True)
    managing_directors = models.CharField(_("managing directors"), max_length=200, blank=True)
    bank = models.CharField(_("bank"), max_length=80, blank=True)
    iban = models.CharField(_("IBAN"), max_length=42, blank=True)
    bic = models.CharField(_("BIC"), max_length=11, blank=True)
    language = models.CharField(_("language"), max_length=2, default="de")
    currency = models.CharField(_("currency"), max_length=3, default="EUR")

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("company")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_company")]

    def __str__(self) -> str:
        return self.name

    def imprint(self, language: str = "") -> str:
        """The block below every letter (§ 35a GmbHG: name, seat, register, directors).

        Without a language in the company's own.
        """
        directors, vat_id = IMPRINT_WORDS.get(language or self.language, IMPRINT_WORDS["en"])
        lines = [
            self.name,
            f"{self.street} · {self.postcode} {self.city}",
            " · ".join(part for part in (self.phone, self.email, self.website) if part),
            " · ".join(part for part in (self.register_court, self.register_number) if part),
            f"{directors}: {self.managing_directors}" if self.managing_directors else "",
            f"{vat_id}: {self.vat_id}" if self.vat_id else "",
        ]
        return "\n".join(line for line in lines if line.strip(" ·"))


class Terms(models.Model):
    """On what terms we trade: how long we wait, how far we trust; one row."""

    guest_limit = models.DecimalField(
        _("guests on invoice up to (gross)"), max_digits=12, decimal_places=2, default=Decimal(0)
    )
    checkout_minutes = models.PositiveSmallIntegerField(
        _("pieces are kept at the checkout (minutes)"), default=30
    )
    quotation_days = models.PositiveSmallIntegerField(_("quotations hold (days)"), default=30)
    prepayment_days = models.PositiveSmallIntegerField(
        _("to pay in advance within (days)"), default=14
    )
    transit_days = models.PositiveSmallIntegerField(
        _("on the way to the customer (working days)"), default=2
    )
    link_days = models.PositiveSmallIntegerField(
        _("links to an order hold (days)"),
        default=365,
        help_text=_("After that the customer logs in, or asks for a new link."),
    )
    reminder_days = models.JSONField(
        _("reminders (days overdue)"),
        default=list,
        blank=True,
        help_text=_("One for each of up to three levels, for example 7, 17 and 27."),
    )
    reminder_fee = models.DecimalField(
        _("fee of the last reminder"), max_digits=8, decimal_places=2, default=Decimal(0)
    )

    class Meta:
        verbose_name = _("terms of trade")
        verbose_name_plural = _("terms of trade")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_row_of_terms")]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class WorkCalendar(models.Model):
    """When a part of the house works that does not work when all others do.

    The house itself has none: its hours name no calendar, its state stands with the company.
    """

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=80)
    region = models.CharField(
        _("federal state"),
        max_length=6,
        blank=True,
        help_text=_("Its holidays count, as do those without a state. For example NW or BY."),
    )

    class Meta:
        verbose_name = _("work calendar")
        verbose_name_plural = _("work calendars")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class OpeningHours(models.Model):
    """An interval in which we work; several a weekday make a lunch break."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    calendar = models.ForeignKey(
        WorkCalendar,
        verbose_name=_("calendar"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="hours",
        help_text=_("Empty: the house."),
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday.choices)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes__gt=models.F("opens")), name="opens_before_it_closes"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}-{self.closes:%H:%M}"


class Holiday(models.Model):
    date = models.DateField(_("date"))
    name = models.CharField(_("name"), max_length=80)
    region = models.CharField(
        _("federal state"), max_length=6, blank=True, help_text=_("Empty: everywhere.")
    )

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["date", "region"]
        constraints = [
            models.UniqueConstraint(
                fields=["date", "region"], name="one_holiday_per_day_and_region"
            )
        ]

    def __str__(self) -> str:
        return f"{self.date:%d.%m.%Y} {self.name}"


class Counter(models.Model):
    """The last number drawn of a series; drawn by one UPDATE, so that no two get the same."""

    name = models.CharField(_("series"), max_length=40, primary_key=True)
    value = models.PositiveBigIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"
