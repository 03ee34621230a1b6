"""Certificates on the ledger: from files and ports, renewed, warned of, by page and by workbook."""

from __future__ import annotations

import io
import logging
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.integration.assets.world import CALLER, NOW, make_asset, make_contract, workbook
from tests.integration.monitoring.world import make_user
from tests.unit.assets.made import DAY, SM2, Made, chain_of_three, weak_rsa

from opspact.assets.actions.certificates import add_from_file, add_from_port, warn, warn_everybody
from opspact.assets.certificates import fetching
from opspact.assets.certificates.fetching import FetchRefused
from opspact.assets.certificates.files import FileRefused
from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.ledgers.certificates import CERTIFICATES
from opspact.assets.models import Certificate
from opspact.contracts.models import Contract
from opspact.field.models import Authorisation
from opspact.identity.roles import Role
from opspact.kit.actions import Caller
from opspact.kit.ledgers import actions, imports
from opspact.kit.ledgers import workbook as books
from opspact.kit.ledgers.writing import RecordRefused
from opspact.kit.models import AuditEvent, Change, Message


@pytest.fixture
def contract(db: None) -> Contract:
    return make_contract()


def added(contract: Contract, content: bytes, **more: Any) -> Certificate:
    saved, _bundle = add_from_file(CALLER, contract, content=content, file_name="oa.pem", **more)
    return Certificate.objects.get(pk=saved.pk)


def at(when: datetime) -> Caller:
    return Caller(None, when, "test")


def test_a_file_becomes_a_record_with_its_facts_and_chain(contract: Contract) -> None:
    leaf, between, root = chain_of_three()
    saved = added(contract, root.pem + between.pem + leaf.pem, values={"owner": "王工"})
    assert (saved.code, saved.name, saved.owner) == ("CERT-0001", "oa.example.cn", "王工")
    assert (saved.names, saved.algorithm, saved.key_bits) == (["oa.example.cn"], "EC secp256r1", 256)
    assert saved.ends_at == NOW + 300 * DAY
    assert saved.pem.encode() == leaf.pem + between.pem + root.pem
    assert Change.objects.get(subject_id=saved.pk).fields["ends_at"][1].startswith("2027-05-02")


def test_no_private_key_and_no_password_is_kept_anywhere(contract: Contract, caplog: Any) -> None:
    made = Made("oa.example.cn")
    with caplog.at_level(logging.DEBUG):
        saved = added(contract, made.pfx("very-secret-1"), password="very-secret-1")
    kept = " ".join(
        str(getattr(saved, each.name)) for each in Certificate._meta.get_fields() if hasattr(saved, each.name)
    )
    audit = " ".join(str(row.detail) for row in AuditEvent.objects.all())
    assert "PRIVATE KEY" not in kept
    assert "very-secret-1" not in kept + audit + caplog.text


def test_an_expired_certificate_is_taken_in_and_marked(contract: Contract) -> None:
    saved = added(contract, Made("old", begins=NOW - 400 * DAY, ends=NOW - 30 * DAY).pem)
    assert warn(at(NOW), contract) == {0: 1}
    saved.refresh_from_db()
    assert saved.warned_days == 0


def test_nothing_is_written_when_the_file_is_refused(contract: Contract) -> None:
    with pytest.raises(FileRefused):
        added(contract, Made("oa").pfx("x"), password="y")
    assert not Certificate.objects.exists()


def test_the_same_certificate_is_on_the_ledger_once(contract: Contract) -> None:
    made = Made("oa")
    added(contract, made.pem)
    with pytest.raises(RecordRefused, match="on the ledger already: CERT-0001"):
        added(contract, made.der)


def test_the_renewed_certificate_takes_over_and_the_old_one_falls_silent(contract: Contract) -> None:
    asset = make_asset(contract, ASSETS, "网关")
    old = added(
        contract, Made("oa", ends=NOW + 5 * DAY).pem, values={"owner": "王工", "asset": asset, "renewal": "1. CSR"}
    )
    new = added(contract, Made("oa", ends=NOW + 370 * DAY).pem, replaces=old)
    old.refresh_from_db()
    assert (new.asset, new.owner, new.renewal) == (asset, "王工", "1. CSR")
    assert old.replaced_by == new
    assert warn(at(NOW), contract) == {}
    with pytest.raises(RecordRefused, match="was replaced"):
        added(contract, Made("oa").pem, replaces=old)


