"""The one box finds what it should, nothing that somebody may not see, and never falls over."""

from io import StringIO

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.models import Department
from cases import finding
from cases.models import Case, CaseEmail, Note, SearchEntry, Tag
from cases.services import indexing, searching
from emails.models import Attachment, Email, OutgoingEmail, Thread
from orders.models import Order
from shop.models import Contact, Customer

VIEWS = ["view_case", "view_email", "view_outgoingemail", "view_customer", "view_order"]


@pytest.fixture
def sales(db):
    return Department.objects.create(
        code="sales", name_de="Verkauf", name_en="Sales", address="sales@h-bu.de"
    )


@pytest.fixture
def finance(db):
    return Department.objects.create(
        code="finance", name_de="Buchhaltung", name_en="Finance", address="finance@h-bu.de"
    )


@pytest.fixture
def seller(ben, sales):
    """Ben reads everything of the sales department."""
    sales.members.add(ben)
    ben.user_permissions.set(Permission.objects.filter(codename__in=VIEWS))
    return ben


def write(number, department, text, *, subject="Anfrage", sender="anna@muster.example", **values):
    """A case with one mail."""
    thread = Thread.objects.create(subject=subject)
    mail = Email.objects.create(
        fingerprint=f"mail of {number}", subject=subject, text=text, from_name="Anna Müller",
        from_address=sender, to=[department.address], department=department, thread=thread,
    )  # fmt: skip
    case = Case.objects.create(
        number=number, title=subject, department=department, thread=thread, **values
    )
    CaseEmail.objects.create(case=case, email=mail)
    return case


def build():
    indexing.fill(1000)


def found(user, words, **how):
    return [(hit.kind, hit.title) for hit in searching.search(user, words, **how)]


def numbers(user, words):
    return sorted(searching.cases(user, words).values_list("number", flat=True))


def test_words_phrases_exclusions_beginnings_and_senders(clara, sales):
    write("C-1", sales, "Wir suchen rote Perlmuttknöpfe für Trachten.", subject="Knöpfe")
    write("C-2", sales, "Ihre Knöpfe, die rote Schachtel, mit Rabatt.", sender="otto@gross.example")
    build()
    assert numbers(clara, "rote knöpfe") == ["C-1", "C-2"]
    assert numbers(clara, "KNOEPFE rabatt") == ["C-2"]
    assert numbers(clara, '"rote Perlmuttknöpfe"') == ["C-1"]
    assert numbers(clara, "rote -rabatt") == ["C-1"]
    assert numbers(clara, "perlm") == ["C-1"]
    assert numbers(clara, "perlm trachten") == []
    assert numbers(clara, "from:otto") == ["C-2"]
    assert numbers(clara, "rote from:otto@gross.example") == ["C-2"]
    assert numbers(clara, "-rabatt") == []


def test_a_case_is_found_by_all_that_belongs_to_it(clara, sales):
    customer = Customer.objects.create(
        number="K-77", name="Zwirnhaus Wagner", city="Köln", domains=["zwirn.example"],
        vat_id="DE136695976",
    )  # fmt: skip
    Contact.objects.create(customer=customer, last_name="Eulenspiegel", email="till@zwirn.example")
    case = write("C-2026-7", sales, "Bitte um Angebot.", customer=customer)
    mail = case.emails.get()
    Attachment.objects.create(
        email=mail, filename="Bestellung_Herbst.pdf", content_type="application/pdf", size=1,
        sha256="0" * 64, text="Hornknopf dunkel, 4711 Stück",
    )  # fmt: skip
    Note.objects.create(case=case, text="Der Chef kennt ihn vom Schützenverein.")
    case.tags.add(Tag.objects.create(name="Messe"))
    OutgoingEmail.objects.create(
        state="sent", cause="x", from_address="sales@h-bu.de", to_address="till@zwirn.example",
        subject="Ihr Angebot", text="Sehr geehrter Herr Eulenspiegel, gerne!", message_id="a@b",
        answers=mail,
    )  # fmt: skip
    order = Order.objects.create(
        number="HB-2026-31", customer=customer, source="mail", reference="PO-99/b"
    )
    order.lines.create(
        position=1, sku="HB-1001", name="Kokosknopf natur", quantity=1, unit_price=1, tax_rate=19,
        total=1,
    )  # fmt: skip
    case.orders.add(order)
    build()
    for words in (
        "schützenverein", "messe", "zwirnhaus", "K-77", "hornknopf", "herbst.pdf", "gerne",
        "eulenspiegel", "köln", "DE136695976", "PO-99/b", "kokosknopf", "HB-1001", "HB-2026-31",
        "c-2026-7", "zwirn.example",
    ):  # fmt: skip
        assert numbers(clara, words) == ["C-2026-7"], words


