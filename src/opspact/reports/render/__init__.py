"""Documents from a report's content: pure functions, the same bytes for the same content."""

from opspact.reports.render.chart import svg
from opspact.reports.render.docx_word import word
from opspact.reports.render.typst_pdf import pdf

__all__ = ["pdf", "svg", "word"]
