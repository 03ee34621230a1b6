"""Reading certificates from what people upload, and what is said of them."""

from __future__ import annotations

import sys
from base64 import b64encode
from datetime import timedelta
from time import monotonic

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.assets.made import DAY, NOW, SM2, Made, chain_of_three, weak_rsa

from opspact.assets.certificates import files, pfx
from opspact.assets.certificates.chains import chain_of
from opspact.assets.certificates.facts import facts_of
from opspact.assets.certificates.judging import days_left, step_at, unjudged, weaknesses

DAMAGED = Made("oa.example.cn", names=("oa.example.cn", "10.0.0.1")).der


def said(certificates: list[x509.Certificate]) -> list[str]:
    return [msgid % params for msgid, params in chain_of(certificates, NOW).sayings]


def test_the_facts_of_a_certificate_are_read() -> None:
    made = Made("oa.example.cn", names=("oa.example.cn", "10.1.2.3"))
    facts = facts_of(made.certificate)
    assert facts.name == "oa.example.cn"
    assert facts.subject == "CN=oa.example.cn, O=指挥中心"
    assert facts.names == ("oa.example.cn", "10.1.2.3")
    assert (facts.algorithm, facts.key_bits, facts.signature) == ("EC secp256r1", 256, "ECDSA SHA-256")
    assert (facts.starts_at, facts.ends_at) == (NOW - 30 * DAY, NOW + 300 * DAY)
    assert facts.is_self_signed
    assert len(facts.sha256) == 64


def test_pem_der_p7b_and_pfx_give_the_same_certificate() -> None:
    made = Made("oa.example.cn")
    p7b = pkcs7.serialize_certificates([made.certificate], serialization.Encoding.DER)
    p7b_pem = pkcs7.serialize_certificates([made.certificate], serialization.Encoding.PEM)
    for content in (made.pem, made.der, p7b, p7b_pem, made.pfx()):
        assert files.read(content).certificates == [made.certificate]


def test_an_encrypted_pfx_is_opened_with_its_password_only() -> None:
    made = Made("oa.example.cn")
    content = made.pfx("秘密 1")
    with pytest.raises(files.FileRefused, match="encrypted; type its password"):
        files.read(content)
    with pytest.raises(files.FileRefused, match="does not open this PFX"):
        files.read(content, "wrong")
    bundle = files.read(content, "秘密 1")
    assert (bundle.certificates, bundle.dropped_keys) == ([made.certificate], 1)