def test_each_step_is_told_once_to_those_who_can_act(contract: Contract) -> None:
    people = {role: make_user(role) for role in (Role.ENGINEER, Role.CLIENT_ASSET_MANAGER, Role.CLIENT_STAFF)}
    ends = NOW + 61 * DAY
    added(contract, Made("oa", ends=ends).pem)
    told = []
    for left in (61, 60, 59, 31, 30, 29, 7, 6, 1, 0, -1, -20):
        told.append((left, sum(warn_everybody(ends - left * DAY).values())))
    assert [left for left, count in told if count] == [60, 30, 7, 0]
    assert Message.objects.filter(user=people[Role.ENGINEER]).count() == 4
    assert Message.objects.filter(user=people[Role.CLIENT_ASSET_MANAGER]).count() == 4
    assert not Message.objects.filter(user=people[Role.CLIENT_STAFF]).exists()
    newest = Message.objects.filter(user=people[Role.ENGINEER]).first()
    assert newest.params == {"certificate": "CERT-0001 oa", "day": "2026-09-05"}
    assert newest.url == f"/c/watch/certificates/{Certificate.objects.get().pk}/"


def test_the_owner_is_told_by_name_and_a_later_end_begins_anew(contract: Contract) -> None:
    owner = make_user(Role.SERVICE_DESK, name="wang")
    record = actions.create(CALLER, CERTIFICATES, contract, {"name": "手工", "ends_at": NOW + 5 * DAY, "owner": "wang"})
    assert warn(at(NOW), contract) == {7: 1}
    assert Message.objects.filter(user=owner).count() == 1
    actions.change(CALLER, CERTIFICATES, record, {"ends_at": NOW + 400 * DAY})
    assert warn(at(NOW), contract) == {}
    assert warn(at(NOW + 341 * DAY), contract) == {60: 1}


def test_what_the_certificate_says_is_not_changed_by_hand(contract: Contract) -> None:
    saved = added(contract, Made("oa").pem)
    with pytest.raises(RecordRefused, match="read from the certificate itself"):
        actions.change(CALLER, CERTIFICATES, saved, {"ends_at": NOW + 900 * DAY})
    assert actions.change(CALLER, CERTIFICATES, saved, {"owner": "李工"}).owner == "李工"


def test_certificates_known_by_hand_come_from_excel_and_go_back_unchanged(contract: Contract) -> None:
    added(contract, Made("api", names=("api.example.cn", "10.1.1.1")).pem)
    rows = [["名称", "到期时间", "主题", "SAN"], ["财务专网证书", "2026-08-01 09:30", "CN=finance", "a.cn、b.cn"]]
    batch = imports.upload(CALLER, CERTIFICATES, contract, content=workbook(rows), name="证书.xlsx", clears=False)
    imports.read(batch, CERTIFICATES, contract)
    imports.apply(CALLER, CERTIFICATES, contract, batch, only_good=False)
    known = Certificate.objects.get(name="财务专网证书")
    assert known.ends_at == datetime(2026, 8, 1, 1, 30, tzinfo=UTC)
    assert (known.names, known.subject) == (["a.cn", "b.cn"], "CN=finance")
    target = io.BytesIO()
    books.write(target, CERTIFICATES, contract, "zh-hans", CERTIFICATES.records(contract))
    back = imports.upload(CALLER, CERTIFICATES, contract, content=target.getvalue(), name="回.xlsx", clears=True)
    imports.read(back, CERTIFICATES, contract)
    assert back.counts == {"same": 2}, list(back.rows.values("changes", "problems"))


class TlsServer:
    """A real TLS server on this machine that sends a chain, and counts who came."""

    def __init__(self, folder: Path, *made: Made) -> None:
        (folder / "chain.pem").write_bytes(b"".join(each.pem for each in made))
        (folder / "key.pem").write_bytes(made[0].key_pem)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(folder / "chain.pem", folder / "key.pem")
        self.names: list[str | None] = []
        self.context.sni_callback = lambda _socket, name, _context: self.names.append(name)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                plain, _peer = self.socket.accept()
            except OSError:
                return
            try:
                self.context.wrap_socket(plain, server_side=True).close()
            except OSError:
                plain.close()


@pytest.fixture
def chain() -> tuple[Made, Made, Made]:
    now = datetime.now(UTC)
    root = Made("Root", is_authority=True, begins=now - DAY, ends=now + 900 * DAY)
    between = Made("Issuing", by=root, is_authority=True, begins=now - DAY, ends=now + 800 * DAY)
    return Made("oa.example.cn", by=between, names=("oa.example.cn",), ends=now + 90 * DAY), between, root


@pytest.fixture
def server(tmp_path: Path, chain: tuple[Made, Made, Made]) -> Iterator[TlsServer]:
    made = TlsServer(tmp_path, *chain[:2])
    yield made
    made.socket.close()


