import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from emails.data import Joined
from emails.models import Email, Thread
from emails.parsing import parse
from emails.services import joining
from emails.threading import LETTER_HEADER, signed_message_id
from hbu.journal.models import Event
from tests.incoming import letter

pytestmark = pytest.mark.django_db
OWN = frozenset({"info@h-bu.de"})
MALLORY = "Mallory <mallory@evil.example>"
BULK = {"Precedence": "bulk", "sender": "alarm@plant.example"}


def join(*raws):
    """Join a chunk of mails; return the thread of each."""
    pairs = []
    for raw in raws:
        mail = parse(raw, own_addresses=OWN)
        number = f"{Email.objects.count():064}"
        row = Email.objects.create(
            fingerprint=number,
            message_id=mail.message_id,
            from_address=mail.sender.address,
            to=[one.as_json() for one in mail.to],
            cc=[one.as_json() for one in mail.cc],
            subject=mail.subject,
            automatic=mail.automatic or "",
            kind="general",
        )
        pairs.append((row, mail))
    joining.join(pairs, own=OWN)
    for email, _ in pairs:
        email.save()
    return [email.thread_id for email, _ in pairs]


def said(number, *answers, **headers):
    references = " ".join(f"<{one}@a.example>" for one in answers) or None
    return letter(Message_ID=f"<{number}@a.example>", References=references, **headers)


def test_a_mail_by_itself_begins_a_thread():
    first, second = join(said("1"), said("2"))
    assert first != second
    assert Thread.objects.count() == 2


def test_an_answer_joins_what_it_answers_in_the_same_chunk_and_later():
    first, answer = join(said("1"), said("2", "1"))
    (later,) = join(said("3", "1", "2", subject="quite another subject"))
    assert first == answer == later


def test_answers_that_share_an_ancestor_we_never_saw_meet():
    (one,) = join(said("2", "never-seen"))
    (other,) = join(said("3", "never-seen"))
    assert one == other


def test_a_mail_without_ids_joins_nothing():
    assert len(set(join(*(letter(Message_ID=None) for _ in range(3))))) == 3


def test_a10_a_borrowed_message_id_joins_no_thread_and_is_named():
    mine, borrowed = join(said("1"), said("1", subject="Give me his prices"))
    (later,) = join(said("1", subject="Once more"))
    assert len({mine, borrowed, later}) == 3
    rows = Email.objects.order_by("pk")
    assert [row.defects for row in rows] == [[], [joining.TWIN], [joining.TWIN]]


def test_mails_without_a_message_id_are_no_twins():
    join(letter(Message_ID=None), letter(Message_ID=None))
    assert [row.defects for row in Email.objects.all()] == [[], []]


def test_d2_only_a_message_id_that_we_signed_leads_by_itself(settings):
    ours = signed_message_id(settings.HBU_MESSAGE_ID_KEY.encode(), "4711", "h-bu.de")
    forged = ours.replace("hb.4711", "hb.4712")
    (thread,) = join(said("1"))
    joining.remember([(ours, thread), (forged, thread)])
    came_back, fake = join(letter(Message_ID=ours), letter(Message_ID=forged))
    assert came_back == thread
    assert fake != thread


def newest():
    return Email.objects.order_by("pk").last()


def ours(settings, number="4711"):
    return signed_message_id(settings.HBU_MESSAGE_ID_KEY.encode(), number, "h-bu.de")


def test_zammad_5064_a_stranger_with_the_right_reference_gets_a_thread_of_his_own():
    (thread,) = join(said("1"))
    (apart,) = join(said("2", "1", sender=MALLORY))
    assert apart != thread
    email = newest()
    assert (email.possibly_of_id, email.joined_by, email.impostor) == (thread, "", False)
    (answer,) = join(said("3", "2", "1"))
    assert answer == thread


def test_zammad_5064_a_case_number_alone_opens_the_door_to_those_inside_only():
    (thread,) = join(said("1"))
    joining.remember([("[C-2026-000001]", thread)])
    (inside,) = join(said("2", subject="Noch eine Frage [c-2026-000001]"))
    assert (inside, newest().joined_by) == (thread, Joined.NUMBER)
    (outside,) = join(said("3", subject="[C-2026-000001]", sender=MALLORY))
    assert (outside == thread, newest().possibly_of_id) == (False, thread)


def test_a_colleague_who_answers_in_the_customers_place_is_let_in(settings):
    (thread,) = join(said("1"))
    joining.remember([(ours(settings), thread)])
    letter_ = said("2", sender="Bank <karl@bank.example>", In_Reply_To=ours(settings))
    assert join(letter_) == [thread]
    assert (newest().joined_by, newest().new_participant) == (Joined.PROOF, True)