def test_a_pfx_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file itself says how many rounds its key takes: 2³¹ of them would hold a web process for an hour."""
    monkeypatch.setattr(pfx, "SECONDS", 0.01)
    with pytest.raises(files.FileRefused, match=r"takes longer than 0\.01 seconds"):
        files.read(Made("oa.example.cn").pfx("p"), "p")


def test_a_key_beside_the_certificate_is_dropped() -> None:
    made = Made("oa.example.cn")
    bundle = files.read(made.key_pem + made.pem)
    assert (bundle.certificates, bundle.dropped_keys) == ([made.certificate], 1)


def _request(made: Made) -> x509.CertificateSigningRequest:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "oa")])
    return x509.CertificateSigningRequestBuilder().subject_name(name).sign(made.key, hashes.SHA256())


def test_what_is_no_certificate_is_called_by_its_name() -> None:
    made = Made("oa.example.cn")
    pem, der = serialization.Encoding.PEM, serialization.Encoding.DER
    key_der = made.key.private_bytes(der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    locked = made.key.private_bytes(
        der, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"secret")
    )
    public = made.key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo)
    expected = {
        _request(made).public_bytes(pem): "certificate request",
        _request(made).public_bytes(der): "certificate request",
        made.key_pem: "private key and no certificate",
        key_der: "private key and no certificate",
        locked: "private key and no certificate",
        public: "public key",
        b"\xfe\xed\xfe\xed\x00\x00\x00\x02": "Java keystore",
        b"hello": "no certificate in PEM, DER",
        b"%PDF-1.7": "no certificate in PEM, DER",
        made.pfx("x")[:200]: "can't be read here|no certificate|password",
        b"": "empty",
        b"\x30" + b"\x00" * (files.MAX_BYTES + 1): "larger than 1 MB",
    }
    for content, words in expected.items():
        with pytest.raises(files.FileRefused, match=words):
            files.read(content)


@pytest.mark.filterwarnings("ignore")
@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=4))
def test_what_is_taken_in_can_be_told_whatever_bytes_were_damaged(damages: list[tuple[int, int]]) -> None:
    """Versions that are none, names that are no text, extensions nobody knows: refused when read, not when shown."""
    content = bytearray(DAMAGED)
    for place, value in damages:
        content[place % len(content)] = value
    for form in (bytes(content), b"-----BEGIN CERTIFICATE-----\n%b\n-----END CERTIFICATE-----" % b64encode(content)):
        try:
            found = files.read(form).certificates
        except files.FileRefused:
            continue
        chain = chain_of([*found, x509.load_pem_x509_certificate(SM2.encode())], NOW)
        told = [facts_of(each) for each in (*chain.links, *chain.others)]
        assert not any("\0" in text for facts in told for text in (facts.name, facts.subject, *facts.names))


def test_a_pfx_that_breaks_its_reader_is_unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    """As one does that asks for more memory than a reader is given."""
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(files.FileRefused, match="can't be read here"):
        files.read(Made("oa.example.cn").pfx("p"), "p")


def test_a_damaged_certificate_in_a_chain_is_named() -> None:
    leaf, between, _root = chain_of_three()
    lines = between.pem.decode().splitlines()
    damaged = "\n".join([lines[0], lines[2], *lines[3:]]).encode()
    with pytest.raises(files.FileRefused, match="Certificate 2 of the file is damaged"):
        files.read(leaf.pem + damaged)


def test_the_chain_is_put_in_order_and_found_complete() -> None:
    leaf, between, root = chain_of_three()
    chain = chain_of(files.read(root.pem + leaf.pem + between.pem).certificates, NOW)
    assert chain.links == (leaf.certificate, between.certificate, root.certificate)
    assert (chain.is_complete, chain.in_order) == (True, False)
    words = said([root.certificate, leaf.certificate, between.certificate])
    assert any("did not have the chain in order" in each for each in words)


def test_a_chain_in_order_is_validated_up_to_its_own_root() -> None:
    leaf, between, root = chain_of_three()
    words = said([leaf.certificate, between.certificate, root.certificate])
    assert words == ["Path validation up to its own root succeeds."]


def test_a_chain_without_its_root_names_the_missing_issuer() -> None:
    leaf, between, _root = chain_of_three()
    chain = chain_of([leaf.certificate, between.certificate], NOW)
    assert not chain.is_complete
    assert any("CN=Root" in msgid % params for msgid, params in chain.sayings)


def test_a_stranger_and_a_forged_issuer_do_not_join_the_chain() -> None:
    leaf, between, root = chain_of_three()
    forged, stranger = Made("Issuing", is_authority=True), Made("elsewhere")
    chain = chain_of([leaf.certificate, forged.certificate, stranger.certificate, root.certificate], NOW)
    assert chain.links == (leaf.certificate,)
    assert set(chain.others) == {forged.certificate, stranger.certificate, root.certificate}
    assert between.certificate not in chain.links


def test_an_expired_issuer_is_pointed_out() -> None:
    root = Made("Root", is_authority=True, ends=NOW - DAY)
    leaf = Made("oa", by=root)
    assert any("has expired" in each for each in said([leaf.certificate, root.certificate]))


def test_a_self_signed_certificate_says_so() -> None:
    assert said([Made("oa").certificate]) == ["Self-signed: nobody but its maker vouches for it."]


def test_an_sm2_certificate_is_read_though_nobody_here_can_verify_it() -> None:
    found = files.read(SM2.encode()).certificates
    facts = facts_of(found[0])
    assert (facts.algorithm, facts.key_bits, facts.signature) == ("SM2", 256, "SM2 SM3")
    assert facts.names == ("sm2.example.cn",)
    assert facts.is_self_signed
    assert any("SM2" in each for each in said(found))
    assert weaknesses(facts.algorithm, facts.key_bits, facts.signature) == []


def test_short_keys_and_broken_hashes_are_weak() -> None:
    facts = facts_of(Made("old", key=weak_rsa()).certificate)
    assert [params for _words, params in weaknesses(facts.algorithm, facts.key_bits, facts.signature)] == [
        {"algorithm": "RSA", "bits": 1024, "least": 2048}
    ]
    assert [params for _w, params in weaknesses("RSA", 2048, "RSA SHA-1")] == [{"hash": "SHA-1"}]
    assert [params for _w, params in weaknesses("DH", 1024, "")] == [{"algorithm": "DH", "bits": 1024, "least": 2048}]
    assert weaknesses("RSA", 2048, "RSA SHA-256") == weaknesses("EC secp256r1", 256, "ECDSA SHA-384") == []
    assert weaknesses("RSA", 4096, "RSA SHA-1", is_root=True) == []


def test_what_is_known_by_its_number_only_is_not_called_strong() -> None:
    """2.16.840.1.101.3.4.3.18 is ML-DSA-65 (FIPS 204), which came after this platform."""
    kind = "2.16.840.1.101.3.4.3.18"
    assert [params for _words, params in unjudged(kind, kind)] == [{"what": kind}]
    for algorithm, signature in (("RSA", "RSA SHA-256"), ("SM2", "SM2 SM3"), ("Ed25519", "Ed25519"), ("", "")):
        assert unjudged(algorithm, signature) == []


def test_an_rsa_certificate_of_usual_strength_is_strong() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    facts = facts_of(Made("oa", key=key).certificate)
    assert (facts.algorithm, facts.key_bits, facts.signature) == ("RSA", 2048, "RSA SHA-256")


@pytest.mark.parametrize(
    ("left", "step", "days"),
    [
        (timedelta(days=60, seconds=1), None, 60),
        (timedelta(days=60), 60, 60),
        (timedelta(days=30, seconds=1), 60, 30),
        (timedelta(days=30), 30, 30),
        (timedelta(days=7), 7, 7),
        (timedelta(seconds=1), 7, 0),
        (timedelta(0), 0, 0),
        (-timedelta(seconds=1), 0, -1),
    ],
)
def test_the_steps_of_warning_are_reached_exactly(left: timedelta, step: int | None, days: int) -> None:
    assert (step_at(NOW + left, NOW), days_left(NOW + left, NOW)) == (step, days)


def test_a_file_of_nothing_but_beginnings_is_refused_at_once() -> None:
    began = monotonic()
    with pytest.raises(files.FileRefused):
        files.read(b"-----BEGIN A-----" * 60_000)
    assert monotonic() - began < 5
