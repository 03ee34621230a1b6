"""The build hook: what it makes, when it does it again, and what it says when it can't."""

from __future__ import annotations

import subprocess
from pathlib import Path

import hatch_build
import pytest

ROOT = Path(__file__).resolve().parents[3]


def test_the_sprite_has_one_symbol_per_icon_and_marks_the_filled_ones(tmp_path: Path) -> None:
    for kind in ("outline", "filled"):
        (tmp_path / kind).mkdir()
        ground = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'
        drawing = f'<svg\n  class="icon"\n>\n  {ground}\n  <path d="M3 12" />\n</svg>'
        (tmp_path / kind / "shield.svg").write_text(drawing)
    sprite = hatch_build.sprite(tmp_path, ["shield", "filled/shield"])
    assert '<symbol id="shield" viewBox="0 0 24 24" fill="none"' in sprite
    assert '<symbol id="shield-filled" viewBox="0 0 24 24" fill="currentColor"><path d="M3 12" /></symbol>' in sprite


def test_it_names_an_icon_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(hatch_build.FrontendError, match="no-such-icon"):
        hatch_build.sprite(tmp_path, ["no-such-icon"])


def test_it_does_nothing_when_the_stamp_is_current(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "frontend").mkdir()
    for name in ("frontend/package-lock.json", "frontend/icons.txt", "hatch_build.py"):
        (tmp_path / name).write_text("x")
    for folder, names in (
        (hatch_build.VENDOR, [*hatch_build.VENDOR_FILES.values(), "icons.svg"]),
        (hatch_build.FONTS, hatch_build.FONT_FILES.values()),
    ):
        for name in names:
            path = tmp_path / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("")
    (tmp_path / hatch_build.VENDOR / ".stamp").write_text(hatch_build.stamp_of(tmp_path))
    monkeypatch.setattr(hatch_build, "run_npm", lambda folder: pytest.fail("npm was called"))
    assert hatch_build.fetch_frontend(tmp_path) is False


def test_it_says_in_one_sentence_why_npm_failed() -> None:
    stderr = "npm error code ECONNREFUSED\nnpm error errno ECONNREFUSED\nnpm error FetchError: connect refused\n"
    done = subprocess.CompletedProcess([], 1, "", stderr)
    assert hatch_build.reason(done) == "FetchError: connect refused"
