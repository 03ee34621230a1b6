"""`{% load attachments %}{% attachments incident %}`: the files of a record, and the form that adds one."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Model
from django.template import Context

from opspact.kit import attachments as files
from opspact.kit.actions import contract_code_of
from opspact.kit.models import Attachment
from opspact.kit.permissions import may

register = template.Library()


@register.inclusion_tag("kit/parts/attachments.html", takes_context=True)
def attachments(context: Context, subject: Model) -> dict[str, Any]:
    """Nothing at all for who may not see the record or its files. A page that has read
    its record's already gives `record_files`."""
    request, code = context["request"], contract_code_of(subject)
    allowed = files.may_see_files_of(request.user, subject)
    return {
        "request": request,
        "code": code,
        "subject": subject,
        "model": subject._meta.label_lower,
        "files": _files(context, subject) if allowed and may(request.user, "kit.attachment.view", code) else None,
        "levels": Attachment.Level.choices,
        "may_add": allowed and may(request.user, "kit.attachment.add", code),
        "may_remove": may(request.user, "kit.attachment.remove", code),
    }


def _files(context: Context, subject: Model) -> list[Attachment]:
    read: list[Attachment] | None = context.get("record_files") if context.get("record") == subject else None
    return list(files.files_of(subject)) if read is None else read
