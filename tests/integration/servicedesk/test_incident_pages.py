"""The pages: what each role finds, does and is told; and what a page costs the database."""

import re
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from tests.integration.servicedesk.support import by

from opspact.identity.roles import Role
from opspact.servicedesk import actions
from opspact.servicedesk.models import Incident
from opspact.servicedesk.steps import STEPS

LIST = "/c/desk/incidents/"


@pytest.fixture
def browser():
    """browser(user): that user's own signed-in browser, in English."""
    browsers = {}

    def of(user):
        if user not in browsers:
            browsers[user] = Client()
            browsers[user].cookies["opspact_language"] = "en"
            browsers[user].force_login(user)
        return browsers[user]

    return of


@pytest.fixture
def page(browser):
    """page(user, path): the text of the page as that user sees it."""

    def get(user, path, status=200, **headers):
        response = browser(user).get(path, headers=headers)
        assert response.status_code == status, response.content.decode()[:500]
        return response.content.decode()

    return get


@pytest.fixture
def incident(opened, system):
    return opened(now=timezone.now(), system=system, symptom="Login takes a minute")


def test_the_list_says_how_many_are_open_and_what_is_due(page, manager, incident):
    text = page(manager, LIST)
    assert "1 incident is open: 1 without an assignee, 0 overdue." in text
    assert incident.number in text
    assert "response in 29 min" in text


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("state=open", True),
        ("state=closed", False),
        ("priority=P3", True),
        ("priority=P1", False),
        ("q=minute", True),
        ("q=printer", False),
        ("mine=yes", True),
        ("breached=yes", False),
        ("since=2001-01-01&until=2001-01-02", False),
    ],
)
def test_the_list_narrows(page, manager, incident, query, is_found):
    assert (incident.number in page(manager, f"{LIST}?{query}", **{"hx-request": "true"})) is is_found


def test_the_page_begins_with_what_since_when_who_and_what_is_due(page, manager, incident):
    answer = re.search(r'<p class="op-answer">(.*?)</p>', page(manager, incident.get_absolute_url()))[1]
    assert answer.startswith("OA: OA is slow, since just now, New; nobody has it; response due in 29 min")


def test_the_page_explains_its_clocks(page, manager, incident):
    text = page(manager, incident.get_absolute_url())
    assert text.count('class="op-why"') == 3
    assert "7×24 小时" in text


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        (Role.SERVICE_MANAGER, {"take", "assign", "arrive", "restore", "resolve", "priority", "report", "cancel"}),
        (Role.ENGINEER, {"take", "arrive", "restore", "resolve", "report"}),
        (Role.CLIENT_MANAGER, set()),
    ],
)
def test_only_what_can_be_done_now_by_this_person_is_offered(page, person, incident, role, offered):
    text = page(person("me", role), incident.get_absolute_url())
    assert set(re.findall(rf"incidents/{incident.number}/(\w+)/", text)) - {"comment"} == offered


def test_every_step_has_a_form_that_opens(page, manager, incident):
    for name in STEPS:
        assert "<form" in page(manager, f"{incident.get_absolute_url()}{name}/")
        assert "<html" not in page(manager, f"{incident.get_absolute_url()}{name}/", **{"hx-request": "true"})


def test_a_person_walks_an_incident_from_opening_to_closing(browser, page, manager, engineer, system, contract):
    sent = {"title": "No login", "system": system.pk, "impact": "global", "urgency": "high", "source": "phone"}
    assert browser(manager).post(f"{LIST}new/", sent).status_code == 302
    incident = Incident.objects.get()
    assert (incident.title, incident.priority, incident.system) == ("No login", "P1", system)

    def step(name, user, **fields):
        response = browser(user).post(f"{incident.get_absolute_url()}{name}/", fields)
        assert (response.status_code, response.get("Location")) == (302, incident.get_absolute_url())
        incident.refresh_from_db()

    step("assign", manager, to=engineer.pk)
    step("take", engineer)
    step("comment", engineer, text="Looking at the database")
    step("pause", engineer, reason="third_party", text="database vendor")
    step("resume", engineer)
    step("resolve", engineer, cause="lock", resolution="killed it", cause_domain="application")
    step("close", manager)
    assert incident.state == Incident.State.CLOSED
    text = page(manager, incident.get_absolute_url())
    for words in ("Looking at the database", "database vendor", "Application supplier", "killed it"):
        assert words in text


