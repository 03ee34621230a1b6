"""The files the browser gets: icons that exist, nothing inline, colours people can read, a lock without addresses."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "src" / "opspact"
TEMPLATES = sorted(PACKAGE.glob("*/templates/**/*.html"))
CSS = PACKAGE / "kit/static/kit/opspact.css"


def listed_icons() -> set[str]:
    lines = (ROOT / "frontend/icons.txt").read_text(encoding="utf-8").splitlines()
    names = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return {f"{name.removeprefix('filled/')}-filled" if name.startswith("filled/") else name for name in names}


def test_every_icon_a_page_names_is_in_the_list() -> None:
    named = re.compile(r"""\{% icon "([\w-]+)"|\bicon\("([\w-]+)"|\bicon="([\w-]+)\"""")
    missing = {
        (next(filter(None, match)), path.name)
        for path in [*TEMPLATES, *PACKAGE.rglob("*.py")]
        for match in named.findall(path.read_text(encoding="utf-8"))
        if next(filter(None, match)) not in listed_icons()
    }
    assert missing == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_template_has_inline_script_or_style(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|javascript:", source)


def test_the_lock_holds_no_address_and_a_hash_for_every_package() -> None:
    text = (ROOT / "frontend/package-lock.json").read_text(encoding="utf-8")
    packages = json.loads(text)["packages"]
    assert '"resolved"' not in text
    assert all("integrity" in package for name, package in packages.items() if name)


def tokens(theme: str) -> dict[str, str]:
    block = re.search(rf"\[data-bs-theme={theme}\] \{{(.*?)\}}", CSS.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    return dict(re.findall(r"--op-([\w-]+): (#[0-9a-f]{3,6});", block.group(1)))


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_reaches_aa_contrast_on_what_it_stands_on(theme: str) -> None:
    token = tokens(theme)
    states = ("up", "down", "degraded", "maintenance", "excused", "unknown")
    pairs = [
        (text, ground) for text in ("ink", "muted", "accent", *states) for ground in ("surface", "canvas", "hover")
    ]
    pairs += [(state, f"{state}-soft") for state in states]
    pairs += [("muted", "sunken"), ("accent-strong", "accent-soft"), ("on-accent", "accent")]
    weak = {pair: round(contrast(token[pair[0]], token[pair[1]]), 2) for pair in pairs}
    assert {pair: value for pair, value in weak.items() if value < 4.5} == {}
