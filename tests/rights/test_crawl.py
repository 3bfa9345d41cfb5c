"""Every address there is, opened by every role that does not see the other department (promise F3).

The addresses are taken from the resolver, so a new one is crawled without a word here.
"""

import re

import pytest
from django.contrib import admin
from django.core.cache import cache
from django.urls import reverse

from tests.rights import table
from tests.rights.test_leaks import SCOPED, SEARCHED, SECRET, browser, listed
from tests.rights.test_matrix import addresses, may, path_of

pytestmark = pytest.mark.django_db
# They lead out of the house, or to what is tested where its tokens are made.
LEFT_OUT = {
    "admin:logout",
    "shop:logout",
    "admin:view_on_site",
    "admin:app_list",
    "admin:autocomplete",
}


def named(world, code, user):
    """The addresses with a rule that the role may open: of its own rows, of the others', searched."""
    for name, pattern in dict(addresses()).items():
        rule = table.rule_of(name) if name else None
        if rule is None or name in LEFT_OUT or rule.get in ("", table.TOKEN):
            continue
        if not may(rule.get, code, user):
            continue
        yield path_of(name, world.own)
        if re.search(r"<(\w+:)?\w+>", pattern):
            yield path_of(name, world.other)
        else:
            word = "s" if name == "admin:search" else "q"
            yield f"{path_of(name, world.own)}?{word}={SEARCHED}"


def of_models(world, user, *, wholly=True):
    """The lists of the admin, and the pages of the rows of either department."""
    for model, address in listed(user):
        yield address
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        if wholly:
            yield f"{address}?q={SEARCHED}"
            yield reverse(f"{base}_add")
        for rows in (world.own, world.other):
            if model in rows.rows:
                for page in ("change", "history", "delete") if wholly else ("change",):
                    yield reverse(f"{base}_{page}", args=[rows[model].pk])


def leaks(user, paths):
    client, hits, opened = browser(user), set(), 0
    for path in dict.fromkeys(paths):
        # Nobody is slowed down.
        cache.clear()
        answer = client.get(path)
        assert answer.status_code < 500, path
        opened += answer.status_code == 200
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if SECRET in f"{body.decode('utf-8', 'replace')} {answer.headers}".lower():
            hits.add(path)
    return hits, opened


# Clerks are most of the people; the others are crawled in the long form.
CRAWLED = [pytest.param(one, marks=[] if one == "clerk" else pytest.mark.load) for one in SCOPED]


@pytest.mark.parametrize("code", CRAWLED)
def test_f3_no_address_shows_anything_of_another_department(world, code):
    user, wholly = world.people[code], code == "lead"
    paths = [*named(world, code, user), *of_models(world, user, wholly=wholly)]
    hits, opened = leaks(user, paths)
    assert hits == set()
    assert opened > 60


@pytest.mark.load
def test_f3_the_crawl_would_find_it(world):
    """The same addresses, by somebody of that department."""
    user = world.other_clerk
    hits, _opened = leaks(
        user, [*named(world, "clerk", user), *of_models(world, user, wholly=False)]
    )
    assert len(hits) > 40


def exported(model):
    return getattr(admin.site._registry[model], "export_fields", ())


def files(user):
    """Take along each list that can be; yield its address with what is in the file."""
    client = browser(user)
    for model, address in listed(user):
        if columns := exported(model):
            prefix = f"{model.__name__}resource".lower()
            said = {"format": 0, "resource": "", **{f"{prefix}_{one}": "on" for one in columns}}
            answer = client.post(f"{address}export/", said)
            assert answer["Content-Type"].startswith("text/csv"), address
            yield address, answer.content.decode().lower()


@pytest.mark.parametrize("code", ["lead", "sales", "finance"])
def test_f3_no_file_of_any_list_holds_anything_of_another_department(world, code):
    taken = dict(files(world.people[code]))
    assert [address for address, file in taken.items() if SECRET in file] == []
    assert len(taken) > 10


def test_f3_files_of_who_sees_all_departments_hold_it(world):
    taken = dict(files(world.people["admin"]))
    assert len(taken) == len([model for model in admin.site._registry if exported(model)])
    assert len([address for address, file in taken.items() if SECRET in file]) > 5
