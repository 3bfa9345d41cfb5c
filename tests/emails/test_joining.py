import pytest

from emails.models import Email, Thread
from emails.parsing import parse
from emails.services import joining
from emails.threading import signed_message_id
from tests.incoming import letter

pytestmark = pytest.mark.django_db


def join(*raws):
    """Join a chunk of mails; return the thread of each."""
    pairs = []
    for raw in raws:
        mail = parse(raw)
        number = f"{Email.objects.count():064}"
        row = Email.objects.create(fingerprint=number, message_id=mail.message_id)
        pairs.append((row, mail))
    joining.join(pairs)
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
