"""Files by their SHA-256 in the data directory: written once, checked at every reading, never overwritten."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings


class Damaged(RuntimeError):
    """The file is not there, or no longer has the digest it is named by."""


def keep(content: bytes) -> str:
    """Store the bytes, on disk before this returns; their digest. The same bytes again cost nothing."""
    digest = hashlib.sha256(content).hexdigest()
    path = _path(digest)
    if path.is_file() and path.stat().st_size == len(content):
        return digest
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)
    return digest


def fetch(digest: str) -> bytes:
    """The bytes of that digest. Raises Damaged."""
    try:
        content = _path(digest).read_bytes()
    except OSError as error:
        raise Damaged(digest) from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise Damaged(digest)
    return content


def _path(digest: str) -> Path:
    return Path(settings.DATA) / "files" / digest[:2] / digest
