"""Every label in Chinese and in English."""

from __future__ import annotations

from tools.messages import problems


def test_no_label_is_untranslated() -> None:
    assert problems() == []
