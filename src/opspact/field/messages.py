"""Reading what collectors post. Every refusal is JSON: a code and a sentence."""

from __future__ import annotations

from typing import TypeVar

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from opspact.probes import wire

MAX_PACKED = wire.MAX_BODY
Message = TypeVar("Message", bound=BaseModel)


class Refused(Exception):
    """`response` is the answer."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.response = JsonResponse({"code": code, "message": message}, status=status)


def read(request: HttpRequest, model: type[Message]) -> Message:
    """The message in a compressed body. Raises Refused."""
    if request.headers.get("Content-Encoding", "").lower() != "gzip":
        raise Refused(415, "body.encoding", _("The body must be compressed with gzip."))
    if int(request.headers.get("Content-Length") or 0) > MAX_PACKED:
        raise Refused(413, "body.size", _("The body is too large."))
    try:
        return model.model_validate_json(wire.unpack(request.body))
    except wire.BodyTooLarge:
        raise Refused(413, "body.size", _("The body is too large.")) from None
    except wire.BodyNotGzip:
        raise Refused(400, "body.gzip", _("The body is not one complete gzip stream.")) from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise Refused(422, "body.schema", f"{where}: {first['msg']}"[:500]) from None
