"""The menu, and what the browser is told about scripts."""

from django.urls import reverse

from hbu.navigation import GROUPS, navigation
from tests.admin import rows


def titles(request):
    return [str(item["title"]) for group in navigation(request) for item in group["items"]]


def test_the_menu_holds_what_one_may_open(rf, ben, mallory, clara):
    request = rf.get("/admin/")
    request.user = clara
    assert len(titles(request)) == 1 + sum(len(group.entries) for group in GROUPS)
    request.user = mallory
    assert titles(request) == ["Today"]


def test_the_menu_follows_the_rights(rf, desk, ben):
    desk.may("orders.view_order", "emails.change_email")
    request = rf.get("/admin/")
    request.user = type(ben).objects.get(pk=ben.pk)
    assert titles(request) == [
        "Today", "Mails", "Quarantine", "Orders board", "Orders to check", "Orders",
    ]  # fmt: skip


def test_the_menu_tells_how_much_waits(rf, clara):
    (
        rows.quarantined(),
        rows.order(),
        rows.order(state="CANCELLED"),
        rows.letter(),
        rows.letter("sent"),
    )
    request = rf.get("/admin/")
    request.user = clara
    badges = {
        str(i["title"]): i["badge"] for g in navigation(request) for i in g["items"] if "badge" in i
    }
    waiting = {title: badge for title, badge in badges.items() if badge}
    assert waiting == {"Quarantine": 1, "Orders to check": 1, "Mail waiting for you": 1}


def test_the_menu_marks_the_list_that_is_open(rf, clara):
    def marked(url):
        request = rf.get(url)
        request.user = clara
        return [str(i["title"]) for g in navigation(request) for i in g["items"] if i["active"]]

    mails = reverse("admin:emails_email_changelist")
    assert marked(mails) == ["Mails"]
    assert marked(f"{mails}?state__exact=handled") == ["Mails"]
    assert marked(f"{mails}?state__exact=quarantined") == ["Quarantine"]
    assert marked(reverse("admin:shop_product_changelist")) == ["Products"]


def test_the_policy_is_relaxed_for_the_admin_and_for_nothing_else(office):
    admin = office.get("/admin/")["Content-Security-Policy"]
    elsewhere = office.get("/health/live")["Content-Security-Policy"]
    assert "'unsafe-eval'" in admin
    assert "script-src 'self' 'unsafe-eval'" in admin
    assert "unsafe" not in elsewhere


def test_the_whole_shell_speaks_german(office):
    office.cookies["django_language"] = "de"
    assert office.get(reverse("admin:emails_email_changelist")).status_code == 200