def test_a_number_comes_first_then_names_then_titles_then_texts(clara, sales):
    write("C-12", sales, "", subject="Frage zu Wagner")
    write("C-120", sales, "Wagner schrieb", subject="Sonstiges")
    customer = Customer.objects.create(number="K-1", name="Wagner")
    write("C-13", sales, "", subject="Neu", customer=customer)
    write("C-14", sales, "zu C-12", subject="Alt")
    build()
    by_case = [title for _, title in found(clara, "Wagner", kinds=["case"])]
    assert by_case == ["C-13 Neu", "C-12 Frage zu Wagner"]
    assert found(clara, "c-12")[0] == ("case", "C-12 Frage zu Wagner")
    mails = [title for _, title in found(clara, "Wagner", kinds=["email"])]
    assert mails == ["Frage zu Wagner", "Sonstiges"]


def test_among_equals_the_newest_comes_first(clara, sales):
    older = write("C-1", sales, "Knopf eins", subject="eins")
    newer = write("C-2", sales, "Knopf zwei", subject="zwei")
    # It came later and was written before.
    Email.objects.filter(link__case=newer).update(received_at=timezone.now().replace(year=2020))
    build()
    assert [title for _, title in found(clara, "Knopf", kinds=["email"])] == ["eins", "zwei"]
    assert older.pk < newer.pk


def test_f3_nobody_finds_or_counts_what_he_may_not_see(seller, mallory, clara, sales, finance):
    write("C-1", sales, "geheimwort offen")
    hidden = write("C-2", finance, "geheimwort zu")
    Note.objects.create(case=hidden, text="geheimwort notiz")
    build()
    assert {hit.kind: hit.object_id for hit in searching.search(seller, "geheimwort")} == {
        "email": Email.objects.get(link__case__number="C-1").pk
    }
    assert [(one.kind, one.count) for one in searching.groups(seller, "geheimwort")] == [
        ("email", 1)
    ]
    assert numbers(seller, "geheimwort") == ["C-1"]
    assert found(seller, "C-2") == []
    assert [(one.kind, one.count) for one in searching.groups(clara, "geheimwort")] == [
        ("case", 1), ("email", 2)
    ]  # fmt: skip
    assert searching.search(mallory, "geheimwort") == []
    assert list(searching.cases(mallory, "geheimwort")) == []
    # Who may not read mails learns nothing by them either.
    seller.user_permissions.remove(Permission.objects.get(codename="view_email"))
    seller = type(seller).objects.get(pk=seller.pk)
    assert searching.search(seller, "geheimwort") == []
    assert list(searching.cases(seller, "geheimwort")) == []


def test_b6_what_strangers_wrote_is_escaped_around_the_marks(clara, sales):
    write("C-1", sales, "<script>alert(1)</script> Knöpfe & <b>mehr</b>", subject="<img src=x>")
    build()
    [hit] = searching.search(clara, "knoepfe", kinds=["email"])
    assert "<mark>Knöpfe</mark> &amp; &lt;b&gt;" in hit.excerpt
    assert "<script" not in hit.excerpt


