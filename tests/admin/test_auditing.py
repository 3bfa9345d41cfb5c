"""Whatever staff change by hand leaves an event that says what was before and what is now."""

import json
from decimal import Decimal
from html.parser import HTMLParser

from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.urls import reverse

from agents.models import Department
from hbu.journal.models import Event
from tests.admin import rows

CANARY = "correct-horse-battery"


class Form(HTMLParser):
    """The fields of a page's form as a browser would send them untouched."""

    def __init__(self, page):
        super().__init__()
        self.values, self.typed = {}, []
        self.inside = self.area = self.select = None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        name = attrs.get("name")
        if tag == "form":
            self.inside = (attrs.get("id") or "").endswith("_form")
        if not self.inside or (tag != "option" and not name):
            return
        if tag == "input":
            self._input(name, attrs)
        elif tag == "textarea":
            self.area = name
            self.values[name] = ""
            self.typed.append(name)
        elif tag == "select":
            self.select = name
            self.values.setdefault(name, [])
        elif "selected" in attrs and self.select:
            self.values[self.select].append(attrs["value"])

    def _input(self, name, attrs):
        kind = attrs.get("type", "text")
        if kind in ("checkbox", "radio"):
            if "checked" in attrs:
                self.values[name] = attrs.get("value", "on")
        elif kind not in ("submit", "file", "button"):
            self.values[name] = attrs.get("value", "")
            if kind in ("text", "number"):
                self.typed.append(name)

    def handle_data(self, data):
        if self.area:
            self.values[self.area] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        if tag == "textarea" and self.area:
            # A browser leaves out the line feed that HTML puts first.
            self.values[self.area] = self.values[self.area].removeprefix("\n").removeprefix("\r\n")
            self.area = None
        if tag == "select":
            self.select = None


def changes(kind="config.changed"):
    return [event.data for event in Event.objects.filter(kind=kind).order_by("pk")]


def form_of(office, obj):
    opts = obj._meta
    url = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[obj.pk])
    return url, Form(office.get(url).content.decode())


def test_what_changed_is_told_with_before_and_after_and_nothing_else(office, company):
    department = Department.objects.get(code="sales")
    url, form = form_of(office, department)
    before = department.name_en
    office.post(url, form.values | {"name_en": "Selling"})
    [told] = changes()
    assert told["model"] == "agents.department"
    assert (told["before"], told["after"]) == ({"name_en": before}, {"name_en": "Selling"})
    event = Event.objects.get(kind="config.changed")
    assert event.actor.username == "clara"
    assert event.ip == "127.0.0.1"
    office.post(url, form.values | {"name_en": "Selling"})
    assert len(changes()) == 1


def test_parts_and_sets_of_a_thing_are_told_with_it(office, clara):
    ben = User.objects.create_user("ben", is_staff=True)
    group = Group.objects.create(name="Weekend")
    url, form = form_of(office, ben)
    office.post(url, form.values | {"groups": [group.pk], "is_superuser": "on"})
    [told] = changes()
    assert {"is_superuser": "True", "groups": "Weekend"}.items() <= told["after"].items()
    assert {"is_superuser": "False", "groups": ""}.items() <= told["before"].items()
    assert "username" not in told["after"]


def test_f16_secrets_are_told_as_changed_and_never_shown(office, company):
    mailbox = rows.mailbox()
    url, form = form_of(office, mailbox)
    office.post(url, form.values | {"password": CANARY, "new_password": CANARY})
    ben = User.objects.create_user("ben")
    office.post(
        reverse("admin:auth_user_password_change", args=[ben.pk]),
        {"password1": CANARY, "password2": CANARY, "usable_password": "true", "set-password": "1"},
    )
    ben.refresh_from_db()
    assert ben.check_password(CANARY)
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert {"login.password_changed", "config.changed"} <= kinds
    assert {"password": "•••"} in [told["after"] for told in changes()]
    everything = json.dumps(list(Event.objects.values_list("data", flat=True)))
    assert CANARY not in everything
    assert ben.password not in everything
    assert "its-own-secret" not in everything


def test_a_long_text_is_told_where_it_changed():
    from hbu.lib.auditing import Picture, Value, difference

    old = "a" * 1000 + " Knopf " + "b" * 1000
    was, now = difference(
        Picture({"text": Value(old)}), Picture({"text": Value(old.replace("Knopf", "Kopf"))})
    )
    assert "Knopf" in was["text"]
    assert " Kopf" in now["text"]
    assert len(was["text"]) < 210


def test_what_is_added_and_removed_is_told(office, clara):
    office.post(reverse("admin:auth_group_add"), {"name": "Weekend"})
    group = Group.objects.get(name="Weekend")
    assert changes("config.added")[0]["after"]["name"] == "Weekend"
    office.post(reverse("admin:auth_group_delete", args=[group.pk]), {"post": "yes"})
    [gone] = changes("config.removed")
    assert gone["before"]["name"] == "Weekend"
    many = [Group.objects.create(name=f"G{number}") for number in range(2)]
    office.post(
        reverse("admin:auth_group_changelist"),
        {"action": "delete_selected", "_selected_action": [one.pk for one in many], "post": "yes"},
    )
    assert len(changes("config.removed")) == 3