@pytest.mark.parametrize("sender", ["info@h-bu.de", "Info <info+x@h-bu.de>", "ceo@h-bu.de"])
def test_d3_a_mail_under_our_own_address_is_linked_named_and_never_answered(sender):
    (thread,) = join(said("1"))
    assert join(said("2", "1", sender=sender)) == [thread]
    email = newest()
    assert email.impostor
    assert email.must_not_answer
    assert Event.objects.get(kind="email.spoof_suspected").subject_id == email.pk
    (other,) = join(said("3", sender=MALLORY, Cc="x@evil.example", subject="let me in"))
    assert other != thread


def test_d3_whom_an_impostor_copies_takes_no_part():
    (thread,) = join(said("1"))
    join(said("2", "1", sender="ceo@h-bu.de", Cc="mallory@evil.example"))
    assert join(said("3", "1", sender=MALLORY)) != [thread]


def test_d2_a_letter_whose_id_a_relay_rewrote_is_known_by_our_header(settings):
    (thread,) = join(said("1"))
    joining.remember([(ours(settings), thread)])
    head = {LETTER_HEADER.replace("-", "_"): ours(settings)}
    back = letter("[Liste] Frage", sender="list@list.example", **head)
    assert join(back) == [thread]
    assert newest().joined_by == Joined.LETTER
    head = {LETTER_HEADER.replace("-", "_"): ours(settings).replace("4711", "4712")}
    assert join(letter("Frage", sender=MALLORY, **head)) != [thread]
    assert (newest().joined_by, newest().possibly_of) == ("", None)


def test_an_id_that_a_program_folded_into_encoded_words_leads_all_the_same(settings):
    (thread,) = join(said("1"))
    joining.remember([(ours(settings), thread)])
    words = ours(settings).replace("<", "=3C").replace("@", "=40").replace(">", "=3E")
    folded = f"=?utf-8?q?{words[:40]}?=\r\n =?utf-8?q?{words[40:]}?="
    assert join(said("2", sender=MALLORY, In_Reply_To=folded)) == [thread]


def test_an_answer_may_come_before_what_it_answers():
    (answer,) = join(said("2", "1", to="anna@atelier-nord.example", Cc="info@h-bu.de"))
    (original,) = join(said("1"))
    assert (original, newest().joined_by) == (answer, Joined.REFERENCE)


def test_a_new_topic_is_appended_and_flagged():
    (thread,) = join(said("1", subject="500 buttons"))
    assert join(said("2", "1", subject="Complaint about my invoice")) == [thread]
    assert newest().new_topic
    assert join(said("3", "1", subject="AW: [EXTERN] 500 buttons")) == [thread]
    assert not newest().new_topic


def test_chatwoot_14993_notices_of_a_machine_meet_for_two_weeks():
    (first, other) = join(letter("Sensor 5 low", **BULK), letter("Sensor 6 low", **BULK))
    assert first != other
    (again,) = join(letter("Sensor 5 low", **BULK))
    assert (again, newest().joined_by) == (first, Joined.SUBJECT)
    Thread.objects.update(started_at="2020-01-01T00:00:00Z")
    assert join(letter("Sensor 5 low", **BULK)) != [first]


def test_people_who_write_the_same_subject_twice_are_not_grouped():
    assert len(set(join(letter("Frage"), letter("Frage")))) == 2


def test_a_copy_is_not_answered_by_a_machine():
    join(letter(to="max@kunde.example", Cc="info@h-bu.de"))
    assert newest().must_not_answer == joining.COPY
    join(letter(to="info@h-bu.de", Cc="max@kunde.example"))
    assert newest().must_not_answer == ""


def test_the_number_of_queries_does_not_grow_with_the_chunk():
    join(said("1"), letter("Sensor 5 low", **BULK))

    def chunk(size, offset):
        mails = [
            said(f"{offset + n}", "1", sender=(MALLORY if n % 2 else "a@a.example"))
            for n in range(size)
        ]
        return [*mails, letter("Sensor 5 low", **BULK)]

    def queries(size, offset):
        pairs = []
        for number, raw in enumerate(chunk(size, offset)):
            row = Email.objects.create(fingerprint=f"{offset}-{number}", kind="general")
            pairs.append((row, parse(raw)))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            joining.join(pairs, own=OWN)
        return len(asked)

    assert queries(20, 1000) == queries(4, 2000)
