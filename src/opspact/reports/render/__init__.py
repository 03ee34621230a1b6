"""Documents from a report's content: pure functions, the same bytes for the same content.

Word and PDF are loaded when the first one is made: every process would otherwise carry their libraries from its start.
"""

from __future__ import annotations

from opspact.reports.content import Content
from opspact.reports.render.chart import svg

__all__ = ["pdf", "svg", "word"]


def word(content: Content, *, is_draft: bool = False) -> bytes:
    """The report as .docx, A4. The footer carries the hash of the content, or says that it is a draft."""
    from opspact.reports.render.docx_word import word as make

    return make(content, is_draft=is_draft)


def pdf(content: Content, *, is_draft: bool = False) -> bytes:
    """The report as PDF/A-2u, A4, with the same footer."""
    from opspact.reports.render.typst_pdf import pdf as make

    return make(content, is_draft=is_draft)