def authorise(contract: Contract, *addresses: str) -> Authorisation:
    return Authorisation.objects.create(
        contract=contract, authorised_by="张处", reference="授权书", recorded_at=NOW, addresses=list(addresses)
    )


def test_a_port_is_asked_for_its_chain_under_an_authorisation(
    contract: Contract, server: TlsServer, chain: tuple[Made, Made, Made]
) -> None:
    authorise(contract, "127.0.0.0/8")
    saved = add_from_port(CALLER, contract, host="127.0.0.1", port=server.port, server_name="oa.example.cn")
    assert saved.pem.encode() == chain[0].pem + chain[1].pem
    assert saved.source == f"127.0.0.1:{server.port} (oa.example.cn)"
    assert "unable to get local issuer" in saved.verification
    assert server.names[0] == "oa.example.cn"


def test_an_address_nobody_authorised_is_not_touched(contract: Contract, server: TlsServer) -> None:
    authorise(contract, "10.0.0.1", "127.0.0.2")
    with pytest.raises(FetchRefused, match="Nobody has authorised probing"):
        add_from_port(CALLER, contract, host="127.0.0.1", port=server.port)
    assert server.names == []
    assert AuditEvent.objects.filter(action="assets.certificate.fetch", result="failed").count() == 1


def test_an_authorisation_for_the_night_covers_nothing_by_day(contract: Contract, server: TlsServer) -> None:
    """NOW is 09:00 in Shanghai; a sweep that the client allowed from 22:00 to 06:00 left this authorisation."""
    given = authorise(contract, "127.0.0.0/8")
    given.from_time, given.until_time = time(22), time(6)
    given.save()
    with pytest.raises(FetchRefused, match="is authorised only at") as refused:
        add_from_port(CALLER, contract, host="127.0.0.1", port=server.port)
    assert refused.value.params == {"host": "127.0.0.1", "hours": "22:00–06:00"}
    with pytest.raises(FetchRefused, match="Nobody has authorised"):
        add_from_port(CALLER, contract, host="192.0.2.9", port=server.port)
    assert server.names == []
    night = at(datetime(2026, 7, 6, 15, 0, tzinfo=UTC))  # 23:00 in Shanghai
    assert add_from_port(night, contract, host="127.0.0.1", port=server.port).code == "CERT-0001"