HOSTILE = [
    '"', '""', "'", "a' OR 1=1 --", "NEAR(a b)", "names:anna", "{names}: x", "* * *", "AND OR NOT",
    "a AND", "-", "--", '-"', "from:", 'from:"', "(((", "\x00", "a\x00b", "a:*", "!a & b | c <-> d",
    "':*", "\\", "%", "_", "\ud800", "€ § $", "x" * 10_000, "a " * 5_000, "😀", "²", "12e34x",
    "a^2", "+a", "a\tb\nc", "a1\ud800",
]  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_b4_nothing_that_somebody_types_is_an_error(clara, sales, words):
    write("C-1", sales, "ein Text")
    build()
    searching.search(clara, words)
    searching.groups(clara, words)
    list(searching.cases(clara, words))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(words=st.text(max_size=60))
def test_b4_whatever_is_typed(clara, words):
    list(searching.cases(clara, words))
    searching.search(clara, words)


def test_the_index_follows_changes_and_forgets_what_is_gone(clara, sales):
    case = write("C-1", sales, "alt")
    build()
    Email.objects.update(text="nagelneu")
    indexing.index("email", [case.emails.get().pk])
    assert numbers(clara, "nagelneu") == ["C-1"]
    assert numbers(clara, "alt") == []
    Case.objects.filter(pk=case.pk).update(merged_into=case)
    indexing.index("case", [case.pk, 999])
    assert not SearchEntry.objects.filter(kind="case").exists()
    assert indexing.fill(10) == 0


def test_events_ring_and_a_lost_bell_is_found_by_the_sweep(
    clara, sales, django_capture_on_commit_callbacks
):
    from hbu.journal.recording import record

    case = write("C-1", sales, "")
    build()
    Case.objects.update(title="Umbenannt")
    event = record("case.described", case)
    indexing.follow([event.pk])
    assert numbers(clara, "umbenannt") == ["C-1"]


def test_the_number_of_queries_does_not_grow(clara, sales, django_assert_max_num_queries):
    for number in range(12):
        write(f"C-{number}", sales, "viele Knöpfe")
    build()
    with django_assert_max_num_queries(45):
        groups = searching.groups(clara, "knöpfe")
    assert [(one.kind, len(one.hits), one.count) for one in groups] == [("email", 5, 12)]


def test_the_index_is_kept_by_the_database_itself(db):
    """A migration that makes the table anew has to install the triggers again (0007_search)."""
    SearchEntry.objects.create(kind="case", object_id=1, title="eins", at=timezone.now())
    entry = SearchEntry.objects.create(kind="case", object_id=2, title="zwei", at=timezone.now())
    SearchEntry.objects.filter(object_id=1).update(title="drei")
    entry.delete()
    said = {word: _in_the_index(word) for word in ("eins", "zwei", "drei")}
    assert said == {"eins": 0, "zwei": 0, "drei": 1}


def _in_the_index(word):
    question = finding.read(word)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT count(*) FROM cases_search WHERE cases_search MATCH %s",
                [finding.for_sqlite(question)],
            )
        else:
            cursor.execute(
                "SELECT count(*) FROM cases_searchentry WHERE vector @@ to_tsquery('simple', %s)",
                [finding.for_postgresql(question)],
            )
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", [1, 2])
def test_an_emptied_table_leaves_nothing_in_the_index(time):
    assert _in_the_index("rest") == 0
    SearchEntry.objects.create(kind="case", object_id=1, title="rest", at=timezone.now())
    assert _in_the_index("rest") == 1


def test_reindex_goes_on_where_it_stopped_and_can_begin_anew(clara, sales):
    for number in range(3):
        write(f"C-{number}", sales, "Knopf")
    indexing.index("email", indexing.missing("email", at_most=1))
    out = StringIO()
    call_command("reindex", stdout=out)
    assert "email: 2 entered" in out.getvalue()
    SearchEntry.objects.filter(kind="email").update(body="")
    assert numbers(clara, "knopf") == []
    call_command("reindex", "email", "--all", stdout=StringIO())
    assert numbers(clara, "knopf") == ["C-0", "C-1", "C-2"]
