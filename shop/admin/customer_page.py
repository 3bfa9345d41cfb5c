"""The page of one customer, piece by piece. What the apps above know is added there."""

from collections.abc import Iterable

from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hbu.journal.history import history
from hbu.lib.admin import Facts, Notice, Section, Table, badge, link, moment, nowrap, words_of
from shop.admin.contact import LOGIN, login_of
from shop.models import Customer, DiscountTier, Merge


def above(customer: Customer) -> list[Section]:
    return [*_notices(customer), facts(customer)]


def below(customer: Customer) -> list[Section]:
    return [_contacts(customer), *_keys(customer), *_merges(customer), history(customer)]


def _notices(customer: Customer) -> list[Section]:
    if customer.merged_into is None:
        return []
    return [
        Notice(title=_("This customer was put into another one"), text=link(customer.merged_into))
    ]


def facts(customer: Customer) -> Facts:
    tiers = [_tier(one) for one in customer.tiers.all()]
    return Facts(
        title=f"{customer.number} {customer.name}",
        beside=True,
        items=(
            (_("kind"), _kind(customer)),
            (_("price list"), link(customer.price_list) if customer.price_list else "-"),
            (_("discount tiers"), ", ".join(tiers) or "-"),
            (_("pays"), words_of(customer, "payment")),
            (_("days to pay"), customer.payment_days),
            (_("cash discount"), _cash_discount(customer)),
            (_("orders move on by themselves"), words_of(customer, "progression")),
        ),
    )


def _tier(tier: DiscountTier) -> str:
    words = gettext("from %(net)s on %(percent)s %%")
    net = number_format(tier.from_net, 2, force_grouping=True)
    return words % {"net": net, "percent": number_format(tier.percent.normalize())}


def _kind(customer: Customer) -> str:
    if customer.is_guest:
        return badge(_("guest"), "info")
    return badge(_("OEM"), "primary") if customer.is_oem else badge(_("customer"))


def _cash_discount(customer: Customer) -> str:
    if not customer.cash_discount_percent:
        return "-"
    words = gettext("%(percent)s %% within %(days)d days")
    percent = number_format(customer.cash_discount_percent.normalize())
    return words % {"percent": percent, "days": customer.cash_discount_days}


def _contacts(customer: Customer) -> Table:
    rows = []
    for one in customer.contacts.select_related("user"):
        code, words = login_of(one)
        last = moment(one.user.last_login) if one.user else ""
        name = f"{one.first_name} {one.last_name}".strip() or one.email
        rows.append((link(one, name), one.email, one.phone, badge(words, LOGIN[code]), last))
    return Table(
        title=_("Contacts and logins"),
        headers=(_("name"), _("mail address"), _("phone"), _("login"), _("last login")),
        rows=rows,
        empty=_("We know nobody at this customer yet."),
    )


def _keys(customer: Customer) -> list[Section]:
    rows = [
        (
            link(one, one.name or one.prefix),
            nowrap(f"{one.prefix}…"),
            moment(one.created_at),
            moment(one.last_used_at),
            badge(_("revoked")) if one.revoked_at else badge(_("valid"), "success"),
        )
        for one in customer.api_keys.all()
    ]
    headers = (_("name"), _("begins with"), _("created"), _("last used"), _("state"))
    return [Table(title=_("API keys"), headers=headers, rows=rows)] if rows else []


def _merges(customer: Customer) -> list[Section]:
    rows = Merge.objects.filter(kept=customer).select_related("gone", "by")
    return merges_table(rows)


def merges_table(merges: Iterable[Merge]) -> list[Section]:
    rows = [
        (
            link(one, moment(one.at)),
            link(one.gone, f"{one.gone.number} {one.gone.name}"),
            sum(map(len, one.moved.get("rows", {}).values())),
            one.by or _("the house"),
            moment(one.undone_at) if one.undone_at else "",
        )
        for one in merges
    ]
    headers = (_("when"), _("put into it"), _("rows that moved"), _("by"), _("undone"))
    return [Table(title=_("Put together"), headers=headers, rows=rows)] if rows else []
