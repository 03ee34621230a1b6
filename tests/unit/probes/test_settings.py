"""Settings as short text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.probes.errors import SettingsError
from opspact.probes.registry import KINDS
from opspact.probes.settings import check_settings, parse_settings, write_settings


@pytest.mark.parametrize(
    ("kind", "text", "settings"),
    [
        ("tcp", "", {}),
        ("tcp", " ; ", {}),
        ("tcp", "warn_ms=500", {"warn_ms": 500.0}),
        ("tls", "warn_days=20; verify=yes", {"warn_days": 20, "verify": True}),
        ("tls", "ＷＡＲＮ＿ＤＡＹＳ＝２０；verify＝是", {"warn_days": 20, "verify": True}),
        ("http", 'status=200,300-399; text="a; ""b"""', {"status": "200,300-399", "text": 'a; "b"'}),
        ("http", "status=200；text=“系统正常”", {"status": "200", "text": "系统正常"}),
        ("http", "method=head;redirects=否", {"method": "HEAD", "redirects": False}),
        (
            "icmp",
            "count=5; warn_rtt_ms=50; warn_loss_percent=20",
            {"count": 5, "warn_rtt_ms": 50, "warn_loss_percent": 20},
        ),
    ],
)
def test_settings_are_read_into_their_types(kind: str, text: str, settings: dict[str, object]) -> None:
    assert parse_settings(KINDS[kind], text) == settings


@pytest.mark.parametrize(
    ("kind", "text", "key", "code"),
    [
        ("tcp", "warn_days=20", "warn_days", "settings.extra_forbidden"),
        ("tcp", "warn_ms=fast", "warn_ms", "settings.float_parsing"),
        ("tcp", "warn_ms=nan", "warn_ms", "settings.finite_number"),
        ("tcp", "warn_ms=0", "warn_ms", "settings.greater_than"),
        ("tcp", "warn_ms=1; warn_ms=2", "warn_ms", "settings.twice"),
        ("icmp", "count=11", "count", "settings.less_than_equal"),
        ("icmp", "count=2.5", "count", "settings.int_parsing"),
        ("http", "verify=perhaps", "verify", "settings.bool_parsing"),
        ("http", "method=POST", "method", "settings.literal_error"),
        ("http", "status=99", "status", "settings.status_set"),
        ("http", "status=399-300", "status", "settings.status_set"),
        ("http", "text=", "text", "settings.string_too_short"),
        ("tls", "sni=a b", "sni", "settings.server_name"),
        ("tcp", "500", "", "settings.text"),
        ("tcp", '"a"', "", "settings.text"),
        ("tcp", "=5", "", "settings.text"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(kind: str, text: str, key: str, code: str) -> None:
    with pytest.raises(SettingsError) as refused:
        parse_settings(KINDS[kind], text)
    assert (refused.value.key, refused.value.code) == (key, code)
    assert refused.value.message % refused.value.params == str(refused.value)


def test_an_unknown_setting_is_answered_with_those_the_kind_knows() -> None:
    with pytest.raises(SettingsError, match="it knows count, warn_rtt_ms, warn_loss_percent"):
        parse_settings(KINDS["icmp"], "cuont=3")


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "warn_ms": st.floats(0.001, 300_000),
            "text": st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40).filter(
                lambda text: text.strip() == text
            ),
            "verify": st.booleans(),
            "status": st.sampled_from(["200", "200-299,401"]),
        },
    )
)
def test_any_settings_survive_being_written_and_read(settings: dict[str, object]) -> None:
    valid = check_settings(KINDS["http"], settings)
    assert parse_settings(KINDS["http"], write_settings(valid)) == valid


@given(st.text(max_size=60), st.sampled_from(sorted(KINDS)))
def test_reading_anything_gives_settings_or_a_typed_refusal(text: str, kind: str) -> None:
    try:
        settings = parse_settings(KINDS[kind], text)
    except SettingsError:
        return
    assert check_settings(KINDS[kind], settings) == settings
