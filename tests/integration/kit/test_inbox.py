"""One's own messages: told once, read in one's own language, marked by oneself only."""

from datetime import UTC, datetime

import pytest
from django.utils import translation

from opspact.identity.models import Grant, User
from opspact.kit import inbox
from opspact.kit.actions import Caller
from opspact.kit.models import Message

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def li():
    user = User.objects.create(username="li", name="Li")
    Grant.objects.create(user=user, role="engineer", contract_code="desk")
    return user


def send(*users, url="/c/desk/"):
    inbox.send(users, kind="kit.approval", text="Approved: %(title)s", at=NOW, url=url, title="the plan")


def test_each_user_gets_it_once_and_the_inactive_not_at_all(li):
    gone = User.objects.create(username="gone", name="Gone", is_active=False)
    send(li, li, gone)
    assert [message.user for message in Message.objects.all()] == [li]


def test_the_reader_sees_it_in_their_language(li):
    inbox.send([li], kind="x", text="%(what_word)s: %(title)s", at=NOW, what_word="Approvals", title="Approvals")
    with translation.override("en"):
        assert inbox.words_of(Message.objects.get()) == "Approvals: Approvals"


def test_marking_read_touches_only_ones_own(li):
    other = User.objects.create(username="wang", name="Wang")
    send(li, other)
    assert inbox.mark_read(Caller(li, NOW, "page"), Message.objects.all()) == 1
    assert inbox.mark_read(Caller(li, NOW, "page"), Message.objects.all()) == 0
    assert not inbox.unread(li).exists()
    assert inbox.unread(other).count() == 1


def test_opening_a_message_marks_it_and_leads_to_what_it_is_about(client, li):
    send(li)
    client.force_login(li)
    assert "the plan" in client.get("/inbox/").content.decode()
    response = client.get(f"/inbox/{Message.objects.get().pk}/")
    assert (response.status_code, response.url) == (302, "/c/desk/")
    assert not inbox.unread(li).exists()


def test_it_leads_nowhere_outside(client, li):
    send(li, url="//evil.example/")
    client.force_login(li)
    assert client.get(f"/inbox/{Message.objects.get().pk}/").url == "/inbox/"


def test_the_message_of_another_is_not_found(client, li):
    other = User.objects.create(username="wang", name="Wang")
    send(other)
    client.force_login(li)
    assert client.get(f"/inbox/{Message.objects.get().pk}/").status_code == 404
    assert client.post("/inbox/read/").status_code == 302
    assert inbox.unread(other).count() == 1


def test_marking_all_wants_a_post(client, li):
    send(li)
    client.force_login(li)
    assert client.get("/inbox/read/").status_code == 405
    client.post("/inbox/read/")
    assert not inbox.unread(li).exists()


def test_the_page_asks_the_database_the_same_whatever_it_shows(client, li, django_assert_max_num_queries):
    client.force_login(li)
    for _ in range(30):
        send(li)
    with django_assert_max_num_queries(14):
        client.get("/inbox/")
