"""Adding, downloading and removing files. Each asks whether the person may see the record the file hangs on."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from opspact.kit import attachments
from opspact.kit.actions import Caller, contract_code_of
from opspact.kit.guards import needs
from opspact.kit.models import Attachment


@require_POST
@needs("kit.attachment.add")
def add(request: HttpRequest, model: str, pk: int) -> HttpResponse:
    subject = _subject(request, model, pk)
    upload = request.FILES.get("file")
    if upload is None:
        messages.error(request, _("Choose a file first."))
        return _back(request)
    try:
        attachments.attach(Caller.of(request), subject, upload=upload, level=request.POST.get("level", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The file is attached."))
    return _back(request)


@require_GET
@needs("kit.attachment.view")
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """Always as a download and never sniffed: an uploaded page must not run as one of ours."""
    found = _attachment(request, pk)
    response = FileResponse(
        attachments.take(Caller.of(request), found).open("rb"),
        as_attachment=True,
        filename=found.name,
        content_type=found.media_type,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
@needs("kit.attachment.remove")
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        attachments.remove(Caller.of(request), _attachment(request, pk))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The file is removed."))
    return _back(request)


def _subject(request: HttpRequest, model: str, pk: int) -> Model:
    """The record, which must belong to the contract of the page and be one the person may see."""
    app_label, _dot, name = model.partition(".")
    kind = get_object_or_404(ContentType, app_label=app_label, model=name)
    subject = kind.model_class().objects.filter(pk=pk).first() if kind.model_class() else None
    if contract_code_of(subject) != request.contract.code or not attachments.may_see_files_of(request.user, subject):
        raise Http404
    return subject


def _attachment(request: HttpRequest, pk: int) -> Attachment:
    found = get_object_or_404(Attachment, pk=pk, contract_code=request.contract.code, removed_at=None)
    if not attachments.may_see_files_of(request.user, found.subject):
        raise Http404
    return found


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page of the record, which the form names."""
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return HttpResponseRedirect(target if is_ours else "/")
