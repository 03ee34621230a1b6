"""Files: kept whole under their hash, shown to who sees the record, never run."""

import hashlib
from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from opspact.contracts.models import Contract
from opspact.identity.models import Grant, User
from opspact.identity.roles import Role
from opspact.kit import attachments
from opspact.kit.actions import Caller
from opspact.kit.models import Attachment, AuditEvent

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    storages = {**settings.STORAGES}
    storages["default"] = {**storages["default"], "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = storages
    return tmp_path / "files"


@pytest.fixture
def contract(monkeypatch):
    """A record that only those named in `seen_by` may see."""
    contract = Contract.objects.create(
        code="desk", name="Desk", short_name="Desk", starts_at=NOW, ends_at=NOW.replace(year=2027)
    )
    contract.seen_by = {"li", "manager"}
    monkeypatch.setitem(
        attachments._carriers, "contracts.contract", lambda user, record: user.username in contract.seen_by
    )
    return contract


def person(username, role):
    user = User.objects.create(username=username, name=username.title())
    Grant.objects.create(user=user, role=role, contract_code="desk")
    return user


@pytest.fixture
def li():
    return person("li", Role.ENGINEER)


def attach(user, contract, content=b"%PDF-1.7 ...", name="minutes.pdf", level="internal"):
    upload = SimpleUploadedFile(name, content)
    return attachments.attach(Caller(user, NOW, "page"), contract, upload=upload, level=level)


def test_the_content_lies_under_its_hash(contract, li):
    attachment = attach(li, contract)
    assert attachment.sha256 == hashlib.sha256(b"%PDF-1.7 ...").hexdigest()
    assert attachments.path_of(attachment.sha256).read_bytes() == b"%PDF-1.7 ..."
    assert (attachment.size, attachment.media_type) == (12, "application/pdf")


def test_the_same_content_twice_is_one_file_and_two_rows(contract, li, folder):
    attach(li, contract)
    attach(li, contract, name="again.pdf")
    assert Attachment.objects.count() == 2
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1


def test_classified_material_is_refused_and_leaves_nothing_behind(contract, li, folder):
    with translation.override("en"), pytest.raises(ValidationError, match="Classified"):
        attach(li, contract, level="classified")
    assert not folder.exists()
    assert not Attachment.objects.exists()


def test_it_refuses_no_level_an_empty_file_and_a_large_one(contract, li, monkeypatch):
    with pytest.raises(ValidationError):
        attach(li, contract, level="")
    with pytest.raises(ValidationError):
        attach(li, contract, content=b"")
    monkeypatch.setattr(attachments, "MAX_BYTES", 11)
    with pytest.raises(ValidationError):
        attach(li, contract)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("..\\..\\etc\\passwd", "passwd"),
        ("/tmp/纪要.docx", "纪要.docx"),
        ("a\r\nb.txt", "ab.txt"),
        ("...", "file"),
        ("", "file"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_names_keep_no_path_and_no_control_characters(given, kept):
    assert attachments.clean_name(given) == kept


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"<html><script>", "text/plain"),
        (b"PK\x03\x04...", "application/zip"),
        (b"\x7fELF\x00", "application/octet-stream"),
    ],
)
def test_the_kind_comes_from_the_content(head, kind):
    assert attachments.media_type(head) == kind


def test_who_may_not_see_the_record_gets_none_of_its_files(client, contract, li):
    attachment = attach(li, contract)
    stranger = person("zhao", Role.ENGINEER)
    with pytest.raises(PermissionDenied):
        attach(stranger, contract)
    assert AuditEvent.objects.filter(user=stranger, result=AuditEvent.Result.DENIED).exists()
    client.force_login(stranger)
    assert client.get(f"/c/desk/attachments/{attachment.pk}/").status_code == 404
    add = f"/c/desk/attachments/add/contracts.contract/{contract.pk}/"
    assert client.post(add, {"level": "public"}).status_code == 404


def test_a_download_never_runs(client, contract, li):
    attachment = attach(li, contract, content=b"<html><script>alert(1)</script>", name="纪要.html")
    client.force_login(li)
    response = client.get(f"/c/desk/attachments/{attachment.pk}/")
    assert b"".join(response.streaming_content) == b"<html><script>alert(1)</script>"
    assert response.headers["Content-Type"].startswith("text/plain")
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    taken = AuditEvent.objects.get(action="kit.attachment.view")
    assert (taken.user, taken.detail["file"], taken.detail["level"]) == (li, "纪要.html", "internal")


def test_it_is_added_through_the_page(client, contract, li):
    client.force_login(li)
    url = f"/c/desk/attachments/add/contracts.contract/{contract.pk}/"
    upload = SimpleUploadedFile("a.txt", b"hello")
    response = client.post(url, {"file": upload, "level": "public", "next": "/c/desk/"})
    assert (response.status_code, response.url) == (302, "/c/desk/")
    assert Attachment.objects.get().name == "a.txt"


def test_a_manager_removes_it_and_the_content_stays(client, contract, li):
    attachment = attach(li, contract)
    with pytest.raises(PermissionDenied):
        attachments.remove(Caller(li, NOW, "page"), attachment)
    manager = person("manager", Role.SERVICE_MANAGER)
    attachments.remove(Caller(manager, NOW, "page"), attachment)
    assert not attachments.files_of(contract).exists()
    assert attachments.path_of(attachment.sha256).exists()
    client.force_login(manager)
    assert client.get(f"/c/desk/attachments/{attachment.pk}/").status_code == 404
    with pytest.raises(ValidationError):
        attachments.remove(Caller(manager, NOW, "page"), attachment)


def test_a_record_of_another_contract_is_not_reached_through_this_one(client, contract, li):
    other = Contract.objects.create(
        code="other", name="Other", short_name="Other", starts_at=NOW, ends_at=NOW.replace(year=2027)
    )
    client.force_login(li)
    url = f"/c/desk/attachments/add/contracts.contract/{other.pk}/"
    assert client.post(url, {"level": "public"}).status_code == 404
