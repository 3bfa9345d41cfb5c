import shutil
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from hbu.company import schema, yamlsource
from hbu.company.kpi_codes import CODES
from hbu.company.schema import CompanyFileError

DEMO = Path(__file__).parents[2] / "demo"


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(DEMO, tmp_path / "demo"))


@pytest.fixture
def changed(folder):
    """Read the demo company after texts in one of its files were replaced."""

    def read(*swaps, file="company.yaml"):
        path = folder / file
        text = path.read_text(encoding="utf-8")
        for old, new in swaps:
            assert old in text
            text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8")
        return schema.read(folder / "company.yaml")

    return read


def line_of(file, text):
    lines = (DEMO / file).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def refusal(read, *arguments, **options):
    with pytest.raises(CompanyFileError) as refused:
        read(*arguments, **options)
    return refused.value.message.splitlines()


def test_a12_the_demo_company_is_complete():
    company = schema.read(DEMO / "company.yaml")
    assert company.company.domain == "h-bu.de"
    assert {department.code for department in company.departments} == {
        "info", "sales", "support", "finance", "orders", "quality", "supplier", "oem1",
    }  # fmt: skip
    assert len(company.products) >= 40
    assert len(company.customers) >= 14
    assert sum(customer.oem for customer in company.customers) >= 3
    assert sum(customer.language == "en" for customer in company.customers) >= 4
    assert sum(bool(customer.aliases) for customer in company.customers) >= 2
    assert {agent.role for agent in company.agents} == {
        "info", "sales", "support", "finance", "coordinator",
    }  # fmt: skip


def test_a9_every_category_has_products_and_every_product_can_be_bought():
    company = schema.read(DEMO / "company.yaml")
    assert {product.category for product in company.products} == {
        "premium",
        "standard",
        "specialty",
    }
    for product in company.products:
        assert product.stock >= product.min_quantity
        assert product.min_quantity % product.pack_size == 0
        assert product.description


def test_names_of_products_are_distinct():
    company = schema.read(DEMO / "company.yaml")
    for language in ("de", "en"):
        names = [product.name.in_language(language) for product in company.products]
        assert len(set(names)) == len(names)


def test_values_arrive_typed():
    company = schema.read(DEMO / "company.yaml")
    assert company.products[0].price == Decimal("0.38")
    assert company.opening_hours["friday"][0].closes == time(14)
    assert company.holidays[0].date == date(2026, 1, 1)
    assert {policy.code: policy.resolution for policy in company.sla}["priority"] == timedelta(
        hours=16
    )
    assert company.company.postcode == "50667"


def test_holidays_follow_easter():
    company = schema.read(DEMO / "company.yaml")
    days = {holiday.date for holiday in company.holidays}
    for easter in (date(2026, 4, 5), date(2027, 3, 28)):
        assert {easter + timedelta(days=offset) for offset in (-2, 1, 39, 50, 60)} <= days


def test_leading_zeros_of_postcodes_survive_without_quotes(changed):
    company = changed(('postcode: "01067"', "postcode: 01067"), file="customers.yaml")
    assert company.customers[-1].postcode == "01067"


