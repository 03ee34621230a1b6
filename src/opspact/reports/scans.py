"""The signed paper that comes back as a scan, bound to the frozen report by what is printed on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from opspact.reports import errors
from opspact.reports.models import Report

LARGEST_BYTES = 20 * 1024 * 1024
SHORTEST_HASH = 8
_BEGINNINGS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


@dataclass(frozen=True)
class Scan:
    content: bytes


@dataclass(frozen=True)
class Paper:
    """What is printed and written on the paper. `hash` may be cut short, to its first 8 digits at the least."""

    number: str
    hash: str
    signed_by: str
    signed_on: date


def media_type(scan: Scan) -> str:
    """By its first bytes; what the sender calls it is not asked. Raises NotAScan."""
    found = next((kind for start, kind in _BEGINNINGS.items() if scan.content.startswith(start)), None)
    if found is None or len(scan.content) > LARGEST_BYTES:
        raise errors.NotAScan
    return found


def check(report: Report, paper: Paper, *, today: date) -> None:
    """Raises AnotherPaper, WrongSignature, NotSubmitted."""
    if report.submitted_at is None:
        raise errors.NotSubmitted
    said = "".join(paper.hash.split()).lower()
    number = paper.number.strip().upper()
    if number not in (report.number, str(report).upper()):
        raise errors.AnotherPaper
    if len(said) < SHORTEST_HASH or not report.content_sha256.startswith(said):
        raise errors.AnotherPaper
    if not paper.signed_by.strip() or not timezone.localtime(report.submitted_at).date() <= paper.signed_on <= today:
        raise errors.WrongSignature