def test_a_name_is_judged_by_the_addresses_it_stands_for(
    contract: Contract, server: TlsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    stands_for = {"inside.example.cn": ["127.0.0.1"], "both.example.cn": ["127.0.0.1", "192.0.2.9"]}
    monkeypatch.setattr(
        "opspact.assets.certificates.fetching.addresses_of", lambda host, port, until: stands_for.get(host, [host])
    )
    authorise(contract, "127.0.0.1")
    assert add_from_port(CALLER, contract, host="inside.example.cn", port=server.port).code == "CERT-0001"
    with pytest.raises(FetchRefused, match="Nobody has authorised"):
        add_from_port(CALLER, contract, host="both.example.cn", port=server.port)


def test_a_name_server_that_keeps_silent_is_given_up(contract: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    """127.0.0.1 is authorised by its prefix, so that the name is looked up at all."""
    is_over = threading.Event()

    def silent(*_asked: Any, **_more: Any) -> Any:
        is_over.wait(30)
        return []

    authorise(contract, "127.0.0.0/8")
    monkeypatch.setattr(fetching, "TIMEOUT_S", 0.3)
    monkeypatch.setattr(socket, "getaddrinfo", silent)
    began = monotonic()
    with pytest.raises(FetchRefused, match=r"No name server answered in time for slow\.example\.cn"):
        add_from_port(CALLER, contract, host="slow.example.cn", port=443)
    assert monotonic() - began < 5
    is_over.set()


def test_a_simulated_contract_reaches_no_network(contract: Contract, server: TlsServer) -> None:
    authorise(contract, "127.0.0.1")
    Contract.objects.filter(pk=contract.pk).update(simulated=True)
    contract.refresh_from_db()
    with pytest.raises(FetchRefused, match="simulated"):
        add_from_port(CALLER, contract, host="127.0.0.1", port=server.port)
    assert server.names == []
    page = browser(contract).get(f"/c/{contract.code}/certificates/").content.decode()
    assert "/certificates/upload/" in page
    assert "/certificates/fetch/" not in page


def test_a_port_without_tls_a_closed_and_a_silent_one_each_say_what_they_are(
    contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    authorise(contract, "127.0.0.1")
    monkeypatch.setattr(fetching, "TIMEOUT_S", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(FetchRefused, match="did not answer in time"):
            add_from_port(CALLER, contract, host="127.0.0.1", port=port)
    with pytest.raises(FetchRefused, match="can't be reached"):
        add_from_port(CALLER, contract, host="127.0.0.1", port=port)
    with socket.create_server(("127.0.0.1", 0)) as plain:

        def greet() -> None:
            peer, _address = plain.accept()
            with peer:
                peer.sendall(b"220 smtp ready\r\n")
                peer.recv(1024)

        threading.Thread(target=greet, daemon=True).start()
        with pytest.raises(FetchRefused, match="but not with TLS"):
            add_from_port(CALLER, contract, host="127.0.0.1", port=plain.getsockname()[1])


def browser(contract: Contract, role: Role = Role.ENGINEER) -> Client:
    client = Client()
    client.force_login(make_user(role, contract.code))
    return client


def test_the_pages_show_chain_weakness_and_what_ends_when(contract: Contract) -> None:
    client = browser(contract)
    now = datetime.now(UTC)
    leaf, between, _root = chain_of_three()
    weak = added(contract, Made("weak.example.cn", key=weak_rsa(), ends=now + 20 * DAY).pem)
    added(contract, Made("gone.example.cn", begins=now - 90 * DAY, ends=now - 2 * DAY).pem)
    sm2 = added(contract, SM2.encode())
    linked = added(contract, leaf.pem + between.pem)
    page = client.get("/c/watch/certificates/").content.decode()
    assert page.count('class="as-end"') == 4
    assert "weak.example.cn" in page
    soon = client.get("/c/watch/certificates/?ending=60").content.decode()
    assert f"/certificates/{weak.pk}/" in soon.split('id="op-list"')[1]
    assert f"/certificates/{sm2.pk}/" not in soon.split('id="op-list"')[1]
    assert "1024" in client.get(f"/c/watch/certificates/{weak.pk}/").content.decode()
    assert "国密" in client.get(f"/c/watch/certificates/{sm2.pk}/").content.decode()
    assert "CN=Root" in client.get(f"/c/watch/certificates/{linked.pk}/").content.decode()
    assert client.get("/c/watch/").status_code == 200
    export = client.get("/c/watch/certificates/?export=xlsx")
    assert b"".join(export).startswith(b"PK")


def test_a_certificate_is_uploaded_replaced_and_refused_by_page(contract: Contract) -> None:
    client = browser(contract)
    url = "/c/watch/certificates/upload/"
    pfx = SimpleUploadedFile("oa.pfx", Made("oa").pfx("pw"))
    refused = client.post(url, {"file": pfx}).content.decode()
    assert 'id="id_file_error"' in refused
    done = client.post(url, {"file": SimpleUploadedFile("oa.pfx", Made("oa").pfx("pw")), "password": "pw"}, follow=True)
    old = Certificate.objects.get()
    assert done.redirect_chain[0][0] == f"/c/watch/certificates/{old.pk}/"
    edit = client.get(f"/c/watch/certificates/{old.pk}/edit/").content.decode()
    assert 'name="owner"' in edit
    assert 'name="ends_at"' not in edit
    client.post(f"/c/watch/certificates/{old.pk}/replace/", {"file": SimpleUploadedFile("n.pem", Made("oa").pem)})
    old.refresh_from_db()
    assert old.replaced_by is not None
    assert client.get(f"/c/watch/certificates/{old.pk}/replace/").status_code == 404
    assert client.get(f"/c/watch/certificates/{old.pk}/").status_code == 200


def test_who_may_only_look_may_neither_upload_nor_fetch(contract: Contract) -> None:
    client = browser(contract, Role.CLIENT_MANAGER)
    assert client.get("/c/watch/certificates/").status_code == 200
    assert client.get("/c/watch/certificates/upload/").status_code == 403
    assert client.get("/c/watch/certificates/fetch/").status_code == 403


def test_the_fetch_page_says_who_must_authorise_first(contract: Contract) -> None:
    client = browser(contract)
    page = client.post("/c/watch/certificates/fetch/", {"address": "127.0.0.1:1"}).content.decode()
    assert 'id="id_address_error"' in page


@pytest.mark.parametrize("name", ["oa..example.cn", ".example.cn", f"{'x' * 64}.cn"])
def test_what_is_no_server_name_is_said_at_its_field(contract: Contract, server: TlsServer, name: str) -> None:
    authorise(contract, "127.0.0.1")
    address = f"/c/{contract.code}/certificates/fetch/"
    answer = browser(contract).post(address, {"address": f"127.0.0.1:{server.port}", "server_name": name})
    assert answer.status_code == 200
    assert "server_name" in answer.context["form"].errors
    assert server.names == []
