"""Files that a document names: those beside it, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from opspact.cli.calc import _beside
from opspact.runtime.faults import Fault


@pytest.mark.parametrize("name", ["/etc/passwd", "../secret.csv", "link.csv", "missing.csv", "."])
def test_a_document_names_no_file_elsewhere(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (tmp_path / "secret.csv").write_text("at,state")
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(Fault, match="no file beside the document"):
        _beside(folder, name)


def test_a_table_beside_the_document_is_read(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "one.csv").write_text("at,state")
    assert _beside(tmp_path, "tables/one.csv") == b"at,state"
