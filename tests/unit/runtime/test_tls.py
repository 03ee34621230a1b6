"""The certificate an installation makes for itself."""

from __future__ import annotations

import datetime as dt
import ssl
from pathlib import Path

from cryptography import x509

from opspact.runtime.tls import own_certificate

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


def names(certificate: Path) -> list[str]:
    parsed = x509.load_pem_x509_certificate(certificate.read_bytes())
    found = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return [str(name.value) for name in found]


def test_it_names_the_host_and_loopback_and_loads(tmp_path: Path) -> None:
    certificate, key = own_certificate(tmp_path, "ops.example", NOW)
    assert {"ops.example", "localhost", "127.0.0.1"} <= set(names(certificate))
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key)
    assert key.stat().st_mode & 0o077 == 0


def test_it_is_kept_until_a_month_before_its_end(tmp_path: Path) -> None:
    certificate, _ = own_certificate(tmp_path, "ops.example", NOW)
    first = certificate.read_bytes()
    own_certificate(tmp_path, "ops.example", NOW + dt.timedelta(days=790))
    assert certificate.read_bytes() == first
    own_certificate(tmp_path, "ops.example", NOW + dt.timedelta(days=800))
    assert certificate.read_bytes() != first


def test_another_host_makes_another_certificate(tmp_path: Path) -> None:
    own_certificate(tmp_path, "10.1.2.3", NOW)
    certificate, _ = own_certificate(tmp_path, "10.1.2.4", NOW)
    assert "10.1.2.4" in names(certificate)
