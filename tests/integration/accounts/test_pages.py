"""The pages of the room: what they say, in both languages, to who may see them."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.integration.accounts.conftest import People

from opspact.identity.models import Grant, Organisation, User
from opspact.identity.roles import Role
from opspact.kit.models import AuditEvent

pytestmark = pytest.mark.django_db
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SHARED = re.compile(r"守约|中文|切换到中文|人员|合同 one|合同 two")  # names and the switch to the other language


@pytest.fixture
def system(client: Client, three: dict[Role, User]) -> Client:
    client.force_login(three[Role.SYSTEM_ADMIN])
    return client


@pytest.fixture
def security(three: dict[Role, User]) -> Client:
    client = Client()
    client.force_login(three[Role.SECURITY_ADMIN])
    return client


def test_the_system_administrator_creates_a_person_and_sees_the_password_once(system: Client) -> None:
    organisation = Organisation.objects.create(code="client", name="甲方")
    form = {"username": "han.meimei", "name": "韩梅梅", "organisation": organisation.pk, "email": ""}
    page = system.post("/system/users/new/", form).text
    password = re.search(r'class="acc-secret"[^>]*>([\w-]+)<', page)[1]
    user = User.objects.get(username="han.meimei")
    assert user.check_password(password)
    assert user.must_change_password
    assert password not in system.get("/system/users/han.meimei/").text
    assert "须由安全管理员授予" in system.get("/system/users/han.meimei/").text


def test_a_name_that_was_used_is_refused_at_the_field(system: Client, people: People) -> None:
    people.make("li.lei")
    page = system.post("/system/users/new/", {"username": "LI.LEI", "name": "李雷", "organisation": "", "email": ""})
    assert "不得重复使用" in page.text
    assert 'value="李雷"' in page.text


def test_each_administrator_sees_only_what_they_may_do(system: Client, security: Client, people: People) -> None:
    people.make("li.lei")
    of_system, of_security = (client.get("/system/users/li.lei/").text for client in (system, security))
    assert "/system/users/li.lei/password/" in of_system
    assert "/system/users/li.lei/grants/new/" not in of_system
    assert "/system/users/li.lei/grants/new/" in of_security
    assert "/system/users/li.lei/password/" not in of_security


@pytest.mark.usefixtures("contracts")
def test_the_security_administrator_grants_and_revokes(security: Client, people: People) -> None:
    user = people.make("li.lei")
    path = "/system/users/li.lei/grants/new/"
    refused = security.post(path, {"role": "engineer", "contract_code": "", "discipline": ""})
    assert "其他角色属于某个合同" in refused.text
    security.post(path, {"role": "engineer", "contract_code": "one", "discipline": "network"})
    assert "网络工程师" in security.get("/system/users/li.lei/").text
    grant = user.grants.get()
    ask = f"/system/users/li.lei/grants/{grant.pk}/revoke/"
    assert "不再担任工程师" in security.get(ask).text
    assert Grant.objects.filter(pk=grant.pk).exists()
    security.post(ask)
    assert not Grant.objects.filter(pk=grant.pk).exists()


def test_asking_changes_nothing_and_answering_does(system: Client, people: People) -> None:
    user = people.make("li.lei")
    assert "立即从所有会话退出" in system.get("/system/users/li.lei/deactivate/").text
    user.refresh_from_db()
    assert user.is_active
    assert system.post("/system/users/li.lei/deactivate/")["Location"] == "/system/users/li.lei/"
    assert "已停用" in system.get("/system/users/li.lei/").text


def test_a_refusal_of_the_rules_is_said_on_the_page(system: Client, three: dict[Role, User]) -> None:
    response = system.post("/system/users/aud/deactivate/", follow=True)
    assert "最后一个启用的账户" in response.text
    assert AuditEvent.objects.filter(action="accounts.user.deactivate", result="failed").exists()


def test_the_list_finds_people_by_name_role_and_contract(system: Client, people: People, contracts: object) -> None:
    people.make("li.lei", Role.ENGINEER, "one")
    people.make("han.meimei", Role.CLIENT_MANAGER, "two")
    for query, found in (("q=han", "han.meimei"), ("role=engineer", "li.lei"), ("contract=two", "han.meimei")):
        page = system.get(f"/system/users/?{query}").text
        assert {name for name in ("li.lei", "han.meimei") if f"/system/users/{name}/" in page} == {found}


def test_the_list_takes_the_same_queries_for_many_people(system: Client, contracts: object) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            system.get("/system/users/")
        return len(captured)

    queries()
    few = queries()
    for number in range(30):
        user = User.objects.create(username=f"u{number}", name=f"U{number}")
        Grant.objects.create(user=user, role=Role.ENGINEER, contract_code="one")
    assert queries() == few


def test_the_matrix_of_permissions_is_exported(security: Client) -> None:
    assert "accounts.grant.give" in security.get("/system/permissions/").text
    response = security.get("/system/permissions/file/")
    assert b"".join(response.streaming_content)[:2] == b"PK"
    assert AuditEvent.objects.get(action="kit.list.export").detail["list"] == "accounts.permissions"


PATHS = {
    Role.SYSTEM_ADMIN: ["/system/users/", "/system/users/new/", "/system/users/sec/", "/system/users/sec/deactivate/"],
    Role.SECURITY_ADMIN: ["/system/permissions/", "/system/users/sys/grants/new/"],
    Role.AUDIT_ADMIN: ["/system/audit/", "/account/", "/account/second-factor/", "/account/password/", "/sign-out/"],
}


@pytest.mark.parametrize("role", PATHS)
def test_an_english_page_has_no_chinese_and_the_other_way_round(three: dict[Role, User], role: Role) -> None:
    client = Client()
    client.force_login(three[role])
    for path in [*PATHS[role], "/account/sessions/end/"]:
        client.cookies["opspact_language"] = "en"
        english = SHARED.sub("", _words(client.get(path).text))
        assert not CHINESE.search(english), (path, CHINESE.findall(english)[:20])
        client.cookies["opspact_language"] = "zh-hans"
        assert CHINESE.search(_words(client.get(path).text))


def _words(html: str) -> str:
    return re.sub(r"<(script|style|option)\b.*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL)
