"""Between the network and every page: how much may be sent at once, and what may be kept of an answer."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from opspact.kit.attachments import MAX_BYTES

# The largest file there may be, and room for the form around it.
MAX_REQUEST = MAX_BYTES + 4 * 1024 * 1024

Respond = Callable[[HttpRequest], HttpResponse]


class BodyLimitMiddleware:
    """Refuses what is too large before a byte of it is kept: Django would first write every file to the disk.

    Stands before everything that reads a form, the CSRF check included. A body that doesn't say how long it is is
    read by nobody: WSGI gives none to the program.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isascii() and length.isdecimal() and len(length) < 16 and int(length) <= MAX_REQUEST:
            return self.get_response(request)
        words = _("What was sent is larger than %(mb)s MB and was not read.") % {"mb": MAX_REQUEST // 1024**2}
        return HttpResponse(words, status=413, content_type="text/plain; charset=utf-8")


class PrivatePagesMiddleware:
    """No page is left behind in a browser or a proxy after its reader has signed out (GB/T 22239-2019 8.1.4.10).

    Files of the program itself are served before this and may be kept.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response
