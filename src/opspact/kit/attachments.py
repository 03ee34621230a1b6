"""Files on records. The content lies under its SHA-256 in the data directory; who sees the record sees its files.

A room says for each of its models who may see a record:

    attachments.carried_by("servicedesk.Incident", may_see)

A model that nobody registered carries no files and shows none.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from opspact.kit.actions import Caller, action, contract_code_of
from opspact.kit.models import Attachment

MAX_BYTES = 50 * 1024 * 1024
CLASSIFIED = "classified"

MaySee = Callable[[Any, Any], bool]
_carriers: dict[str, MaySee] = {}

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"\x1f\x8b", "application/gzip"),
)


def carried_by(model: str, may_see: MaySee) -> None:
    """Let records of `model` ("app.Model") carry files; `may_see(user, record)` decides on reading and adding."""
    _carriers[model.lower()] = may_see


def may_see_files_of(user: Any, subject: Model | None) -> bool:
    may_see = _carriers.get(subject._meta.label_lower) if subject is not None else None
    return bool(may_see and may_see(user, subject))


def files_of(subject: Model) -> QuerySet[Attachment]:
    """The files on a record that were not removed, the newest first."""
    kind = ContentType.objects.get_for_model(subject)
    held = Attachment.objects.filter(subject_type=kind, subject_id=subject.pk, removed_at=None)
    return held.select_related("added_by")


@action("kit.attachment.add")
def attach(caller: Caller, subject: Model, *, upload: UploadedFile, level: str) -> Attachment:
    """Hang a file on a record. Raises ValidationError for classified material, an empty file or one over 50 MB."""
    if caller.user is not None and not may_see_files_of(caller.user, subject):
        raise PermissionDenied(_("You may not attach files here."))
    if level == CLASSIFIED:
        raise ValidationError(_("Classified material must not be stored in this system. The file was not kept."))
    if level not in Attachment.Level.values:
        raise ValidationError(_("Say which level the file has."))
    if not upload.size:
        raise ValidationError(_("The file is empty."))
    if upload.size > MAX_BYTES:
        raise ValidationError(_("A file may have at most 50 MB."))
    sha256, head = _keep(upload)
    attachment = Attachment.objects.create(
        contract_code=contract_code_of(subject),
        subject=subject,
        name=clean_name(upload.name or ""),
        sha256=sha256,
        size=upload.size,
        media_type=media_type(head),
        level=level,
        added_by=caller.user,
        added_at=caller.now,
    )
    caller.note(file=attachment.name, sha256=sha256, level=level)
    return attachment


@action("kit.attachment.remove")
def remove(caller: Caller, attachment: Attachment) -> None:
    """Take a file off its record. The row and the content stay: what it proved can still be shown to an audit."""
    if caller.user is not None and not may_see_files_of(caller.user, attachment.subject):
        raise PermissionDenied(_("You may not remove this file."))
    if not Attachment.objects.filter(pk=attachment.pk, removed_at=None).update(removed_at=caller.now):
        raise ValidationError(_("The file was removed before."))
    caller.note(file=attachment.name, sha256=attachment.sha256)


@action("kit.attachment.view")
def take(caller: Caller, attachment: Attachment) -> Path:
    """Where the content lies, for who takes it away; that they did is in the audit (GB/T 22239-2019 8.1.4.11)."""
    if caller.user is not None and not may_see_files_of(caller.user, attachment.subject):
        raise PermissionDenied(_("You may not open this file."))
    caller.note(file=attachment.name, sha256=attachment.sha256, level=attachment.level)
    return path_of(attachment.sha256)


def path_of(sha256: str) -> Path:
    """Where the content lies."""
    return Path(settings.STORAGES["default"]["OPTIONS"]["location"]) / sha256[:2] / sha256


def media_type(head: bytes) -> str:
    """What the first bytes say, never the name: text/plain for text, application/octet-stream for what is unknown."""
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    return "application/octet-stream" if b"\0" in head else "text/plain"


def clean_name(name: str) -> str:
    """The last part of the name, without control characters, at most 200 characters with its ending kept."""
    name = "".join(each for each in name.replace("\\", "/").rsplit("/", 1)[-1] if each.isprintable()).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if dot and len(name) > 200:
        return f"{stem[: 199 - len(ending[:20])]}.{ending[:20]}"
    return name[:200] or "file"


def _keep(upload: UploadedFile) -> tuple[str, bytes]:
    """Write the content under its hash, all of it or nothing; its hash and first bytes."""
    folder = Path(settings.STORAGES["default"]["OPTIONS"]["location"])
    folder.mkdir(parents=True, exist_ok=True)
    digest, head = hashlib.sha256(), b""
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".upload-", delete=False) as part:
        try:
            for chunk in upload.chunks():
                head = head or chunk[:512]
                digest.update(chunk)
                part.write(chunk)
            part.flush()
            os.fsync(part.fileno())
            target = path_of(digest.hexdigest())
            target.parent.mkdir(exist_ok=True)
            Path(part.name).replace(target)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise
    return digest.hexdigest(), head
