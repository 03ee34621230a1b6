"""Zip files whose bytes depend on their content alone."""

from __future__ import annotations

import io
import zipfile

_EPOCH_OF_ZIP = (1980, 1, 1, 0, 0, 0)


def with_fixed_times(archive: bytes) -> bytes:
    """The same archive in the same order, every member dated 1980-01-01, deflated."""
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            target.writestr(zipfile.ZipInfo(member.filename, _EPOCH_OF_ZIP), source.read(member), zipfile.ZIP_DEFLATED)
    return output.getvalue()