def test_what_is_edited_in_a_list_is_told(office, company):
    from shop.models import Category

    category = Category.objects.first()
    url = reverse("admin:shop_category_changelist")
    page = office.get(url).content.decode()
    form = Form(page.replace('id="changelist-form"', 'id="changelist_form"'))
    key = next(
        name.removesuffix("-id") for name, value in form.values.items()
        if name.endswith("-id") and value == str(category.pk)
    )  # fmt: skip
    office.post(url, form.values | {f"{key}-position": "77", "_save": "Save"})
    [told] = changes()
    assert told["after"] == {"position": "77"}


def test_f21_a_list_taken_along_needs_a_right_and_is_told(desk, company):
    desk.may("shop.view_customer")
    url = reverse("admin:shop_customer_export") + "?q=Berger"
    assert desk.get(url).status_code == 403
    assert "export" not in desk.get(reverse("admin:shop_customer_changelist")).content.decode()
    desk.may("journal.export_lists")
    page = desk.get(url)
    fields = {
        f"{one.html_name}": "on"
        for one in page.context["form"]
        if one.field.initial is True or "resource" in one.html_name
    }
    done = desk.post(url, fields | {"format": "0", "resource": "0"})
    assert done["Content-Type"].startswith("text/csv")
    event = Event.objects.get(kind="list.exported")
    assert event.actor.username == "ben"
    assert event.data["model"] == "shop.customer"
    assert event.data["rows"] == done.content.decode().count("\r\n") - 1 or event.data["rows"] > 0
    assert event.data["filters"] == "q=Berger"


def test_logins_are_told(client, db):
    User.objects.create_user("zoe", password=CANARY, is_staff=True)
    login = reverse("admin:login")
    client.post(login, {"username": "zoe", "password": "wrong"})
    client.post(login, {"username": "nobody\x00'", "password": "wrong"})
    client.post(login, {"username": "zoe", "password": CANARY})
    client.post(reverse("admin:logout"))
    told = list(Event.objects.order_by("pk").values_list("kind", "actor__username", "ip"))
    assert ("login.failed", None, "127.0.0.1") in told
    assert told[-2:] == [
        ("login.succeeded", "zoe", "127.0.0.1"), ("login.ended", "zoe", "127.0.0.1")
    ]  # fmt: skip
    assert CANARY not in json.dumps(list(Event.objects.values_list("data", flat=True)))


def example(model):
    """A row of the model for its page, from the demo company or made here."""
    found = model._default_manager.first()
    if found is None and model in MADE:
        found = MADE[model]()
    return found


MADE = {Group: lambda: Group.objects.create(name="Weekend")}


def changed(form):
    """Try one field after another, until the page takes the change."""
    for name in form.typed:
        value = form.values[name]
        if name.startswith(("_", "csrf")) or "-" in name or "search" in name:
            continue
        if ":" in value:
            yield name, value.replace(":00", ":05", 1)
        amount = value.replace(".", "", 1).isdecimal()
        yield name, str(Decimal(value) + 1) if amount else f"{value}x"
    for name, value in form.values.items():
        if value == "on":
            yield name, None


def test_j5_every_page_that_changes_something_leaves_an_event(office, company, request):
    """Goes over all models that have a page with a form; none is left out by hand."""
    http = office.get(reverse("admin:index")).wsgi_request
    walked, silent, untouched = [], [], []
    for model, page in admin.site._registry.items():
        if not page.has_change_permission(http):
            continue
        obj = example(model)
        if obj is None or not page.has_change_permission(http, obj):
            continue
        url, form = form_of(office, obj)
        names = [name for name in form.values if "-" not in name and "csrf" not in name]
        if not names:
            continue
        for name, value in changed(form):
            before, count = _stored(model, obj.pk), Event.objects.count()
            values = {key: one for key, one in form.values.items() if key != name}
            office.post(url, values if value is None else values | {name: value})
            if _stored(model, obj.pk) != before:
                walked.append(model._meta.label)
                if Event.objects.count() == count:
                    silent.append(f"{model._meta.label}.{name}")
                break
        else:
            untouched.append(model._meta.label)
    assert silent == []
    assert untouched == []
    assert len(walked) > 15, walked


def _stored(model, pk):
    return model._base_manager.filter(pk=pk).values().first()


def test_j5_every_page_of_the_admin_is_audited():
    from hbu.lib.admin.auditing import AuditedMixin

    pages = admin.site._registry
    assert [one for one, page in pages.items() if not isinstance(page, AuditedMixin)] == []


def test_loading_the_company_tells_what_it_changed(company):
    from tests.factories import company as factory

    first = Event.objects.get(kind="company.loaded").data["changed"]
    assert first["company.company"] == {"new": 1}
    assert first["shop.product"]["new"] > 10
    Department.objects.filter(code="sales").update(name_en="Selling")
    factory.load()
    again = Event.objects.filter(kind="company.loaded").first().data["changed"]
    assert again == {"agents.department": {"changed": 1}}