@pytest.mark.parametrize(
    ("old", "new", "key", "what"),
    [
        ("address: sales@h-bu.de\n", "address: sales at h-bu\n", "departments[1].address", "not a mail address"),
        ("  phone: +49 221 4710-100\n", "  fax: 1\n", "company.fax", "is not known here"),
        ("iban: DE89", "iban: DE88", "company.iban", "not a valid IBAN"),
        ("vat_id: DE999894301", "vat_id: DE999894302", "company.vat_id", "not a valid VAT id"),
        ("timezone: Europe/Berlin", "timezone: Europe/Koeln", "company.timezone", "not a time zone"),
        ("resolution: 4h", "resolution: soon", "sla[0].resolution", "not a working time"),
        ("resolution: 4h", "resolution: 30m", "sla[0]", "first response is later"),
        ('"08:00-14:00"', '"14:00-08:00"', "opening_hours.friday[0]", "closes before it opens"),
        ('"08:00-14:00"', '"08:00-14:00", "13:00-15:00"', "opening_hours.friday", "overlap"),
        ("  friday:", "  freitag:", "opening_hours.freitag", "input should be 'monday'"),
        ("date: 2026-04-03", "date: 2026-04-31", "holidays[1].date", "input should be a valid date"),
        ("role: finance", "role: treasurer", "agents[4].role", "not 'treasurer'"),
        ("email: info@h-bu.de", "email: [info@h-bu.de]", "company.email", "valid string"),
    ],
)  # fmt: skip
def test_a12_a_wrong_value_is_named_with_line_and_key(changed, old, new, key, what):
    problems = refusal(changed, (old, new))
    line = line_of("company.yaml", old.strip("\n"))
    named = [problem for problem in problems if f" line {line}, {key}: " in problem]
    assert named, problems
    assert what in named[0]


def test_a_missing_key_points_at_the_section_that_lacks_it(changed):
    (problem,) = refusal(changed, ("  phone: +49 221 4710-100\n", ""))
    assert (
        problem
        == f"company.yaml line {line_of('company.yaml', 'company:')}, company.phone: is missing"
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("company.yaml", "department: oem1,", "department: oem2,", "mailboxes[7].department: there is no oem2 among the departments"),
        ("company.yaml", "departments: [finance]}", "departments: [taxes]}", "agents[4].departments[0]: there is no taxes among the departments"),
        ("company.yaml", "address: quality@h-bu.de\n", "address: info@h-bu.de\n", "departments[5].address: info@h-bu.de is taken by departments[0].address"),
        ("products.yaml", "sku: HB-1002", "sku: HB-1001", "products[1].sku: HB-1001 is taken by products[0].sku"),
        ("products.yaml", "category: premium", "category: luxury", "products[0].category: there is no luxury among the categories"),
        ("customers.yaml", "MB-7701: HB-1001", "MB-7701: HB-9999", "customers[0].aliases.MB-7701: there is no HB-9999 among the products"),
        ("customers.yaml", "number: K-10002", "number: K-10001", "customers[1].number: K-10001 is taken by customers[0].number"),
        ("company.yaml", "  revenue_growth: 5", "  happiness: 5", "kpis.happiness: there is no figure happiness; there are " + ", ".join(sorted(CODES))),
        ("company.yaml", "complaint_rate: 2", "complaints: 2", "departments[5].kpis.complaints: there is no figure complaints; there are " + ", ".join(sorted(CODES))),
        ("products.yaml", "price: 0.38", "price: cheap", "products[0].price: input should be a valid decimal, not 'cheap'"),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_named_in_its_own_file(changed, file, old, new, expected):
    problems = refusal(changed, (old, new), file=file)
    assert any(
        problem.startswith(f"{file} line ") and problem.endswith(expected) for problem in problems
    ), problems


def test_rules_are_asked_in_the_order_they_give(folder):
    rules = "".join(f"- {{name: rule {n}, order: {n}, condition: {{}}}}\n" for n in (30, 10, 20))
    (folder / "rules.yaml").write_text(rules, encoding="utf-8")
    company = schema.read(folder / "company.yaml")
    assert [rule.name for rule in company.rules] == ["rule 10", "rule 20", "rule 30"]


def test_a_rule_that_names_an_unknown_department_is_refused(folder):
    (folder / "rules.yaml").write_text(
        "- name: all\n  condition: {}\n  department: moon\n  sla: standard\n", encoding="utf-8"
    )
    (problem,) = refusal(schema.read, folder / "company.yaml")
    assert (
        problem == "rules.yaml line 3, rules[0].department: there is no moon among the departments"
    )


def test_a12_every_problem_of_every_file_is_told_at_once(folder, changed):
    products = folder / "products.yaml"
    products.write_text(
        products.read_text(encoding="utf-8").replace("stock: 60000", "stock: -1", 1),
        encoding="utf-8",
    )
    problems = refusal(
        changed,
        ("bic: EXMPDEKKXXX", "bic: 1"),
        ("  phone: +49 221 4710-100\n", ""),
        ("department: oem1,", "department: oem2,"),
        ("customers: customers.yaml", "customers: clients.yaml"),
    )
    assert len(problems) == 5
    assert [problem.split(" line ")[0] for problem in problems] == ["company.yaml"] * 4 + [
        "products.yaml"
    ]
    assert "there is no file clients.yaml beside this one" in "\n".join(problems)


def test_a_host_needs_a_user_and_a_password_variable(changed):
    (problem,) = refusal(
        changed, ("department: info,", "department: info, host: imap.h-bu.de, port: 993,")
    )
    assert "mailboxes[0]: a host needs username and password_env as well" in problem


def test_a_password_cannot_stand_in_the_file(changed):
    (problem,) = refusal(changed, ("department: info,", "department: info, password: sesame,"))
    assert "mailboxes[0].password: is not known here" in problem
    assert "sesame" not in problem


def test_a_file_outside_the_folder_is_not_read(folder, changed):
    shutil.copy(folder / "products.yaml", folder.parent / "products.yaml")
    problems = refusal(changed, ("products: products.yaml", "products: ../products.yaml"))
    assert any("there is no file ../products.yaml beside" in problem for problem in problems)


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("company: [1,\nkpis: 2", 3, "did not find"),
        ("company:\n\tname: x", 2, "cannot start any token"),
        ("a: &lol [x]\nb: [*lol, *lol]", 1, "anchors and aliases"),
        ("a:\n  b: !!python/object/apply:os.system [ls]", 2, "tags are not accepted"),
        ("[" * 5000, 1, "nested too deeply"),
        ("- a list", 1, "must begin with the sections"),
    ],
)
def test_hostile_or_broken_yaml_is_refused_with_its_line(tmp_path, text, line, what):
    path = tmp_path / "company.yaml"
    path.write_text(text, encoding="utf-8")
    (problem,) = refusal(schema.read, path)
    assert problem.startswith(f"company.yaml line {line}: ")
    assert what in problem