def test_a_step_that_is_too_late_says_so_and_keeps_what_was_typed(browser, page, manager, engineer, incident):
    actions.cancel(by(manager, timezone.now()), incident, why="false_alarm", reason="a test")
    client = browser(engineer)
    sent = {"cause": "a long story", "resolution": "x", "cause_domain": "vendor"}
    response = client.post(f"{incident.get_absolute_url()}resolve/", sent)
    assert response.status_code == 200
    assert "a long story" in response.content.decode()
    assert client.post(f"{incident.get_absolute_url()}take/").status_code == 302


def test_a_step_without_its_permission_is_refused(browser, person, incident):
    client = browser(person("boss", Role.CLIENT_MANAGER))
    assert client.post(f"{incident.get_absolute_url()}take/").status_code == 403
    assert client.post(f"{incident.get_absolute_url()}nonsense/").status_code == 404


def test_a_comment_by_htmx_brings_back_the_timeline(browser, manager, incident):
    client = browser(manager)
    url = f"{incident.get_absolute_url()}comment/"
    text = client.post(url, {"text": "hello there"}, headers={"hx-request": "true"}).content.decode()
    assert "hello there" in text
    assert "<html" not in text


def test_client_staff_see_and_open_their_own_and_find_no_other(browser, page, person, incident):
    staff = person("staff", Role.CLIENT_STAFF)
    assert incident.number not in page(staff, LIST)
    page(staff, incident.get_absolute_url(), status=404)
    form = page(staff, f"{LIST}new/")
    assert "urgency" not in form
    browser(staff).post(f"{LIST}new/", {"title": "My screen is dark"})
    own = Incident.objects.get(reported_by=staff)
    assert own.source == Incident.Source.PAGE
    assert own.number in page(staff, LIST)
    assert "My screen is dark" in page(staff, own.get_absolute_url())


def test_search_and_home_show_only_what_is_ones_to_see(page, person, manager, incident):
    staff = person("staff", Role.CLIENT_STAFF)
    assert incident.number in page(manager, "/c/desk/search/?q=minute")
    assert incident.number not in page(staff, "/c/desk/search/?q=minute")
    assert incident.number in page(manager, "/c/desk/")
    assert incident.number not in page(staff, "/c/desk/")


def test_many_are_closed_at_once_and_what_cannot_be_is_named(browser, page, manager, engineer, opened):
    now = timezone.now()
    done, still = opened(now=now), opened(now=now)
    actions.resolve(by(engineer, now), done, cause="a", resolution="b", cause_domain="vendor")
    client = browser(manager)
    sent = {"do": "bulk", "action": "close", "pk": [done.pk, still.pk], "confirmed": "1"}
    client.post(LIST, sent)
    assert set(Incident.objects.values_list("state", flat=True)) == {"closed", "new"}
    assert still.number in page(manager, LIST)


def test_many_are_assigned_at_once_after_asking_to_whom(browser, manager, engineer, opened):
    picked = [opened(now=timezone.now()).pk for _ in range(2)]
    sent = {"do": "bulk", "action": "assign", "pk": picked}
    asked = browser(manager).post(LIST, sent).content.decode()
    assert "Assign 2 incidents?" in asked
    assert f'<option value="{engineer.pk}">' in asked
    assert browser(manager).post(LIST, {**sent, "confirmed": "1", "to": ""}).status_code == 200
    assert browser(manager).post(LIST, {**sent, "confirmed": "1", "to": engineer.pk}).status_code == 302
    assert set(Incident.objects.values_list("assignee", "state")) == {(engineer.pk, "assigned")}


def test_the_export_has_the_same_rows(browser, manager, incident):
    client = browser(manager)
    response = client.get(f"{LIST}?export=xlsx")
    assert response.status_code == 200
    book = load_workbook(BytesIO(b"".join(response.streaming_content)))
    response.close()
    assert incident.number in [row[0].value for row in book.active.iter_rows()]


def test_the_list_costs_the_same_for_three_and_for_thirty(browser, manager, opened, django_assert_max_num_queries):
    client = browser(manager)
    now = timezone.now()
    for _ in range(30):
        opened(now=now)
    with django_assert_max_num_queries(22):
        client.get(LIST)


def test_the_page_costs_the_same_whatever_its_timeline_holds(browser, manager, incident, django_assert_max_num_queries):
    now = timezone.now()
    for number in range(20):
        actions.comment(by(manager, now), incident, text=f"note {number}")
    client = browser(manager)
    with django_assert_max_num_queries(24):
        client.get(incident.get_absolute_url())