def test_a_key_given_twice_is_told(changed):
    (problem,) = refusal(changed, ("  city: Köln\n", "  city: Köln\n  city: Bonn\n"))
    assert problem.endswith("company.city: is given twice")


def test_a_missing_an_empty_a_binary_and_a_huge_file_are_refused(tmp_path):
    path = tmp_path / "company.yaml"
    assert "No such file" in refusal(schema.read, path)[0]
    for content, what in [
        (b"", "is empty"),
        (b"a: 1\nb: \xff", "line 2: is not UTF-8 text"),
        (b"#" * (yamlsource.MAX_BYTES + 1), "larger than two megabytes"),
    ]:
        path.write_bytes(content)
        assert what in refusal(schema.read, path)[0]


def test_suppliers_are_told_apart_by_what_identifies_them():
    company = schema.read(DEMO / "company.yaml")
    assert len(company.suppliers) >= 3
    for supplier in company.suppliers:
        assert supplier.vat_id
        assert supplier.iban
        assert supplier.domains


@pytest.mark.parametrize(
    ("old", "new", "key", "what"),
    [
        ("iban: DE02 1203", "iban: DE03 1203", "suppliers[0].iban", "not a valid IBAN"),
        ("vat_id: DE999354118", "vat_id: DE999354119", "suppliers[1].vat_id", "not a valid VAT id"),
        ("number: L-70002", "number: L-70001", "suppliers[1].number", "taken by suppliers[0]"),
        ("[polymer-nord.example]", "[hornwerk-oberpfalz.example]", "suppliers[1].domains", "taken by"),
        ("country: GB", "land: GB", "suppliers[3].land", "is not known here"),
    ],
)  # fmt: skip
def test_a_wrong_supplier_is_named(changed, old, new, key, what):
    problems = refusal(changed, (old, new), file="suppliers.yaml")
    assert any(key in one and what in one and "suppliers.yaml" in one for one in problems), problems
